//! The event given with `--event`.

use std::path::Path;

use errand_model::{Map, Value, json_words};
use errand_protocol::{Failure, FailureKind};

/// JSON, or `@FILE` that holds it.
pub(super) fn read(given: &str) -> Result<Map, Failure> {
    let text = match given.strip_prefix('@') {
        Some(file) => super::read(Path::new(file))?,
        None => given.to_owned(),
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(event)) => Ok(event),
        Ok(_) => Err(not_an_event("it isn't an object")),
        Err(error) => Err(not_an_event(&json_words(&error))),
    }
}

fn not_an_event(why: &str) -> Failure {
    Failure::new(
        FailureKind::BadInput,
        format!("The event can't be used: {why}."),
    )
    .hint(r#"Give a JSON object such as {"name": "a.pdf"}, or @FILE that holds one."#)
}
