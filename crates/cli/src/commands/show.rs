//! Runs and workflows on the terminal, as text or as the JSON that section “command line” of
//! ARCHITECTURE.md promises.

use errand_model::{Outcome, RunState, StepState, Value};
use errand_protocol::views::{RunDetail, RunSummary, StepView};
use serde::Serialize;

use crate::{exit, print};

/// Needs attention.
const ATTENTION: u8 = 2;
/// Still going on or waiting.
const WAITING: u8 = 3;

/// What the program exits with for this run.
pub(super) fn exit_code(run: &RunSummary) -> u8 {
    match (run.state, run.outcome) {
        (RunState::Done, Some(Outcome::Ok | Outcome::OkWithSkips | Outcome::Filtered)) => exit::OK,
        (RunState::Done, _) => exit::FAILED,
        (RunState::Attention, _) => ATTENTION,
        (RunState::Queued | RunState::Running | RunState::Waiting, _) => WAITING,
    }
}

/// A run with its steps; gives its exit code.
pub(super) fn run(run: &RunDetail, json: bool) -> u8 {
    match json {
        true => print::json(&as_json(run)),
        false => as_text(run),
    }
    exit_code(&run.run)
}

/// A run's JSON; the document it ran stands elsewhere (`errand workflow export`).
pub(super) fn as_json(run: &RunDetail) -> Value {
    let mut value = serde_json::to_value(run).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.shift_remove("document");
    }
    value
}

fn as_text(run: &RunDetail) {
    let RunDetail { run, steps, .. } = run;
    print::line(format_args!("{}: {}", run.workflow_name, standing(run)));
    if !run.id.as_bytes().iter().all(|byte| *byte == 0) {
        print::line(format_args!("run {}", run.id));
    }
    for step in steps {
        print::line(format_args!("  {}: {}", step.path, step_text(step)));
        if let Some(hint) = step.error.as_ref().and_then(|error| error.hint.as_ref()) {
            print::line(format_args!("    {hint}"));
        }
    }
}

fn step_text(step: &StepView) -> String {
    match (&step.would, &step.error) {
        (Some(would), _) => would.summary.clone(),
        (None, Some(error)) => format!("{} – {}", word(&step.state), error.message),
        (None, None) if step.state == StepState::Succeeded => "done".to_owned(),
        (None, None) => word(&step.state),
    }
}

/// Where a run stands, in a few words.
pub(super) fn standing(run: &RunSummary) -> String {
    let word = match run.outcome {
        Some(outcome) => word(&outcome),
        None => word(&run.state),
    };
    match &run.reason {
        Some(reason) => format!("{word} – {reason}"),
        None => word,
    }
}

/// The word that stands in JSON for it, with spaces.
pub(super) fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().replace('_', " ")
}
