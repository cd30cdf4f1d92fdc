//! The product's words as plain types: workflows, events, runs, error kinds. No I/O and no clock:
//! time and bytes are handed in. Reading order: [`workflow`], [`condition`], [`event`], [`run`],
//! [`error`], [`document`] (text to [`Workflow`] and back).

pub mod condition;
pub mod connection;
pub mod describe;
pub mod document;
pub mod duration;
pub mod error;
pub mod event;
pub mod ids;
pub mod run;
pub mod step_document;
pub mod suggest;
pub mod system;
pub mod text;
pub mod workflow;

pub use condition::{Condition, Group, Operator, Row};
pub use connection::{Connection, ConnectionState};
pub use describe::{
    ActionInfo, Choice, ConnectionType, ConnectorInfo, Field, FieldKind, Output, TriggerInfo,
    TriggerSource, Using, ValueKind,
};
pub use duration::duration;
pub use error::{ErrorKind, StepError, WaitsFor};
pub use event::{Event, EventState, NewEvent};
pub use ids::{ConnectionId, EventId, RunId, TriggerId, WorkflowId};
pub use run::{Attempt, Effect, Outcome, Resolution, Run, RunState, StepRecord, StepState, Would};
pub use system::{json_words, system_words};
pub use workflow::{Step, StepKind, Trigger, Workflow};

/// A JSON object whose keys keep their order.
pub type Map = serde_json::Map<String, serde_json::Value>;
pub use jiff::Timestamp;
pub use serde_json::Value;
