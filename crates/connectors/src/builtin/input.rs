//! From checked values to an action's input struct, and from a plan's note to its type.

use errand_model::{Map, StepError, Value};
use serde::{Serialize, de::DeserializeOwned};

use crate::Plan;

/// The input struct. The values were checked against the fields, so that a misfit is our fault.
pub(super) fn read<T: DeserializeOwned>(input: &Map) -> Result<T, StepError> {
    serde_json::from_value(Value::Object(input.clone()))
        .map_err(|error| StepError::bug(format!("A step's fields and its input differ: {error}.")))
}

/// Refuses a path that names a folder where a file is wanted.
pub(super) fn must_name_a_file(input: &Map, label: &str, example: &str) -> Result<(), StepError> {
    let path = input
        .get("file")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !path.ends_with('/') {
        return Ok(());
    }
    let message = format!("“{label}” ends in / and so names a folder.");
    Err(StepError::bad_input("file", message)
        .hint(format!("Add the file's name, such as {example}.")))
}

/// A plan with that note.
pub(super) fn plan(note: &impl Serialize, expected: Value) -> Result<Plan, StepError> {
    let note = serde_json::to_value(note)
        .map_err(|error| StepError::bug(format!("A plan can't be written down: {error}.")))?;
    Ok(Plan { note, expected })
}

/// The note of a plan that was made by [`plan`].
pub(super) fn note<T: DeserializeOwned>(plan: &Plan) -> Result<T, StepError> {
    serde_json::from_value(plan.note.clone())
        .map_err(|error| StepError::bug(format!("A plan's note can't be read back: {error}.")))
}
