//! Identities as types, so that a run can't be mistaken for a workflow. All are UUIDv7: they sort
//! by the time they were made, which the caller passes in.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Uuid};

/// A text that isn't an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that isn't an id; the `list` commands show them")]
pub struct NotAnId;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[derive(schemars::JsonSchema, ts_rs::TS)]
        #[serde(transparent)]
        #[ts(as = "String")]
        pub struct $name(#[schemars(with = "String")] Uuid);

        impl $name {
            /// A new identity that sorts at `now`.
            pub fn at(now: Timestamp) -> Self {
                let seconds = u64::try_from(now.as_second()).unwrap_or_default();
                let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
                Self(Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos)))
            }

            /// The sixteen bytes stored in the database.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The identity those sixteen bytes stand for.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::from_str(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )+};
}

id! {
    /// A workflow, whatever its draft or version says.
    WorkflowId,
    /// A workflow's trigger: owner of cursors and dedupe memory, independent of versions.
    TriggerId,
    /// One thing that happened, as accepted into the inbox.
    EventId,
    /// One execution of one version for one event.
    RunId,
    /// One person's account at an app.
    ConnectionId,
}
