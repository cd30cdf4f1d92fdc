//! Runs and the record of their steps. `Run` rows are derived from their steps by the engine's
//! pure `decide`; nothing here decides anything.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{RunId, StepError, WorkflowId};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Made, not started.
    Queued,
    /// A step can be done now.
    Running,
    /// Nothing to do before a stored time.
    Waiting,
    /// A person is needed.
    Attention,
    /// Ended; see the outcome.
    Done,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every step succeeded.
    Ok,
    /// Ended well, leaving out at least one step that failed.
    OkWithSkips,
    /// A condition ended it.
    Filtered,
    /// A step failed for good.
    Failed,
    /// A person cancelled it.
    Cancelled,
}

/// Where one step of a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// To be tried now.
    Ready,
    /// Its intent is committed; the effect is being carried out.
    Started,
    /// The effect is on its way outside.
    Sending,
    /// After an interruption, looking whether it was done.
    Verifying,
    /// Will be tried again at a stored time.
    RetryWait,
    /// Nobody can tell whether it was done; a person must say.
    Unknown,
    /// Done, with an output.
    Succeeded,
    /// Failed for good.
    Failed,
    /// Left out.
    Skipped,
    /// Stopped by a person.
    Cancelled,
}

impl StepState {
    /// Whether nothing will happen to this step any more.
    pub fn has_ended(self) -> bool {
        matches!(
            self,
            Self::Succeeded | Self::Failed | Self::Skipped | Self::Cancelled
        )
    }
}

/// What repeating an action would mean.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// No outside effect and no outside input.
    Pure,
    /// Only reads.
    Read,
    /// Doing it twice is the same as doing it once.
    Idempotent,
    /// The other side recognises a repeated key for a while.
    Keyed,
    /// One can look whether it was done.
    Verifiable,
    /// None of these: never repeated without a person's word.
    Unsafe,
}

/// A person's answer to a step whose outcome is unknown or that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// "It was done."
    Done,
    /// "Do it again."
    Again,
    /// "Leave it out."
    Skip,
}

/// What a step would do, as recorded by the ports in preview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Would {
    /// Kind of card: `move`, `copy`, `write`, `append`, `trash`, `create_folder`, `notify` …
    pub kind: String,
    /// One sentence: "Would move a.pdf to ~/Invoices/2026-11".
    pub summary: String,
    /// Rows to show below it, label to text.
    #[ts(type = "Record<string, string>")]
    pub details: crate::Map,
}

/// The record of one step of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct StepRecord {
    /// Place in the run: step ids joined by `/`, items as `[key]`.
    pub path: String,
    /// Where it stands.
    pub state: StepState,
    /// The action's effect class when it was tried.
    pub effect: Effect,
    /// Number of the latest try; 0 before the first.
    pub attempt: u32,
    /// Rendered input, secrets as references.
    pub input: Value,
    /// What the action noted before acting, to tell later whether it was done.
    pub plan: Value,
    /// Result, when it succeeded.
    pub output: Value,
    /// Latest failure.
    pub error: Option<StepError>,
    /// Key sent to services that recognise repeats.
    pub idempotency_key: Option<String>,
    /// When to try again, in state `retry_wait`.
    pub wake_at: Option<Timestamp>,
    /// First try.
    pub started: Option<Timestamp>,
    /// End.
    pub ended: Option<Timestamp>,
    /// A person's answer, if one was needed.
    pub resolved: Option<Resolution>,
}

impl StepRecord {
    /// A step that is about to be tried for the first time.
    pub fn ready(path: impl Into<String>, effect: Effect) -> Self {
        Self {
            path: path.into(),
            state: StepState::Ready,
            effect,
            attempt: 0,
            input: Value::Null,
            plan: Value::Null,
            output: Value::Null,
            error: None,
            idempotency_key: None,
            wake_at: None,
            started: None,
            ended: None,
            resolved: None,
        }
    }
}

/// One try of one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The step's path.
    pub path: String,
    /// 1 for the first try.
    pub number: u32,
    /// When its intent was committed.
    pub started: Timestamp,
    /// When its result was committed; None while in flight or interrupted.
    pub ended: Option<Timestamp>,
    /// The state the step had after it.
    pub result: Option<StepState>,
    /// What went wrong.
    pub error: Option<StepError>,
}

/// A run without its steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Identity.
    pub id: RunId,
    /// The event it is for.
    pub event_seq: i64,
    /// 0 at first; one more each time a person runs the event again from the start.
    pub generation: u32,
    /// Its workflow.
    pub workflow: WorkflowId,
    /// The pinned version.
    pub version: i64,
    /// Where it stands.
    pub state: RunState,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why it waits, needs attention or ended, in one sentence.
    pub reason: Option<String>,
    /// When it goes on by itself.
    pub wake_at: Option<Timestamp>,
    /// Interruptions while a step was in flight.
    pub recoveries: u32,
    /// When it was made.
    pub created: Timestamp,
    /// When its first step began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
}
