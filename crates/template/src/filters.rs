//! The filters, tests and functions of the language: this list, and nothing that minijinja brings along.

mod dates;
mod lists;
mod numbers;
mod text;

pub(crate) use numbers::{number_value, read_number};

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, Value,
    value::{Kwargs, ValueKind},
};

use crate::scope::Missing;

/// Work one expression may do.
const FUEL: u64 = 500_000;
/// Items one filter may look at.
const MOST_ITEMS: usize = 200_000;
/// Largest text one filter may give.
const LARGEST: usize = 4 * 1024 * 1024;

/// Every filter.
pub(crate) const NAMES: &[&str] = &[
    "upper", "lower", "trim", "title", "replace", "split", "lines", "truncate", "slug", "contains",
    "before", "after", "text", "json", "length", "first", "last", "join", "default", "number",
    "round", "abs", "format", "sum", "min", "max", "date", "plus", "minus", "parse", "sort",
    "unique", "reverse", "map", "filter", "limit", "keys", "values",
];

/// Filters that may have no result, such as `first` of an empty list.
pub(crate) const MAY_GIVE_NOTHING: &[&str] = &["first", "last", "min", "max", "before", "after"];

/// Every test, as in `is defined`.
pub(crate) const TESTS: &[&str] = &[
    "defined",
    "undefined",
    "none",
    "empty",
    "text",
    "number",
    "list",
    "record",
    "even",
    "odd",
];

/// Every function.
pub(crate) const FUNCTIONS: &[&str] = &["range"];

/// The language: expressions over these filters, tests and functions.
pub(crate) fn language() -> Environment<'static> {
    let mut language = Environment::empty();
    // Missing values are caught by the guard that the reader puts around every reference.
    language.set_undefined_behavior(UndefinedBehavior::Chainable);
    language.set_fuel(Some(FUEL));
    language.set_recursion_limit(50);
    language.add_filter("__must", must);
    language.add_filter("default", default);
    language.add_function("range", range);
    text::add(&mut language);
    numbers::add(&mut language);
    dates::add(&mut language);
    lists::add(&mut language);
    add_tests(&mut language);
    language
}

fn must(value: Value, index: usize) -> Result<Value, Error> {
    match value.is_undefined() {
        true => {
            Err(Error::new(ErrorKind::UndefinedError, "a value is missing")
                .with_source(Missing(index)))
        }
        false => Ok(value),
    }
}

/// Instead of a missing or null value; with `true`, instead of an empty one too.
fn default(value: Value, instead: Option<Value>, empty_too: Option<bool>) -> Value {
    let replaced =
        value.is_undefined() || value.is_none() || (empty_too == Some(true) && is_empty(&value));
    if replaced {
        instead.unwrap_or_else(|| Value::from(""))
    } else {
        value
    }
}

fn range(first: i64, second: Option<i64>, step: Option<i64>) -> Result<Value, Error> {
    let (start, end) = second.map_or((0, first), |end| (first, end));
    let step = step.unwrap_or(1);
    let distance = if step > 0 {
        end.saturating_sub(start)
    } else {
        start.saturating_sub(end)
    };
    if step == 0 || distance / step.saturating_abs().max(1) > 100_000 {
        return Err(wrong("`range` can't count that far"));
    }
    let numbers = std::iter::successors(Some(start), |at| at.checked_add(step));
    Ok(numbers
        .take_while(|at| if step > 0 { *at < end } else { *at > end })
        .map(Value::from)
        .collect())
}

fn add_tests(language: &mut Environment<'static>) {
    language.add_test("defined", |value: Value| !value.is_undefined());
    language.add_test("undefined", |value: Value| value.is_undefined());
    language.add_test("none", |value: Value| value.is_none());
    language.add_test("empty", |value: Value| is_empty(&value));
    language.add_test("text", |value: Value| value.kind() == ValueKind::String);
    language.add_test("number", |value: Value| value.kind() == ValueKind::Number);
    language.add_test("list", |value: Value| is_list(&value));
    language.add_test("record", |value: Value| value.kind() == ValueKind::Map);
    language.add_test("even", |value: i64| value % 2 == 0);
    language.add_test("odd", |value: i64| value % 2 != 0);
}

fn is_list(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
}

fn is_empty(value: &Value) -> bool {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => true,
        ValueKind::String => value.as_str().is_some_and(|text| text.trim().is_empty()),
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => value.len() == Some(0),
        _ => false,
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

/// What kind of value, in plain words.
fn kind_of(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => "nothing",
        ValueKind::Bool => "yes or no",
        ValueKind::Number => "a number",
        ValueKind::String => "a text",
        ValueKind::Map => "a record",
        _ => "a list",
    }
}

/// A simple value as text; lists and records are refused.
fn words(filter: &str, value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::String => Ok(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::None => Ok(String::new()),
        ValueKind::Bool => Ok(value.is_true().to_string()),
        ValueKind::Number => Ok(plain_number(value)),
        _ => Err(wrong(format!(
            "`{filter}` needs a text, but this is {}",
            kind_of(value)
        ))),
    }
}

fn plain_number(value: &Value) -> String {
    match (value.is_integer(), f64::try_from(value.clone())) {
        (false, Ok(number)) => {
            number_value(number).map_or_else(String::new, |number| number.to_string())
        }
        _ => value.to_string(),
    }
}

/// The items of a list.
fn items(filter: &str, value: &Value) -> Result<Vec<Value>, Error> {
    if !is_list(value) {
        let hint = if value.as_str().is_some() {
            "; `| lines` or `| split` makes one"
        } else {
            ""
        };
        return Err(wrong(format!(
            "`{filter}` needs a list, but this is {}{hint}",
            kind_of(value)
        )));
    }
    let items: Vec<Value> = value.try_iter()?.take(MOST_ITEMS + 1).collect();
    match items.len() > MOST_ITEMS {
        true => Err(wrong(format!("`{filter}` takes at most 200,000 items"))),
        false => Ok(items),
    }
}

/// A dotted way into an item; undefined where it leads nowhere.
fn field(item: &Value, way: &str) -> Value {
    way.split('.').fold(item.clone(), |value, name| {
        value.get_attr(name).unwrap_or(Value::UNDEFINED)
    })
}

/// As a plain value of at most 1 MB: minijinja's lists may be endless repetitions.
fn plain(value: &Value) -> Result<serde_json::Value, Error> {
    if value.is_undefined() {
        return Ok(serde_json::Value::Null);
    }
    crate::render::plain(value).map_err(wrong)
}

/// An argument given by name or by place.
fn option<T>(kwargs: &Kwargs, name: &str, by_place: Option<T>) -> Result<Option<T>, Error>
where
    T: for<'a> minijinja::value::ArgType<'a, Output = T>,
{
    match by_place {
        Some(value) => Ok(Some(value)),
        None if kwargs.has(name) => kwargs.get::<T>(name).map(Some),
        None => Ok(None),
    }
}

/// Refuses arguments nobody asked for.
fn no_more(kwargs: &Kwargs) -> Result<(), Error> {
    kwargs.assert_all_used()
}
