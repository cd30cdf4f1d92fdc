//! A step as it stands in a document: every kind's keys side by side, exactly one kind's used.
//! Turned into the closed [`StepKind`] and back here, and nowhere else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    Condition, Map, Step, StepKind,
    workflow::{
        Ask, Call, Choose, Do, ForEach, OnError, OnErrorWord, OnItemError, Path, Retry, Stop,
        WaitFor,
    },
};

/// A step's keys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
#[allow(missing_docs)]
pub struct StepDocument {
    /// Unique in the document.
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_error: Option<OnError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,

    #[serde(default, rename = "do", skip_serializing_if = "Option::is_none")]
    pub do_: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "Record<string, unknown>")]
    pub with: Option<Map>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,

    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<Condition>,

    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choose: Option<Vec<Path>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Vec<Step>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_match: Option<bool>,

    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "unknown")]
    pub for_each: Option<Value>,
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub as_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_item_error: Option<OnItemError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Step>>,

    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_for: Option<WaitFor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "Record<string, unknown>")]
    pub set: Option<Map>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
}

impl TryFrom<StepDocument> for Step {
    type Error = String;

    fn try_from(mut document: StepDocument) -> Result<Self, String> {
        let kind = take_kind(&mut document)?;
        let step = Self {
            id: std::mem::take(&mut document.id),
            name: document.name.take(),
            note: document.note.take(),
            disabled: document.disabled.take().unwrap_or_default(),
            on_error: match document.on_error.take() {
                Some(OnError::Word(OnErrorWord::Attention)) | None => OnError::Attention,
                Some(other) => other,
            },
            retry: document.retry.take(),
            kind,
        };
        match left_over(&document) {
            Some(key) => {
                let (id, kind) = (&step.id, step.kind.word());
                Err(format!(
                    "`{key}` doesn't belong to the step `{id}`, which is a `{kind}` step; remove it"
                ))
            }
            None => Ok(step),
        }
    }
}

const KINDS: &str =
    "do, only_if, choose, for_each, wait, wait_until, wait_for, ask, set, call, stop";

fn take_kind(document: &mut StepDocument) -> Result<StepKind, String> {
    let mut found = Vec::new();
    if let Some(action) = document.do_.take() {
        let with = document.with.take().unwrap_or_default();
        found.push(StepKind::Do(Do {
            action,
            with,
            using: document.using.take(),
        }));
    }
    found.extend(document.only_if.take().map(StepKind::OnlyIf));
    if let Some(paths) = document.choose.take() {
        found.push(StepKind::Choose(Choose {
            paths,
            otherwise: document.otherwise.take().unwrap_or_default(),
            every_match: document.every_match.take().unwrap_or_default(),
        }));
    }
    if let Some(list) = document.for_each.take() {
        found.push(StepKind::ForEach(ForEach {
            list,
            as_name: document.as_name.take(),
            key: document.key.take(),
            at_once: document.at_once.take(),
            on_item_error: document.on_item_error.take(),
            steps: document.steps.take().unwrap_or_default(),
        }));
    }
    found.extend(document.wait.take().map(StepKind::Wait));
    found.extend(document.wait_until.take().map(StepKind::WaitUntil));
    found.extend(document.wait_for.take().map(StepKind::WaitFor));
    found.extend(document.ask.take().map(StepKind::Ask));
    found.extend(document.set.take().map(StepKind::Set));
    found.extend(document.call.take().map(StepKind::Call));
    found.extend(document.stop.take().map(StepKind::Stop));
    let id = &document.id;
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(kind), None) => Ok(kind),
        (Some(first), Some(second)) => {
            let (first, second) = (first.word(), second.word());
            Err(format!(
                "the step `{id}` says two things to do: `{first}` and `{second}`; make two steps of it"
            ))
        }
        (None, _) => Err(format!(
            "the step `{id}` doesn't say what to do; give one of: {KINDS}"
        )),
    }
}

/// The first key that no kind took.
fn left_over(document: &StepDocument) -> Option<&'static str> {
    [
        ("with", document.with.is_some()),
        ("using", document.using.is_some()),
        ("otherwise", document.otherwise.is_some()),
        ("every_match", document.every_match.is_some()),
        ("as", document.as_name.is_some()),
        ("key", document.key.is_some()),
        ("at_once", document.at_once.is_some()),
        ("on_item_error", document.on_item_error.is_some()),
        ("steps", document.steps.is_some()),
    ]
    .into_iter()
    .find_map(|(key, present)| present.then_some(key))
}

impl From<Step> for StepDocument {
    fn from(step: Step) -> Self {
        let mut document = Self {
            id: step.id,
            name: step.name,
            note: step.note,
            disabled: step.disabled.then_some(true),
            on_error: (step.on_error != OnError::Attention).then_some(step.on_error),
            retry: step.retry,
            ..Self::default()
        };
        put_kind(&mut document, step.kind);
        document
    }
}

fn put_kind(document: &mut StepDocument, kind: StepKind) {
    match kind {
        StepKind::Do(Do {
            action,
            with,
            using,
        }) => {
            document.do_ = Some(action);
            document.with = (!with.is_empty()).then_some(with);
            document.using = using;
        }
        StepKind::OnlyIf(condition) => document.only_if = Some(condition),
        StepKind::Choose(choose) => {
            document.choose = Some(choose.paths);
            document.otherwise = (!choose.otherwise.is_empty()).then_some(choose.otherwise);
            document.every_match = choose.every_match.then_some(true);
        }
        StepKind::ForEach(each) => {
            document.for_each = Some(each.list);
            document.as_name = each.as_name;
            document.key = each.key;
            document.at_once = each.at_once;
            document.on_item_error = each.on_item_error;
            document.steps = Some(each.steps);
        }
        StepKind::Wait(duration) => document.wait = Some(duration),
        StepKind::WaitUntil(time) => document.wait_until = Some(time),
        StepKind::WaitFor(wait) => document.wait_for = Some(wait),
        StepKind::Ask(ask) => document.ask = Some(ask),
        StepKind::Set(values) => document.set = Some(values),
        StepKind::Call(call) => document.call = Some(call),
        StepKind::Stop(stop) => document.stop = Some(stop),
    }
}
