//! Where something stands in an answer: names joined by dots (`data.orders`), places in a list as
//! numbers from 0 or as `last`. Finds the list a person means.

use errand_model::{StepError, Value};

use super::find;

/// What stands at that place.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let path = path.trim();
    let path = path.strip_prefix('$').unwrap_or(path);
    let names = path.split('.').filter(|name| !name.is_empty());
    names
        .into_iter()
        .try_fold(value, |value, name| step(value, name))
}

/// A single value as text; of an XML element with attributes, its text.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(record) => record.get("#text").and_then(plain),
        _ => None,
    }
}

fn step<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(record) => record.get(name),
        Value::Array(items) if name == "last" => items.last(),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

/// The list at that place; without one, the answer itself or the only list in it. In XML a list of
/// one can't be told from a single value, nor an empty one from nothing.
pub(super) fn items(
    value: &Value,
    path: Option<&str>,
    field: &str,
    is_xml: bool,
) -> Result<Vec<Value>, StepError> {
    let Some(path) = path.filter(|path| !path.trim().is_empty()) else {
        return only_list(value, field);
    };
    match at(value, path) {
        Some(Value::Array(items)) => Ok(items.clone()),
        Some(Value::Null) | None if is_xml && has_place(value, path) => Ok(Vec::new()),
        Some(one) if is_xml => Ok(vec![one.clone()]),
        Some(_) | None => Err(no_list(value, path, field)),
    }
}

/// Whether the way to the place is there, though nothing stands at its end.
fn has_place(value: &Value, path: &str) -> bool {
    match path.rsplit_once('.') {
        Some((way, _)) => at(value, way).is_some(),
        None => value.is_object(),
    }
}

fn only_list(value: &Value, field: &str) -> Result<Vec<Value>, StepError> {
    if let Value::Array(items) = value {
        return Ok(items.clone());
    }
    let lists = find::lists(value);
    match lists.as_slice() {
        [only] => items(value, Some(&only.path), field, false),
        [] => Err(StepError::bad_input(field, "The answer holds no list.")
            .hint("Check the address, or say where the list stands, such as data.orders.")),
        _ => Err(
            StepError::bad_input(field, "The answer holds more than one list.")
                .hint(format!("Say which one is meant: {}.", paths(&lists))),
        ),
    }
}

fn no_list(value: &Value, path: &str, field: &str) -> StepError {
    let message = format!("There is no list at “{path}” in the answer.");
    let lists = find::lists(value);
    let hint = match lists.as_slice() {
        [] => "The answer holds no list at all. Check the address.".to_owned(),
        lists => format!("There is one at {}.", paths(lists)),
    };
    StepError::bad_input(field, message).hint(hint)
}

fn paths(lists: &[crate::poll::FoundList]) -> String {
    let shown = |list: &crate::poll::FoundList| match list.path.as_str() {
        "" => "the answer itself".to_owned(),
        path => format!("“{path}”"),
    };
    let shown: Vec<_> = lists.iter().take(5).map(shown).collect();
    shown.join(" or ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_named_by_words_and_numbers() {
        let answer = json!({ "data": { "orders": [{ "id": 1 }, { "id": 2 }] } });
        assert_eq!(at(&answer, "data.orders.0.id"), Some(&json!(1)));
        assert_eq!(at(&answer, "$.data.orders.last.id"), Some(&json!(2)));
        assert_eq!(at(&answer, "data.orders.2.id"), None);
        assert_eq!(at(&answer, ""), Some(&answer));
    }

    #[test]
    fn a_wrong_place_is_answered_with_the_right_one() {
        let answer = json!({ "data": { "orders": [{ "id": 1 }] } });
        let error = items(&answer, Some("orders"), "items", false).unwrap_err();
        assert_eq!(
            error.hint.as_deref(),
            Some("There is one at “data.orders”.")
        );
        assert_eq!(items(&answer, None, "items", false).unwrap().len(), 1);
    }
}
