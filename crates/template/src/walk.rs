//! Every text in a value: is it well formed, and what does it refer to?

use std::collections::HashSet;

use errand_model::Value;

use crate::{
    Error,
    expression::Expression,
    pieces::{Piece, pieces},
    render::words,
};

/// What can't be read, in every text of a value.
pub fn check(value: &Value) -> Vec<Error> {
    let mut errors = Vec::new();
    visit(value, &mut |text| errors.extend(check_text(text)));
    errors
}

/// What a value's texts refer to, each way once, in order: `["steps", "content", "text"]`. A part that
/// is only known when it runs ends the way.
pub fn references(value: &Value) -> Vec<Vec<String>> {
    let (mut known, mut found) = (HashSet::new(), Vec::new());
    visit(value, &mut |text| {
        for way in ways(text) {
            if known.insert(way.clone()) {
                found.push(way);
            }
        }
    });
    found
}

fn ways(text: &str) -> Vec<Vec<String>> {
    expressions(text)
        .filter_map(Result::ok)
        .flat_map(|expression| expression.references)
        .filter(|reference| reference.rooted)
        .map(|reference| words(&reference.segments))
        .collect()
}

fn check_text(text: &str) -> Option<Error> {
    match pieces(text) {
        Err(error) => Some(error),
        Ok(_) => expressions(text).find_map(Result::err),
    }
}

fn expressions(text: &str) -> impl Iterator<Item = Result<Expression, Error>> {
    pieces(text)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Expression(expression) => Some(Expression::read(expression)),
            Piece::Literal(_) => None,
        })
}

fn visit(value: &Value, each: &mut impl FnMut(&str)) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => each(text),
            Value::Array(list) => open.extend(list.iter().rev()),
            Value::Object(map) => open.extend(map.values().rev()),
            _ => {}
        }
    }
}
