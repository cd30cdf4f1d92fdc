//! Short ways to describe fields and outputs.

use errand_model::{Choice, Field, FieldKind, Output, Value, ValueKind};

/// A field that need not be filled in.
pub(super) fn field(id: &str, label: &str, kind: FieldKind, help: &str) -> Field {
    Field {
        id: id.into(),
        label: label.into(),
        help: help.into(),
        kind,
        required: false,
        default: Value::Null,
        example: String::new(),
        choices: Vec::new(),
        suggest: String::new(),
        advanced: false,
    }
}

/// What else can be said of a field.
pub(super) trait FieldExt: Sized {
    fn required(self) -> Self;
    fn default(self, value: impl Into<Value>) -> Self;
    fn example(self, example: &str) -> Self;
    fn suggest(self, reference: &str) -> Self;
    fn choices(self, choices: &[(&str, &str)]) -> Self;
    fn advanced(self) -> Self;
}

impl FieldExt for Field {
    fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    fn default(self, value: impl Into<Value>) -> Self {
        Self {
            default: value.into(),
            ..self
        }
    }

    fn example(self, example: &str) -> Self {
        Self {
            example: example.into(),
            ..self
        }
    }

    fn suggest(self, reference: &str) -> Self {
        Self {
            suggest: reference.into(),
            ..self
        }
    }

    fn choices(self, choices: &[(&str, &str)]) -> Self {
        let choice = |&(value, label): &(&str, &str)| Choice {
            value: value.into(),
            label: label.into(),
        };
        Self {
            choices: choices.iter().map(choice).collect(),
            ..self
        }
    }

    fn advanced(self) -> Self {
        Self {
            advanced: true,
            ..self
        }
    }
}

/// One value that later steps can reference.
pub(super) fn output(id: &str, label: &str, kind: ValueKind) -> Output {
    Output {
        id: id.into(),
        label: label.into(),
        kind,
    }
}
