//! Paths from data: what a person wrote is a path, what a reference gives is one safe component.

use crate::{
    Error, Scope,
    expression::Expression,
    pieces::{Piece, only_expression, pieces},
    render::{as_text, evaluate, render_text},
};

mod component;

/// How a path field begins: what of it the person granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathBeginning {
    /// No reference at all.
    Whole(String),
    /// A literal folder, up to the last separator before the first reference.
    Folder(String),
    /// Exactly one reference, which must lie in a folder that was granted elsewhere.
    Reference,
    /// Begins with a reference but is more than that, or can't be read: grants nothing.
    Nowhere,
}

/// What is literal at the beginning of a path.
pub fn literal_beginning(path_text: &str) -> PathBeginning {
    let Ok(pieces) = pieces(path_text.trim()) else {
        return PathBeginning::Nowhere;
    };
    if only_expression(&pieces).is_some() {
        return PathBeginning::Reference;
    }
    match &pieces[..] {
        [] => PathBeginning::Whole(String::new()),
        [Piece::Literal(text)] => PathBeginning::Whole((*text).to_owned()),
        [Piece::Literal(text), ..] => match text.rfind(component::is_separator) {
            Some(0) => PathBeginning::Folder(text[..1].to_owned()),
            Some(end) => PathBeginning::Folder(text[..end].to_owned()),
            None => PathBeginning::Nowhere,
        },
        _ => PathBeginning::Nowhere,
    }
}

/// Renders a path: rendered parts can't leave the component they stand in.
pub fn render_path(text: &str, scope: &Scope) -> Result<String, Error> {
    let text = text.trim();
    let pieces = pieces(text)?;
    if only_expression(&pieces).is_some() {
        return whole(render_text(text, scope)?, text);
    }
    let mut path = String::new();
    let mut part = Part::default();
    for piece in &pieces {
        match piece {
            Piece::Literal(literal) => literals(literal, &mut part, &mut path)?,
            Piece::Expression(expression) => {
                part.add(expression, &as_text(&evaluate(expression, scope)?));
            }
        }
    }
    path.push_str(&part.close()?);
    Ok(path)
}

/// A component while it is being put together.
#[derive(Default)]
struct Part<'a> {
    text: String,
    /// Whether an expression is in it.
    rendered: bool,
    /// The first expression that gave nothing although its component counts on it.
    empty: Option<&'a str>,
    /// The expression at its beginning, when that gave nothing.
    headless: Option<&'a str>,
}

impl<'a> Part<'a> {
    fn add(&mut self, expression: &'a str, given: &str) {
        let given = component::flatten(given);
        self.rendered = true;
        if given.is_empty() && is_reference(expression) {
            self.empty.get_or_insert(expression);
        }
        if given.is_empty() && self.text.trim().is_empty() {
            self.headless.get_or_insert(expression);
        }
        self.text.push_str(&given);
    }

    fn close(&mut self) -> Result<String, Error> {
        let part = std::mem::take(self);
        if !part.rendered {
            return Ok(part.text);
        }
        let text = part.text.trim();
        let headless = part
            .headless
            .filter(|_| text.is_empty() || text.starts_with('.'));
        if let Some(expression) = part.empty.or(headless) {
            return Err(nothing(expression, text));
        }
        Ok(component::safe(&part.text))
    }
}

/// A plain reference was meant to give something; what is worked out may well give nothing.
fn is_reference(expression: &str) -> bool {
    Expression::read(expression).is_ok_and(|read| read.plain)
}

fn nothing(expression: &str, rest: &str) -> Error {
    let consequence = match rest {
        "" => "a part of the path would have no name".to_owned(),
        rest => format!("only “{rest}” would be left of the name"),
    };
    Error::new(format!(
        "`{{{{ {expression} }}}}` is empty, so {consequence}"
    ))
    .hint("add `| default(\"unknown\", true)`")
    .about(expression)
}

fn literals(literal: &str, part: &mut Part<'_>, path: &mut String) -> Result<(), Error> {
    for next in literal.chars() {
        if component::is_separator(next) {
            path.push_str(&part.close()?);
            path.push(next);
        } else {
            part.text.push(next);
        }
    }
    Ok(())
}

fn whole(path: String, text: &str) -> Result<String, Error> {
    if path.trim().is_empty() {
        return Err(Error::new(format!("`{text}` is empty, so there is no path")).about(text));
    }
    if path.contains('\0') {
        return Err(Error::new(format!("`{text}` isn't a path")).about(text));
    }
    Ok(path)
}
