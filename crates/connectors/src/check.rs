//! Checks rendered values against an action's fields: what is missing, what doesn't fit, what
//! nobody knows. Numbers, switches and paths are brought into their one form here.

use std::path::{Component, Path, PathBuf};

use errand_model::{Field, FieldKind, Map, StepError, Value};

use crate::names;

/// The input as the action expects it: defaults filled in, kinds converted, paths absolute.
pub fn check_input(fields: &[Field], input: Map, home: &Path) -> Result<Map, StepError> {
    let mut input = input;
    let mut checked = Map::new();
    for field in fields {
        let given = input.remove(&field.id).unwrap_or(Value::Null);
        let value = if is_empty(&given) && !is_empty(&field.default) {
            field.default.clone()
        } else {
            given
        };
        if is_empty(&value) && field.required {
            let message = format!("“{}” is empty.", field.label);
            return Err(StepError::bad_input(&field.id, message).hint(
                "Fill it in, or check that the value it takes from an earlier step exists.",
            ));
        }
        if !value.is_null() {
            checked.insert(field.id.clone(), convert(field, value, home)?);
        }
    }
    match input.keys().next() {
        Some(unknown) => Err(unknown_field(unknown, fields)),
        None => Ok(checked),
    }
}

fn unknown_field(unknown: &str, fields: &[Field]) -> StepError {
    let error = StepError::bad_input(unknown, format!("There is no field called “{unknown}”."));
    match names::closest(unknown, fields.iter().map(|field| field.id.as_str())) {
        Some(meant) => error.hint(format!("Did you mean “{meant}”?")),
        None => {
            let known: Vec<_> = fields.iter().map(|field| field.id.as_str()).collect();
            error.hint(format!("The fields are: {}.", known.join(", ")))
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn convert(field: &Field, value: Value, home: &Path) -> Result<Value, StepError> {
    match field.kind {
        FieldKind::Text | FieldKind::LongText => text(field, value).map(Value::from),
        FieldKind::Number => number(field, value),
        FieldKind::YesNo => yes_no(field, &value),
        FieldKind::Choice => choice(field, value),
        FieldKind::Folder | FieldKind::File | FieldKind::Destination => {
            path(field, value, home).map(Value::from)
        }
        FieldKind::Patterns => patterns(field, value),
        FieldKind::Record => record(field, value).map(|value| whole_files(value, home)),
        FieldKind::Inputs => inputs(field, value),
        FieldKind::Time
        | FieldKind::Cron
        | FieldKind::TimeZone
        | FieldKind::Url
        | FieldKind::ItemPath
        | FieldKind::Secret => text(field, value).map(Value::from),
        FieldKind::Duration => length_of_time(field, value),
        FieldKind::List | FieldKind::Days => Ok(list(value)),
        FieldKind::Paging => record(field, value),
        FieldKind::Json => Ok(value),
    }
}

fn doesnt_fit(field: &Field, needs: &str, value: &Value) -> StepError {
    let message = format!(
        "“{}” needs {needs}, but got {}.",
        field.label,
        described(value)
    );
    StepError::bad_input(&field.id, message)
}

fn described(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(true) => "“yes”".into(),
        Value::Bool(false) => "“no”".into(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) if text.chars().count() > 60 => {
            format!("“{}…”", text.chars().take(59).collect::<String>())
        }
        Value::String(text) => format!("“{text}”"),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "a record of several values".into(),
    }
}

fn text(field: &Field, value: Value) -> Result<String, StepError> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(yes) => Ok(yes.to_string()),
        other => Err(doesnt_fit(field, "text", &other)
            .hint("Choose one value of it, or join its values into text first.")),
    }
}

fn length_of_time(field: &Field, value: Value) -> Result<Value, StepError> {
    let text = text(field, value)?;
    if errand_model::duration(&text).is_some() {
        return Ok(text.into());
    }
    Err(doesnt_fit(field, "a length of time", &Value::String(text))
        .hint("Write it like `30s`, `15m`, `12h` or `2d`."))
}

/// One value stands for a list of one.
fn list(value: Value) -> Value {
    match value {
        Value::Array(_) => value,
        other => Value::Array(vec![other]),
    }
}

fn number(field: &Field, value: Value) -> Result<Value, StepError> {
    if value.is_number() {
        return Ok(value);
    }
    let read = value.as_str().map(str::trim).and_then(|text| {
        let whole = text.parse::<i64>().ok().map(Value::from);
        whole.or_else(|| {
            text.parse::<f64>()
                .ok()
                .filter(|n| n.is_finite())
                .map(Value::from)
        })
    });
    read.ok_or_else(|| doesnt_fit(field, "a number", &value).hint("Write it like 12 or 12.5."))
}

