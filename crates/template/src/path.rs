//! Paths from data: what a person wrote is a path, what a reference gives is one safe component.

use crate::{
    Error, Scope,
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
                part.text
                    .push_str(&component::flatten(&as_text(&evaluate(expression, scope)?)));
                part.rendered.get_or_insert(expression);
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
    /// The first expression in it.
    rendered: Option<&'a str>,
}

impl Part<'_> {
    fn close(&mut self) -> Result<String, Error> {
        let text = std::mem::take(&mut self.text);
        let Some(expression) = self.rendered.take() else {
            return Ok(text);
        };
        if text.trim().is_empty() {
            return Err(Error::new(format!(
                "`{{{{ {expression} }}}}` is empty, so a part of the path would have no name"
            ))
            .hint("add `| default(\"unknown\", true)`")
            .about(expression));
        }
        Ok(component::safe(&text))
    }
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
