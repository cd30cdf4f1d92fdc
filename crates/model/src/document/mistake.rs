//! A refusal while a document is read: a plain sentence, made as soon as serde complains, which
//! learns its position from the innermost node it passes.

use std::fmt;

use serde::de::{self, Unexpected};

use super::DocumentError;
use crate::suggest::closest;

/// Line and column, counted from 1.
pub(super) type At = (u32, u32);

/// A refusal.
#[derive(Debug, Clone)]
pub(super) struct Mistake {
    message: String,
    hint: Option<String>,
    at: Option<At>,
    /// The sentence still lacks the name of the key it is about.
    unnamed: bool,
}

impl Mistake {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            at: None,
            unnamed: false,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Puts it at a node, unless a node further in has already claimed it.
    pub(super) fn at(mut self, at: At) -> Self {
        self.at.get_or_insert(at);
        self
    }

    /// Names the key whose value is wrong.
    pub(super) fn named(mut self, key: &str) -> Self {
        if std::mem::take(&mut self.unnamed) {
            self.message = format!("`{key}` {}", self.message);
        }
        self
    }

    pub(super) fn into_error(self) -> DocumentError {
        let message = if self.unnamed {
            format!("this {}", self.message)
        } else {
            self.message
        };
        let (line, column) = self.at.unzip();
        DocumentError {
            message,
            hint: self.hint,
            line,
            column,
        }
    }

    fn about_value(message: String) -> Self {
        Self {
            unnamed: true,
            ..Self::new(message)
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    /// What comes after a semicolon is what to do.
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        match message.split_once("; ") {
            Some((what, hint)) => Self::new(what).hint(hint),
            None => Self::new(message),
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::about_value(format!(
            "must be {}, not {}",
            wanted(&expected.to_string()),
            kind(&found)
        ))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::about_value(format!(
            "must be {}, not {found}",
            wanted(&expected.to_string())
        ))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let mistake = Self::new(format!("`{field}` isn't a word that fits here"));
        mistake.hint(suggestion(field, expected))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let mistake = Self::about_value(format!("can't be `{variant}`"));
        mistake.hint(suggestion(variant, expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("`{field}` is missing here"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("`{field}` stands here twice")).hint("keep one of them")
    }
}

fn suggestion(word: &str, expected: &[&str]) -> String {
    match closest(word, expected.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("what fits: {}", expected.join(", ")),
    }
}

fn kind(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "yes or no",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Str(_) | Unexpected::Char(_) | Unexpected::Bytes(_) => "text",
        Unexpected::Unit | Unexpected::Option => "empty",
        Unexpected::Seq => "a list",
        _ => "a record",
    }
}

/// serde's words for what it expects, in ours.
fn wanted(expected: &str) -> String {
    match expected {
        "a string" | "string" => "text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a record (names and values)".to_owned(),
        "u32" | "u64" | "usize" | "i64" => "a whole number".to_owned(),
        other if other.starts_with("struct ") => "a record (names and values)".to_owned(),
        other if other.contains("enum") || other.contains("variant") => {
            "one of the known words".to_owned()
        }
        other => other.to_owned(),
    }
}