fn yes_no(field: &Field, value: &Value) -> Result<Value, StepError> {
    let word = value.as_str().map(|text| text.trim().to_lowercase());
    match (value, word.as_deref()) {
        (Value::Bool(yes), _) => Ok(Value::Bool(*yes)),
        (_, Some("true" | "yes" | "on")) => Ok(Value::Bool(true)),
        (_, Some("false" | "no" | "off")) => Ok(Value::Bool(false)),
        _ => Err(doesnt_fit(field, "yes or no", value).hint("Switch it on or off.")),
    }
}

fn choice(field: &Field, value: Value) -> Result<Value, StepError> {
    if field
        .choices
        .iter()
        .any(|choice| Some(choice.value.as_str()) == value.as_str())
    {
        return Ok(value);
    }
    let values: Vec<_> = field
        .choices
        .iter()
        .map(|choice| choice.value.as_str())
        .collect();
    let given = value.as_str().unwrap_or_default();
    let hint = match names::closest(given, values.iter().copied()) {
        Some(meant) => format!("Did you mean “{meant}”?"),
        None => format!("Choose one of: {}.", values.join(", ")),
    };
    Err(doesnt_fit(field, "one of its choices", &value).hint(hint))
}

/// An absolute path without detours; a `/` at the end stays, for it means "into this folder".
fn path(field: &Field, value: Value, home: &Path) -> Result<String, StepError> {
    let Value::String(text) = value else {
        return Err(doesnt_fit(field, "a place on this computer", &value)
            .hint("Choose the file or folder again."));
    };
    if text.contains('\0') {
        let message = format!("“{}” contains an invisible character (NUL).", field.label);
        return Err(StepError::bad_input(&field.id, message).hint("Remove it."));
    }
    let whole = expand(&text, home);
    if !whole.is_absolute() {
        let message = format!(
            "“{}” is “{text}”, which doesn't say where it is.",
            field.label
        );
        return Err(StepError::bad_input(&field.id, message)
            .hint("Begin it with ~/ for your home folder, or with /."));
    }
    if whole
        .components()
        .any(|part| matches!(part, Component::ParentDir))
    {
        let message = format!(
            "“{}” contains “..”, which Errand doesn't follow.",
            field.label
        );
        return Err(StepError::bad_input(&field.id, message).hint("Write the whole path."));
    }
    let tidy: PathBuf = whole.components().collect();
    let mut tidy = tidy.to_string_lossy().into_owned();
    if text.ends_with('/') && !tidy.ends_with('/') {
        tidy.push('/');
    }
    Ok(tidy)
}

fn expand(text: &str, home: &Path) -> PathBuf {
    match text.strip_prefix('~') {
        Some("") => home.to_owned(),
        Some(rest) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(text),
    }
}

fn patterns(field: &Field, value: Value) -> Result<Value, StepError> {
    let list = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    for pattern in &list {
        let Some(text) = pattern.as_str() else {
            return Err(doesnt_fit(field, "a pattern such as *.pdf", pattern)
                .hint("Write it like *.pdf or invoice*."));
        };
        if globset::Glob::new(text).is_err() {
            return Err(doesnt_fit(field, "a pattern such as *.pdf", pattern)
                .hint("Every [ needs its ] and every { its }."));
        }
    }
    Ok(Value::Array(list))
}

fn record(field: &Field, value: Value) -> Result<Value, StepError> {
    match value {
        Value::Object(_) => Ok(value),
        other => Err(doesnt_fit(field, "names with values", &other)
            .hint("Add a row for each name and its value.")),
    }
}

/// A record's value may be a file, written `{ file: ~/a.pdf }`; its path becomes whole.
fn whole_files(record: Value, home: &Path) -> Value {
    let Value::Object(mut entries) = record else {
        return record;
    };
    for value in entries.values_mut() {
        let values = match value {
            Value::Array(items) => items.as_mut_slice(),
            one => std::slice::from_mut(one),
        };
        for file in values.iter_mut().filter_map(|value| value.get_mut("file")) {
            if let Some(text) = file.as_str() {
                *file = expand(text, home).to_string_lossy().into();
            }
        }
    }
    Value::Object(entries)
}

fn inputs(field: &Field, value: Value) -> Result<Value, StepError> {
    let is_input = |item: &Value| item.get("name").is_some_and(Value::is_string);
    match value.as_array() {
        Some(items) if items.iter().all(is_input) => Ok(value),
        _ => Err(
            doesnt_fit(field, "a list of questions, each with a name", &value)
                .hint("Give every question a name."),
        ),
    }
}
