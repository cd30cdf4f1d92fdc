//! The workflow document (format 1): one trigger, then steps. Public and stable: files, templates,
//! import, export and the database's JSON all hold this. Texts are read in [`crate::document`].

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;
use ts_rs::TS;

use crate::{Condition, Map, Outcome, step_document::StepDocument};

/// The format this build reads and writes.
pub const FORMAT: u32 = 1;

/// A whole workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    /// Version of the document format: 1.
    pub format: u32,
    /// What the person calls it.
    pub name: String,
    /// A note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<String>,
    /// What starts it; a draft may not have one yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub trigger: Option<Trigger>,
    /// What is done, in order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// How runs relate to each other.
    #[serde(default, skip_serializing_if = "Settings::is_default")]
    #[ts(optional, as = "Option<Settings>")]
    pub settings: Settings,
    /// Events with expected results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Sample>>")]
    pub samples: Vec<Sample>,
    /// What a template adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub template: Option<Template>,
}

impl Workflow {
    /// An empty draft of that name.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            format: FORMAT,
            name: name.into(),
            about: None,
            trigger: None,
            steps: Vec::new(),
            settings: Settings::default(),
            samples: Vec::new(),
            template: None,
        }
    }
}

/// What starts a workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// `connector.trigger`.
    pub on: String,
    /// Its fields.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>", optional)]
    pub with: Map,
    /// The name of a connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub using: Option<String>,
    /// Overrides what makes two items the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub same_item: Option<String>,
}

/// One box.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(try_from = "StepDocument", into = "StepDocument")]
#[schemars(with = "StepDocument")]
#[ts(as = "StepDocument")]
pub struct Step {
    /// Unique in the document; later steps reference `steps.<id>`.
    pub id: String,
    /// What the person calls it.
    pub name: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// Left out of runs.
    pub disabled: bool,
    /// What a failure means.
    pub on_error: OnError,
    /// How often and how long to try.
    pub retry: Option<Retry>,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does. Closed: adding a kind is a change of the format.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// One action of a connector.
    Do(Do),
    /// Else the innermost body ends.
    OnlyIf(Condition),
    /// Paths.
    Choose(Choose),
    /// Once per item.
    ForEach(ForEach),
    /// A pause, such as `2d`.
    Wait(String),
    /// Until a time.
    WaitUntil(String),
    /// Until a condition holds.
    WaitFor(WaitFor),
    /// Until a person answers.
    Ask(Ask),
    /// Names values.
    Set(Map),
    /// Runs another workflow.
    Call(Call),
    /// Ends the run.
    Stop(Stop),
}

impl StepKind {
    /// The word that says the kind in a document.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Do(_) => "do",
            Self::OnlyIf(_) => "only_if",
            Self::Choose(_) => "choose",
            Self::ForEach(_) => "for_each",
            Self::Wait(_) => "wait",
            Self::WaitUntil(_) => "wait_until",
            Self::WaitFor(_) => "wait_for",
            Self::Ask(_) => "ask",
            Self::Set(_) => "set",
            Self::Call(_) => "call",
            Self::Stop(_) => "stop",
        }
    }
}

/// One action: `connector.action` with its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Do {
    /// `connector.action`.
    pub action: String,
    /// Its fields.
    pub with: Map,
    /// The name of a connection.
    pub using: Option<String>,
}

/// Paths, tried in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Choose {
    /// The paths.
    pub paths: Vec<Path>,
    /// Taken when no path matches.
    pub otherwise: Vec<Step>,
    /// Take every path that matches instead of the first.
    pub every_match: bool,
}

/// One path of `choose`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Path {
    /// What it is called.
    pub name: String,
    /// When it is taken.
    pub when: Condition,
    /// What it does.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// Steps repeated for each item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ForEach {
    /// The list, usually a reference.
    pub list: Value,
    /// What an item is called inside.
    pub as_name: Option<String>,
    /// What makes an item itself.
    pub key: Option<String>,
    /// Items at the same time.
    pub at_once: Option<u32>,
    /// What a failing item means.
    pub on_item_error: Option<OnItemError>,
    /// What is done with each.
    pub steps: Vec<Step>,
}

