//! Checks of a schedule's fields, by the reading that the engine listens with.

use errand_model::{Map, Value};

use super::Problem;
use crate::triggers::schedule::spec::Spec;

pub(super) fn check(with: &Map, problems: &mut Vec<Problem>) {
    // What is missing or holds a reference is said elsewhere.
    let is_given = |field: &str| match with.get(field) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    };
    let is_fixed = |field: &str| {
        let value = with.get(field).unwrap_or(&Value::Null);
        errand_template::references(value).is_empty()
    };
    let wrong = Spec::read(with).err().unwrap_or_default();
    for wrong in wrong
        .into_iter()
        .filter(|it| is_given(it.field) && is_fixed(it.field))
    {
        let place = format!("trigger.with.{}", wrong.field);
        problems.push(Problem::at(place, wrong.message).hint(wrong.hint));
    }
}
