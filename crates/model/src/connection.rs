//! Connections: one person's account at an app, as everybody but the vault sees it. Secrets are not
//! in here.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, Map};

/// Whether a connection works, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Never tried.
    Untested,
    /// The last try was accepted.
    Works,
    /// The other side refused it: the secret must be replaced.
    Broken,
}

/// One person's account at an app.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Identity, which outlives names.
    pub id: ConnectionId,
    /// What the person calls it; documents name it so.
    pub name: String,
    /// The connector it belongs to.
    pub connector: String,
    /// Which of the connector's types, such as `bearer`.
    pub kind: String,
    /// What was filled in, without the secrets.
    pub fields: Map,
    /// Whether it works.
    pub state: ConnectionState,
    /// Why it doesn't, in one sentence.
    pub problem: Option<String>,
    /// When it was last tried.
    pub checked: Option<Timestamp>,
    /// When it was added.
    pub created: Timestamp,
}
