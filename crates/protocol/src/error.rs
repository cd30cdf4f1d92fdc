//! Failures as screens and the command line hear them: a kind to react to, a sentence and a hint.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of failure; each is something a caller reacts to differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The request can't be carried out as it is.
    BadInput,
    /// There is no such workflow or run.
    NotFound,
    /// It doesn't fit the present state.
    Conflict,
    /// No engine answers.
    EngineGone,
    /// Errand's own fault.
    Bug,
}

/// A command that couldn't be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure without a hint.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}
