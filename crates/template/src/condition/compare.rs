//! How two values compare: as numbers if both read as numbers, else as text without regard to case.

use std::cmp::Ordering;

use errand_model::Value;

use crate::{Error, expression::shorten, filters::read_number, render::as_text};

/// A number without loss where it is whole: long ids stay different from each other.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Whole(i128),
    Fraction(f64),
}

impl Number {
    fn read(value: &Value) -> Option<Self> {
        let text = match value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            _ => return None,
        };
        let whole = text.parse::<i128>().ok().map(Self::Whole);
        whole
            .or_else(|| read_number(&text).map(Self::Fraction))
            .or_else(|| value.as_f64().map(Self::Fraction))
    }

    fn float(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Fraction(fraction) => fraction,
        }
    }

    fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => left.cmp(&right),
            // Zero has two floats; adding zero makes them one.
            _ => (self.float() + 0.0).total_cmp(&(other.float() + 0.0)),
        }
    }
}

/// Text as it compares.
pub(crate) fn fold(text: &str, case: bool) -> String {
    if case {
        text.to_owned()
    } else {
        text.to_lowercase()
    }
}

/// Whether two values are the same.
pub(crate) fn equal(left: &Value, right: &Value, case: bool) -> bool {
    if let (Some(left), Some(right)) = (Number::read(left), Number::read(right)) {
        return left.order(right).is_eq();
    }
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| equal(left, right, case))
        }
        (Value::Object(left), Value::Object(right)) => left == right,
        _ => fold(&as_text(left), case) == fold(&as_text(right), case),
    }
}

/// Whether a text holds a text, a list an item, or a record a key.
pub(crate) fn contains(left: &Value, right: &Value, case: bool) -> bool {
    match left {
        Value::Array(items) => items.iter().any(|item| equal(item, right, case)),
        Value::Object(map) => {
            let wanted = fold(&as_text(right), case);
            map.keys().any(|key| fold(key, case) == wanted)
        }
        _ => fold(&as_text(left), case).contains(&fold(&as_text(right), case)),
    }
}

/// Whether a value is one of a list, or of a text's parts between commas or lines.
pub(crate) fn one_of(left: &Value, right: &Value, case: bool) -> bool {
    match right {
        Value::Array(items) => items.iter().any(|item| equal(left, item, case)),
        Value::String(text) => text
            .split([',', '\n'])
            .any(|part| equal(left, &Value::String(part.trim().to_owned()), case)),
        other => equal(left, other, case),
    }
}

/// Whether there is nothing in a value.
pub(crate) fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Which is greater; both must be numbers.
pub(crate) fn order(left: &Value, right: &Value) -> Result<Ordering, Error> {
    Ok(number(left)?.order(number(right)?))
}

fn number(value: &Value) -> Result<Number, Error> {
    Number::read(value).ok_or_else(|| {
        Error::new(format!("“{}” isn't a number", shorten(&as_text(value)))).hint(
            "for a decimal comma add `| number('de')`; to compare dates use “before” or “after”",
        )
    })
}

/// A value that says yes or no.
pub(crate) fn yes_or_no(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => match number.as_f64() {
            Some(1.0) => Some(true),
            Some(0.0) => Some(false),
            _ => None,
        },
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the value of an expression counts as yes.
pub(crate) fn truth(value: &Value) -> bool {
    yes_or_no(value).unwrap_or_else(|| !empty(value))
}
