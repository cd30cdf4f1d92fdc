//! Events: things that happened, waiting durably in the inbox until each has become a run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{EventId, TriggerId, WorkflowId};

/// Where an event stands between acceptance and its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// Accepted; a run will be made.
    Pending,
    /// Kept until a person decides.
    Held,
    /// Its run exists.
    Dispatched,
    /// Deliberately not run, with a reason.
    Skipped,
    /// Could not be made into a run; needs attention.
    Poison,
}

/// What a trigger noticed, before acceptance.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Canonical text that makes two items the same for this trigger; None: never the same.
    pub same_as: Option<String>,
    /// When it happened at the source, if the source says.
    pub occurred: Option<Timestamp>,
    /// What later steps reference as `trigger`.
    pub payload: Value,
    /// How many runs lead to it: 0 for the outside world.
    pub depth: u32,
}

/// An accepted event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Order of acceptance, unique in this database.
    pub seq: i64,
    /// Identity.
    pub id: EventId,
    /// The trigger that noticed it; None when a person started the run.
    pub trigger: Option<TriggerId>,
    /// The workflow it is for.
    pub workflow: WorkflowId,
    /// Stable name of the item at its source, from which idempotency keys derive.
    pub source_key: [u8; 16],
    /// Where it stands.
    pub state: EventState,
    /// Why it was held, skipped or is poison.
    pub reason: Option<String>,
    /// When Errand accepted it.
    pub received: Timestamp,
    /// How many runs lead to it.
    pub depth: u32,
    /// What later steps reference as `trigger`.
    pub payload: Value,
}