/// Waits until a condition holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct WaitFor {
    /// What must hold.
    pub condition: Condition,
    /// How often to look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<String>,
    /// How long at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<String>,
}

/// A question to a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// What is asked.
    pub question: String,
    /// The answers to choose from.
    pub answers: Vec<String>,
    /// Values the person may change.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub fields: Map,
    /// Who is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// How long the question stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// What then: one of the answers, or `attention`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

/// Another workflow to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Its name or id.
    pub workflow: String,
    /// Its inputs.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub with: Map,
}

/// Ends the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Why, in the person's words.
    #[serde(default)]
    pub reason: String,
    /// Whether that is fine or a failure.
    #[serde(default, rename = "as")]
    pub as_outcome: StopAs,
}

/// How a `stop` counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum StopAs {
    /// The run ended well.
    #[default]
    Done,
    /// The run failed.
    Failed,
}

/// What a failing item of a loop means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum OnItemError {
    /// Ask the person.
    Attention,
    /// End the loop.
    Stop,
    /// Go on with the next item.
    Continue,
}

/// What a failing step means.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case", untagged)]
pub enum OnError {
    /// Ask the person: the default.
    #[default]
    #[serde(skip)]
    Attention,
    /// One of the words.
    Word(OnErrorWord),
    /// Steps to do instead.
    Steps(OnErrorSteps),
}

// Read by hand instead of as an untagged enum, whose errors would lose the place and the reason.
impl<'de> Deserialize<'de> for OnError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnErrorVisitor)
    }
}

struct OnErrorVisitor;

impl<'de> de::Visitor<'de> for OnErrorVisitor {
    type Value = OnError;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("attention, continue, stop or a record with `steps`")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<OnError, E> {
        match OnErrorWord::deserialize(de::value::StrDeserializer::new(word))? {
            OnErrorWord::Attention => Ok(OnError::Attention),
            word => Ok(OnError::Word(word)),
        }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<OnError, A::Error> {
        OnErrorSteps::deserialize(de::value::MapAccessDeserializer::new(map)).map(OnError::Steps)
    }
}

/// `on_error` as one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum OnErrorWord {
    /// Ask the person.
    Attention,
    /// Leave the step out and go on.
    Continue,
    /// End the run as failed.
    Stop,
}

/// `on_error` as steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct OnErrorSteps {
    /// What to do instead.
    pub steps: Vec<Step>,
}

/// How often and how long to try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Tries in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries: Option<u32>,
    /// Time in all, such as `24h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

/// How runs of a workflow relate to each other.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
#[ts(rename = "WorkflowSettings")]
pub struct Settings {
    /// Which runs may go on at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mode: Option<Mode>,
    /// How many, in mode `parallel`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub at_once: Option<u32>,
    /// What keeps runs in order, in mode `per_key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// What happens to times missed while the computer was off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub missed: Option<Missed>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub owner: Option<String>,
}

impl Settings {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which runs may go on at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Several, up to `at_once`.
    Parallel,
    /// In order, one after the other.
    OneAtATime,
    /// In order for each key.
    PerKey,
    /// Only the newest waiting one.
    NewestOnly,
    /// None while one is going on.
    DropWhileBusy,
}

/// What happens to missed times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// Once for all of them.
    RunOnce,
    /// Once for each.
    RunEach,
    /// Not at all.
    Skip,
}

/// An event with what should come of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The event's payload.
    #[ts(type = "Record<string, unknown>")]
    pub event: Map,
    /// Results to use instead of asking the connectors, by step id.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub results: Map,
    /// What should come of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expect>,
}

/// What should come of a sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How the run should end.
    pub outcome: Outcome,
}

/// What makes a document a template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What people want done.
    pub group: String,
    /// The card's title.
    pub title: String,
    /// What there was.
    pub before: String,
    /// What there is then.
    pub after: String,
    /// Paths of the fields to fill, such as `trigger.with.folder` or `steps.file_it.with.to`.
    #[serde(default)]
    pub blanks: Vec<String>,
}
