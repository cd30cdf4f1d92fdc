//! The product's words as plain types: workflows, events, runs, error kinds. No I/O and no clock:
//! time and bytes are handed in. Reading order: [`workflow`], [`condition`], [`event`], [`run`],
//! [`error`], [`document`] (text to [`Workflow`] and back).

pub mod condition;
pub mod describe;
pub mod document;
pub mod error;
pub mod event;
pub mod ids;
pub mod run;
pub mod step_document;
pub mod suggest;
pub mod workflow;

pub use condition::{Condition, Group, Operator, Row};
pub use describe::{
    ActionInfo, Choice, ConnectorInfo, Field, FieldKind, Output, TriggerInfo, TriggerSource,
    ValueKind,
};
pub use error::{ErrorKind, StepError};
pub use event::{Event, EventState, NewEvent};
pub use ids::{EventId, RunId, TriggerId, WorkflowId};
pub use run::{Attempt, Effect, Outcome, Resolution, Run, RunState, StepRecord, StepState, Would};
pub use workflow::{Step, StepKind, Trigger, Workflow};

/// A JSON object whose keys keep their order.
pub type Map = serde_json::Map<String, serde_json::Value>;
pub use jiff::Timestamp;
pub use serde_json::Value;
