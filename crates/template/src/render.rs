//! Expressions to values: a text that is exactly one reference keeps its type, any other becomes text.

use errand_model::{Map, Value};

use crate::{
    Error, Scope,
    expression::{Expression, Failure, Segment},
    pieces::{Piece, only_expression, pieces},
};

/// Most text that one rendering may give.
const LARGEST: usize = 1024 * 1024;
/// Deepest value.
const DEEPEST: usize = 100;

/// Renders every text in a value.
pub fn render(value: &Value, scope: &Scope) -> Result<Value, Error> {
    Room::new().value(value, scope, 0)
}

/// Renders a text to text.
pub fn render_text(text: &str, scope: &Scope) -> Result<String, Error> {
    Room::new().text(&pieces(text)?, scope)
}

/// The value of one expression.
pub(crate) fn evaluate(expression: &str, scope: &Scope) -> Result<Value, Error> {
    Room::new().evaluate(expression, scope)
}

/// A value of minijinja's as one of ours, or why it can't be.
pub(crate) fn plain(value: &minijinja::Value) -> Result<Value, String> {
    Room::new()
        .plain_value(value, 0)
        .map_err(|failure| match failure {
            Failure::Other(error) => error.message,
            _ => "a value is missing".to_owned(),
        })
}

/// How much may still be given.
struct Room(usize);

impl Room {
    fn new() -> Self {
        Self(LARGEST)
    }

    fn take(&mut self, amount: usize) -> Result<(), Error> {
        self.0 = self.0.checked_sub(amount).ok_or_else(|| {
            Error::new("the result is larger than 1 MB")
                .hint("keep large content in a file and pass its path")
        })?;
        Ok(())
    }

    fn value(&mut self, value: &Value, scope: &Scope, depth: usize) -> Result<Value, Error> {
        if depth > DEEPEST {
            return Err(too_deep());
        }
        Ok(match value {
            Value::String(text) => {
                let pieces = pieces(text)?;
                match only_expression(&pieces) {
                    Some(expression) => self.evaluate(expression, scope)?,
                    None => Value::String(self.text(&pieces, scope)?),
                }
            }
            Value::Array(list) => Value::Array(
                list.iter()
                    .map(|item| self.value(item, scope, depth + 1))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, item)| Ok((key.clone(), self.value(item, scope, depth + 1)?)))
                    .collect::<Result<Map, Error>>()?,
            ),
            other => other.clone(),
        })
    }

    fn text(&mut self, pieces: &[Piece<'_>], scope: &Scope) -> Result<String, Error> {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => {
                    self.take(literal.len())?;
                    out.push_str(literal);
                }
                Piece::Expression(expression) => {
                    out.push_str(&as_text(&self.evaluate(expression, scope)?))
                }
            }
        }
        Ok(out)
    }

    fn evaluate(&mut self, text: &str, scope: &Scope) -> Result<Value, Error> {
        let expression = Expression::read(text)?;
        if expression.plain
            && let Some(reference) = expression.references.first()
        {
            let value = scope
                .find(&reference.segments)
                .ok_or_else(|| scope.missing(reference))?;
            self.measure(value, 0)?;
            return Ok(value.clone());
        }
        let value = expression
            .evaluate(scope.context())
            .map_err(|failure| scope.explain(failure))?;
        self.plain_value(&value, 0)
            .map_err(|failure| scope.explain(failure))
    }

    fn measure(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        if depth > DEEPEST {
            return Err(too_deep());
        }
        match value {
            Value::String(text) => self.take(text.len()),
            Value::Array(list) => list
                .iter()
                .try_for_each(|item| self.measure(item, depth + 1)),
            Value::Object(map) => map.iter().try_for_each(|(key, item)| {
                self.take(key.len())?;
                self.measure(item, depth + 1)
            }),
            _ => self.take(1),
        }
    }

    /// From minijinja's values to ours.
    fn plain_value(&mut self, value: &minijinja::Value, depth: usize) -> Result<Value, Failure> {
        use minijinja::value::ValueKind;
        if depth > DEEPEST {
            return Err(Failure::Other(too_deep()));
        }
        self.take(1).map_err(Failure::Other)?;
        Ok(match value.kind() {
            ValueKind::None | ValueKind::Undefined => Value::Null,
            ValueKind::Bool => Value::Bool(value.is_true()),
            ValueKind::Number => number(value)?,
            ValueKind::Seq | ValueKind::Iterable => Value::Array(self.list(value, depth)?),
            ValueKind::Map => Value::Object(self.record(value, depth)?),
            ValueKind::Invalid | ValueKind::Plain => return Err(not_a_value()),
            _ => {
                let text = value.to_string();
                self.take(text.len()).map_err(Failure::Other)?;
                Value::String(text)
            }
        })
    }

    fn list(&mut self, value: &minijinja::Value, depth: usize) -> Result<Vec<Value>, Failure> {
        let items = value.try_iter().map_err(|_| not_a_value())?;
        items
            .map(|item| self.plain_value(&item, depth + 1))
            .collect()
    }

    fn record(&mut self, value: &minijinja::Value, depth: usize) -> Result<Map, Failure> {
        let keys = value.try_iter().map_err(|_| not_a_value())?;
        keys.map(|key| {
            let item = value.get_item(&key).map_err(|_| not_a_value())?;
            let key = key.to_string();
            self.take(key.len()).map_err(Failure::Other)?;
            Ok((key, self.plain_value(&item, depth + 1)?))
        })
        .collect()
    }
}

/// Whole numbers are whole, so that `10 / 2` reads 5.
fn number(value: &minijinja::Value) -> Result<Value, Failure> {
    if value.is_integer()
        && let Some(whole) = value.as_i64()
    {
        return Ok(Value::from(whole));
    }
    let number = f64::try_from(value.clone()).map_err(|_| not_a_value())?;
    crate::filters::number_value(number).ok_or_else(|| {
        Failure::Other(Error::new("the result isn't a number").hint("check for a division by zero"))
    })
}

fn not_a_value() -> Failure {
    Failure::Other(Error::new(
        "the result isn't a text, number, list or record",
    ))
}

fn too_deep() -> Error {
    Error::new("a value is nested more than 100 levels deep")
}

/// A value as people read it in a text.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => crate::filters::number_value(float)
                .unwrap_or_default()
                .to_string(),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// The way of a fixed reference as words.
pub(crate) fn words(segments: &[Segment]) -> Vec<String> {
    segments
        .iter()
        .map(|segment| match segment {
            Segment::Name(name) => name.clone(),
            Segment::Index(index) => index.to_string(),
        })
        .collect()
}
