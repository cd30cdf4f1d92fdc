//! Conditions: one expression, or rows under `all` / `any`.

pub(crate) mod compare;

use errand_model::{
    Condition, Group, Row, Timestamp, Value,
    condition::{Entry, Operator},
};
use regex::RegexBuilder;

use crate::{
    Error, Scope, check as check_value,
    expression::shorten,
    moment::Moment,
    pieces::{only_expression, pieces},
    references, render,
    render::as_text,
};

/// Deepest nesting of groups.
const DEEPEST: usize = 30;

/// Whether a condition holds.
pub fn holds(condition: &Condition, scope: &Scope) -> Result<bool, Error> {
    match condition {
        Condition::Expression(text) => {
            expression(text)?;
            Ok(compare::truth(&render(
                &Value::String(text.clone()),
                scope,
            )?))
        }
        Condition::Rows(group) => group_holds(group, scope, 0),
    }
}

/// What can't be read in a condition.
pub fn check_condition(condition: &Condition) -> Vec<Error> {
    match condition {
        Condition::Expression(text) => expression(text).err().into_iter().collect(),
        Condition::Rows(group) => {
            let mut errors = Vec::new();
            check_group(group, &mut errors, 0);
            errors
        }
    }
}

/// What a condition refers to.
pub fn condition_references(condition: &Condition) -> Vec<Vec<String>> {
    let texts = match condition {
        Condition::Expression(text) => vec![Value::String(text.clone())],
        Condition::Rows(group) => {
            let mut sides = Vec::new();
            collect(group, &mut sides);
            sides
        }
    };
    references(&Value::Array(texts))
}

/// The expression of a condition: exactly one reference.
fn expression(text: &str) -> Result<(), Error> {
    if only_expression(&pieces(text.trim())?).is_none() {
        return Err(Error::new(format!(
            "the condition “{}” must be one expression",
            shorten(text)
        ))
        .hint("write it as `{{ trigger.size > 1000 }}`"));
    }
    match check_value(&Value::String(text.to_owned())).pop() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

fn group_holds(group: &Group, scope: &Scope, depth: usize) -> Result<bool, Error> {
    too_deep(depth)?;
    for entry in group.all.iter().flatten() {
        if !entry_holds(entry, scope, depth)? {
            return Ok(false);
        }
    }
    let Some(any) = &group.any else {
        return Ok(true);
    };
    for entry in any {
        if entry_holds(entry, scope, depth)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn too_deep(depth: usize) -> Result<(), Error> {
    match depth > DEEPEST {
        true => Err(Error::new("a condition is nested more than 30 levels deep")),
        false => Ok(()),
    }
}

fn entry_holds(entry: &Entry, scope: &Scope, depth: usize) -> Result<bool, Error> {
    match entry {
        Entry::Row(row) => row_holds(row, scope),
        Entry::Group(group) => group_holds(group, scope, depth + 1),
    }
}

fn row_holds(row: &Row, scope: &Scope) -> Result<bool, Error> {
    let case = row.match_case;
    let left = left(row, scope)?;
    let right = if needs_right(row.is) {
        render(&row.right, scope)?
    } else {
        Value::Null
    };
    Ok(match row.is {
        Operator::EqualTo => compare::equal(&left, &right, case),
        Operator::NotEqualTo => !compare::equal(&left, &right, case),
        Operator::Contains => compare::contains(&left, &right, case),
        Operator::DoesNotContain => !compare::contains(&left, &right, case),
        Operator::StartsWith => folded(&left, case).starts_with(&folded(&right, case)),
        Operator::EndsWith => folded(&left, case).ends_with(&folded(&right, case)),
        Operator::Matches => matches(&left, &right, case)?,
        Operator::IsOneOf => compare::one_of(&left, &right, case),
        Operator::IsEmpty => compare::empty(&left),
        Operator::IsNotEmpty => !compare::empty(&left),
        Operator::GreaterThan => compare::order(&left, &right)?.is_gt(),
        Operator::AtLeast => compare::order(&left, &right)?.is_ge(),
        Operator::LessThan => compare::order(&left, &right)?.is_lt(),
        Operator::AtMost => compare::order(&left, &right)?.is_le(),
        Operator::Before => time(&left, scope)? < time(&right, scope)?,
        Operator::After => time(&left, scope)? > time(&right, scope)?,
        Operator::IsTrue => compare::yes_or_no(&left) == Some(true),
        Operator::IsFalse => compare::yes_or_no(&left) == Some(false),
    })
}

fn folded(value: &Value, case: bool) -> String {
    compare::fold(&as_text(value), case)
}

/// The left side. Asking whether something is empty is how people ask whether it is there at all.
fn left(row: &Row, scope: &Scope) -> Result<Value, Error> {
    match render(&row.left, scope) {
        Err(error)
            if error.reference.is_some()
                && matches!(row.is, Operator::IsEmpty | Operator::IsNotEmpty) =>
        {
            Ok(Value::Null)
        }
        other => other,
    }
}

fn needs_right(operator: Operator) -> bool {
    !matches!(
        operator,
        Operator::IsEmpty | Operator::IsNotEmpty | Operator::IsTrue | Operator::IsFalse
    )
}

fn matches(left: &Value, right: &Value, case: bool) -> Result<bool, Error> {
    Ok(pattern(&as_text(right), case)?.is_match(&as_text(left)))
}

fn pattern(text: &str, case: bool) -> Result<regex::Regex, Error> {
    let pattern = RegexBuilder::new(text)
        .case_insensitive(!case)
        .size_limit(1 << 20)
        .build();
    pattern.map_err(|_| {
        Error::new(format!(
            "“{}” isn't a pattern (regular expression)",
            shorten(text)
        ))
        .hint("to look for a plain text, use “contains”")
    })
}

fn time(value: &Value, scope: &Scope) -> Result<Timestamp, Error> {
    let zone = scope.zone();
    let read = match value {
        Value::String(text) => Moment::read(text, &zone),
        Value::Number(number) => number
            .as_i64()
            .and_then(|number| Moment::from_number(number, &zone)),
        _ => None,
    };
    let time = read
        .and_then(|moment| moment.time(&zone))
        .map(|time| time.timestamp());
    time.ok_or_else(|| {
        Error::new(format!("“{}” isn't a date", shorten(&as_text(value))))
            .hint("read other forms with `| parse('%d.%m.%Y')`")
    })
}

fn check_group(group: &Group, errors: &mut Vec<Error>, depth: usize) {
    if let Err(error) = too_deep(depth) {
        errors.push(error);
        return;
    }
    for entry in group.all.iter().chain(&group.any).flatten() {
        match entry {
            Entry::Group(group) => check_group(group, errors, depth + 1),
            Entry::Row(row) => check_row(row, errors),
        }
    }
}

fn check_row(row: &Row, errors: &mut Vec<Error>) {
    errors.extend(check_value(&row.left));
    errors.extend(check_value(&row.right));
    if let (Operator::Matches, Value::String(text)) = (row.is, &row.right)
        && pieces(text).is_ok_and(|pieces| {
            pieces
                .iter()
                .all(|piece| matches!(piece, crate::pieces::Piece::Literal(_)))
        })
    {
        errors.extend(pattern(text, row.match_case).err());
    }
}

fn collect(group: &Group, sides: &mut Vec<Value>) {
    for entry in group.all.iter().chain(&group.any).flatten() {
        match entry {
            Entry::Group(group) => collect(group, sides),
            Entry::Row(row) => sides.extend([row.left.clone(), row.right.clone()]),
        }
    }
}
