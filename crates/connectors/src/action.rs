//! What an action is to the engine: first a plan that touches nothing, then the effect, and after
//! an interruption a look at whether it was done.

use std::path::PathBuf;

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, Map, StepError, Value};

use crate::ports::Ports;

/// One call of an action. `input` holds rendered values, checked against the action's fields;
/// path fields hold absolute paths (`~` already expanded, a trailing `/` kept).
pub struct Call<'a> {
    /// The rendered fields.
    pub input: &'a Map,
    /// The way to the world.
    pub ports: &'a Ports,
    /// Stays the same over every try of this step for this event.
    pub idempotency_key: &'a str,
}

/// What an action is about to do; made from reads only.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Noted with the intent, to tell after a crash whether it was done. Null: nothing to note.
    pub note: Value,
    /// The result to expect, shown in preview and used by later steps there.
    pub expected: Value,
}

/// What pasted text says about a step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pasted {
    /// The step's fields.
    pub with: Map,
    /// The connection type that is needed besides, where the text held a secret: those never stand
    /// in a document.
    pub connection: Option<String>,
    /// What the person should know, in sentences.
    pub notes: Vec<String>,
}

/// What a look after an interruption found.
#[derive(Debug, Clone, PartialEq)]
pub enum Looked {
    /// It was done; this is its output.
    Done(Value),
    /// It was not done, and doing it now is safe.
    NotDone,
    /// It was begun; acting again by the same plan finishes it.
    HalfDone,
    /// Nobody can tell.
    CannotTell,
}

/// One action of a connector.
#[async_trait]
pub trait Action: Send + Sync {
    /// What people and checks are told.
    fn info(&self) -> ActionInfo;

    /// What repeating this very call would mean; the same for every input but for few actions.
    fn effect(&self, _input: &Map) -> Effect {
        self.info().effect
    }

    /// Reads pasted text into fields; None where nothing can be pasted ([`ActionInfo::pastes`]).
    fn paste(&self, _text: &str) -> Option<Result<Pasted, StepError>> {
        None
    }

    /// The file whose end this call adds to. Such calls take turns from plan to known result, and
    /// one that was interrupted is looked at before the next: so a plan's place stays the place.
    fn turn(&self, _input: &Map) -> Option<PathBuf> {
        None
    }

    /// Reads what is needed, decides where things go, changes nothing.
    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError>;

    /// Acts, and gives the output. The plan is the one committed with the intent.
    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError>;

    /// After an interruption: was it done? Only asked of `verifiable` actions.
    async fn look(&self, _call: &Call<'_>, _plan: &Plan) -> Result<Looked, StepError> {
        Ok(Looked::CannotTell)
    }
}
