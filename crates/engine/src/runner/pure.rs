//! Steps without any effect: `only_if`, `set`, `stop`. Shared by runs and previews.

use errand_model::{
    Effect, ErrorKind, Map, Step, StepError, StepKind, StepRecord, StepState, Timestamp, Value,
};
use errand_template::Scope;
use serde_json::json;

/// The finished record of a pure step.
pub(crate) fn evaluate(step: &Step, scope: &Scope, now: Timestamp) -> StepRecord {
    let times = StepRecord {
        attempt: 1,
        started: Some(now),
        ended: Some(now),
        ..StepRecord::ready(&step.id, Effect::Pure)
    };
    match result(step, scope) {
        Ok(output) => StepRecord {
            state: StepState::Succeeded,
            output,
            ..times
        },
        Err(error) => StepRecord {
            state: failed_state(step),
            error: Some(error),
            ..times
        },
    }
}

/// A failure that the step says to leave out counts as skipped.
pub(crate) fn failed_state(step: &Step) -> StepState {
    use errand_model::workflow::{OnError, OnErrorWord};
    match step.on_error {
        OnError::Word(OnErrorWord::Continue) => StepState::Skipped,
        _ => StepState::Failed,
    }
}

fn result(step: &Step, scope: &Scope) -> Result<Value, StepError> {
    match &step.kind {
        StepKind::OnlyIf(condition) => {
            let holds = errand_template::holds(condition, scope).map_err(of_template)?;
            Ok(json!({ "holds": holds }))
        }
        StepKind::Set(values) => {
            let values = Value::Object(values.clone());
            errand_template::render(&values, scope).map_err(of_template)
        }
        StepKind::Stop(stop) => {
            let reason = errand_template::render_text(&stop.reason, scope).map_err(of_template)?;
            Ok(json!({ "reason": reason }))
        }
        _ => Err(StepError::bug(
            "this kind of step is not available in this version",
        )),
    }
}

/// A template's error as a step's.
pub(crate) fn of_template(error: errand_template::Error) -> StepError {
    let step_error = StepError::new(ErrorKind::BadInput, error.message);
    StepError {
        hint: error.hint,
        ..step_error
    }
}

/// Renders an action's fields; path fields so that data can't lead out of the folder they begin in.
pub(crate) fn render_fields(
    with: &Map,
    fields: &[errand_model::Field],
    scope: &Scope,
) -> Result<Map, StepError> {
    let render = |(id, value): (&String, &Value)| {
        let is_path = fields
            .iter()
            .any(|field| field.id == *id && field.kind.is_path());
        let rendered = match value {
            Value::String(text) if is_path => {
                errand_template::render_path(text, scope).map(Value::String)
            }
            value => errand_template::render(value, scope),
        };
        let rendered = rendered.map_err(of_template);
        rendered
            .map(|value| (id.clone(), value))
            .map_err(|error| StepError {
                field: Some(id.clone()),
                ..error
            })
    };
    with.iter().map(render).collect()
}
