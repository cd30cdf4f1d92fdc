//! Checks of what is filled in: unknown and missing fields, templates that don't parse, paths that
//! don't begin with a folder.

use errand_connectors::Registry;
use errand_model::{Field, FieldKind, Map, Value, workflow::Do};
use errand_template::PathBeginning;

use super::{Problem, of_template, unknown};

pub(super) fn check_action(
    action: &Do,
    place: &str,
    registry: &Registry,
    problems: &mut Vec<Problem>,
) {
    let Some(info) = registry.action_info(&action.action) else {
        let known = registry
            .connectors()
            .iter()
            .flat_map(|connector| &connector.actions);
        let known: Vec<&str> = known.map(|info| info.id.as_str()).collect();
        return problems.push(unknown(
            &format!("{place}.do"),
            "action",
            &action.action,
            &known,
        ));
    };
    check(
        &info.fields,
        &action.with,
        &format!("{place}.with"),
        problems,
    );
}

pub(super) fn check(fields: &[Field], with: &Map, place: &str, problems: &mut Vec<Problem>) {
    let known: Vec<&str> = fields.iter().map(|field| field.id.as_str()).collect();
    for word in with.keys().filter(|word| !known.contains(&word.as_str())) {
        problems.push(unknown(&format!("{place}.{word}"), "field", word, &known));
    }
    for field in fields {
        let place = format!("{place}.{}", field.id);
        match with.get(&field.id).filter(|value| !is_empty(value)) {
            Some(value) => check_value(field, value, &place, problems),
            None if field.required && is_empty(&field.default) => {
                let problem = Problem::at(place, format!("“{}” isn't filled in.", field.label));
                problems.push(problem.hint(format!("Fill in “{}”.", field.label)));
            }
            None => {}
        }
    }
}

fn check_value(field: &Field, value: &Value, place: &str, problems: &mut Vec<Problem>) {
    check_template(value, place, problems);
    if field.kind == FieldKind::Choice
        && let Some(text) = value.as_str().filter(|text| !text.contains("{{"))
        && !field.choices.iter().any(|choice| choice.value == text)
    {
        let known: Vec<&str> = field
            .choices
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        problems.push(unknown(place, "choice", text, &known));
    }
    if field.kind.is_path() {
        check_path(field, value, place, problems);
    }
}

fn check_path(field: &Field, value: &Value, place: &str, problems: &mut Vec<Problem>) {
    let Some(text) = value.as_str() else {
        let problem = Problem::at(place, format!("“{}” must be a path.", field.label));
        return problems.push(problem.hint("Pick it, or write it as text."));
    };
    let beginning = match errand_template::literal_beginning(text) {
        PathBeginning::Whole(path) | PathBeginning::Folder(path) => path,
        PathBeginning::Reference if field.kind != FieldKind::Folder => return,
        PathBeginning::Reference | PathBeginning::Nowhere => String::new(),
    };
    if !(beginning.starts_with('/') || beginning == "~" || beginning.starts_with("~/")) {
        let message = format!("“{}” must begin with a folder.", field.label);
        problems.push(Problem::at(place, message).hint("Begin with `~/` or pick a folder."));
    }
}

/// A trigger's fields are fixed: there is no run yet whose values they could use. Those in `at_end`
/// wait for it.
pub(super) fn check_literal(with: &Map, at_end: &[&str], place: &str, problems: &mut Vec<Problem>) {
    let fixed = with.iter().filter(|(id, _)| !at_end.contains(&id.as_str()));
    for (id, value) in fixed {
        if !errand_template::references(value).is_empty() {
            let problem = Problem::at(format!("{place}.{id}"), "A trigger can't use references.");
            problems.push(problem.hint("Write a fixed value."));
        }
    }
}

pub(super) fn check_template(value: &Value, place: &str, problems: &mut Vec<Problem>) {
    let errors = errand_template::check(value);
    problems.extend(errors.into_iter().map(|error| of_template(place, error)));
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
