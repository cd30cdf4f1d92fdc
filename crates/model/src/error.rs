//! What can go wrong in a step, as one closed kind that drives both the retry and the button on
//! screen. The sentences people read for each kind live in the screens' locale files.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a step didn't succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The account must be signed in again.
    Reconnect,
    /// The service asked for fewer requests.
    RateLimited,
    /// Nobody answered, the disk is full, or a file is in use: worth trying again later.
    Unreachable,
    /// The other side, or the operating system, refused.
    Rejected,
    /// The thing to act on isn't there.
    NotFound,
    /// A value is missing or doesn't fit its field.
    BadInput,
    /// Something else is in the way, or changed meanwhile.
    Conflict,
    /// More than the step may handle.
    TooLarge,
    /// A person stopped it.
    Cancelled,
    /// Errand's own fault.
    Bug,
}

impl ErrorKind {
    /// Whether trying the same thing later can help without anybody doing something.
    pub fn is_temporary(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unreachable)
    }
}

/// What must come back before another try makes sense. Such a failure doesn't use up a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// This computer is offline.
    Network,
    /// A host that has failed too often lately.
    Host,
    /// A connection that must be mended, or a keyring that is locked.
    Connection,
}

/// A classified failure of one try of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS, thiserror::Error)]
#[error("{message}")]
pub struct StepError {
    /// What kind of failure, which decides retry and button.
    pub kind: ErrorKind,
    /// One sentence: what happened, naming the file, field or service.
    pub message: String,
    /// What the person can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The field of the step that is to blame, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// True when the effect may have happened although no answer came.
    #[serde(default)]
    pub may_have_happened: bool,
    /// Not before this time, where the service said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "string | null")]
    #[schemars(with = "Option<String>")]
    pub not_before: Option<Timestamp>,
    /// What has to come back first; then this try doesn't count. Proves that nothing was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsFor>,
}

impl StepError {
    /// An error that proves that nothing was done.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            kind,
            message,
            hint: None,
            field: None,
            may_have_happened: false,
            not_before: None,
            waits_for: None,
        }
    }

    /// A value is missing or doesn't fit.
    pub fn bad_input(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(ErrorKind::BadInput, message)
        }
    }

    /// Our own fault; should never be seen.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Bug, message)
            .hint("This is a fault in Errand. Please report it with the details of this run.")
    }

    /// Adds what the person can do.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Marks that this try doesn't count, for it could not begin.
    #[must_use]
    pub fn waits_for(self, what: WaitsFor) -> Self {
        Self {
            waits_for: Some(what),
            ..self
        }
    }

    /// Not before this time.
    #[must_use]
    pub fn not_before(self, time: Timestamp) -> Self {
        Self {
            not_before: Some(time),
            ..self
        }
    }

    /// Marks that the effect may have happened all the same.
    #[must_use]
    pub fn ambiguous(self) -> Self {
        Self {
            may_have_happened: true,
            ..self
        }
    }
}
