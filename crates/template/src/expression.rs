//! One expression: what it refers to, and the same expression with a guard around everything that may
//! be missing, so that minijinja's leniency towards unknown names never shows.

mod reader;
mod words;

use std::sync::LazyLock;

use minijinja::Environment;

use crate::{Error, filters, scope::Missing};

static LANGUAGE: LazyLock<Environment<'static>> = LazyLock::new(filters::language);

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// A field.
    Name(String),
    /// A place in a list; negative from its end.
    Index(i64),
}

/// Something an expression reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// As it stands in the text.
    pub(crate) text: String,
    /// The way to it, up to the first part that is only known later.
    pub(crate) segments: Vec<Segment>,
    /// Whether `segments` is the whole way.
    pub(crate) fixed: bool,
    /// Whether it begins with a name in scope.
    pub(crate) rooted: bool,
}

/// An expression that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    text: String,
    guarded: String,
    pub(crate) references: Vec<Reference>,
    /// The expression is one fixed reference and nothing else.
    pub(crate) plain: bool,
}

impl Expression {
    /// Reads and checks an expression.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let expression = reader::read(text)?;
        expression.compile()?;
        Ok(expression)
    }

    fn compile(&self) -> Result<minijinja::Expression<'static, 'static>, Error> {
        LANGUAGE
            .compile_expression_owned(self.guarded.clone())
            .map_err(|error| {
                let text = shorten(&self.text);
                let (what, hint) = words::of_syntax(&error);
                hinted(format!("`{{{{ {text} }}}}` can't be read: {what}"), hint)
            })
    }

    /// Evaluates it; the result is never undefined.
    pub(crate) fn evaluate(&self, context: &minijinja::Value) -> Result<minijinja::Value, Failure> {
        let compiled = self.compile().map_err(Failure::Other)?;
        let value = compiled
            .eval(context.clone())
            .map_err(|error| self.failure(&error))?;
        if value.is_undefined() {
            return Err(Failure::Nothing(self.text.clone()));
        }
        Ok(value)
    }

    fn failure(&self, error: &minijinja::Error) -> Failure {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(inner) = source {
            if let Some(Missing(index)) = inner.downcast_ref::<Missing>() {
                return match self.references.get(*index) {
                    Some(reference) if reference.rooted => Failure::Missing(reference.clone()),
                    Some(reference) => Failure::Nothing(reference.text.clone()),
                    None => Failure::Nothing(self.text.clone()),
                };
            }
            source = inner.source();
        }
        let (what, hint) = words::of_failure(error);
        let message = format!("`{{{{ {} }}}}`: {what}", shorten(&self.text));
        Failure::Other(hinted(message, hint))
    }
}

fn hinted(message: String, hint: Option<&str>) -> Error {
    let error = Error::new(message);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// Why an expression has no value.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A reference leads nowhere.
    Missing(Reference),
    /// A part gives nothing, such as the first item of an empty list.
    Nothing(String),
    /// Anything else.
    Other(Error),
}

/// An excerpt for an error message.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
