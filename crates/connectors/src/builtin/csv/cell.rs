//! A value as the text of one cell.

use errand_model::{StepError, Value};

use super::table;

/// The cell's text, written so that no spreadsheet takes it for a formula. `field` is the step's
/// field that holds the value.
pub(super) fn text(column: &str, value: &Value, field: &str) -> Result<String, StepError> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Bool(yes) => Ok(yes.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::String(text) => Ok(table::harmless(text)),
        Value::Array(_) | Value::Object(_) => {
            let message = format!("The value for “{column}” is a list, which fits no single cell.");
            Err(StepError::bad_input(field, message).hint("Choose one value of it, or join them."))
        }
    }
}
