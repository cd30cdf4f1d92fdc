//! Rows of the store as the shapes that screens show.

use errand_model::{Attempt, Map, Run, StepRecord, Value, Workflow, Would};
use errand_protocol::{
    Failure,
    views::{AttemptView, Problem, RunSummary, StepView},
};

use crate::{Api, failure::unreadable};

/// Fields of an event that say in a few words what it is about, best first.
const SUBJECTS: [&str; 6] = ["name", "subject", "title", "path", "text", "id"];

/// The longest subject shown, in characters.
const SUBJECT_LENGTH: usize = 120;

pub(crate) fn document(stored: Value) -> Result<Workflow, Failure> {
    serde_json::from_value(stored).map_err(unreadable)
}

pub(crate) fn problems(api: &Api, document: &Workflow) -> Vec<Problem> {
    let found = api.engine.problems(document).into_iter();
    let shown = found.map(|problem| Problem {
        place: problem.place,
        message: problem.message,
        hint: problem.hint,
        position: None,
    });
    shown.collect()
}

pub(crate) fn summary(run: &Run, workflow_name: &str, event: &Value) -> RunSummary {
    RunSummary {
        id: run.id,
        workflow: run.workflow,
        workflow_name: workflow_name.to_owned(),
        version: run.version,
        state: run.state,
        outcome: run.outcome,
        reason: run.reason.clone(),
        subject: subject(event),
        created: run.created,
        started: run.started,
        ended: run.ended,
        wake_at: run.wake_at,
    }
}

/// What an event is about: a well-known field, else its first short value; of what was sent, where
/// something was sent.
pub(crate) fn subject(event: &Value) -> String {
    let Value::Object(fields) = event else {
        return String::new();
    };
    let sent = fields.get("body").map(subject);
    if let Some(sent) = sent.filter(|sent| !sent.is_empty()) {
        return sent;
    }
    let known = SUBJECTS.iter().filter_map(|field| fields.get(*field));
    let words = known
        .chain(fields.values())
        .find_map(words)
        .unwrap_or_default();
    words.chars().take(SUBJECT_LENGTH).collect()
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => {
            Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(crate) fn payload(event: Value) -> Map {
    match event {
        Value::Object(fields) => fields,
        Value::Null => Map::new(),
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

pub(crate) fn step(record: StepRecord, attempts: &[Attempt], would: Option<Would>) -> StepView {
    let tries = attempts
        .iter()
        .filter(|attempt| attempt.path == record.path);
    StepView {
        attempts: tries.map(attempt).collect(),
        path: record.path,
        state: record.state,
        effect: record.effect,
        input: record.input,
        output: record.output,
        error: record.error,
        would,
        started: record.started,
        ended: record.ended,
        wake_at: record.wake_at,
    }
}

fn attempt(attempt: &Attempt) -> AttemptView {
    AttemptView {
        number: attempt.number,
        started: attempt.started,
        ended: attempt.ended,
        error: attempt.error.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_subject_is_what_a_person_would_call_the_event() {
        assert_eq!(
            subject(&json!({ "path": "~/a.pdf", "name": "a.pdf" })),
            "a.pdf"
        );
        assert_eq!(
            subject(&json!({ "note": " Call\nher ", "big": [1] })),
            "Call her"
        );
        let call = json!({ "body": { "total": 3, "title": "Order 7" }, "path": "/" });
        assert_eq!(subject(&call), "Order 7");
        assert_eq!(
            subject(&json!({ "body": [1], "path": "/orders" })),
            "/orders"
        );
        assert_eq!(subject(&json!({})), "");
    }
}
