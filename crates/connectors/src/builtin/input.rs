//! From checked values to an action's input struct, and from a plan's note to its type.

use errand_model::{Map, StepError, Value};
use serde::{Serialize, de::DeserializeOwned};

use crate::Plan;

/// The input struct. The values were checked against the fields, so that a misfit is our fault.
pub(super) fn read<T: DeserializeOwned>(input: &Map) -> Result<T, StepError> {
    serde_json::from_value(Value::Object(input.clone()))
        .map_err(|error| StepError::bug(format!("A step's fields and its input differ: {error}.")))
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
