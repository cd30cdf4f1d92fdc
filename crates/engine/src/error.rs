//! What the engine answers when a request can't be carried out.

/// What kind of refusal; each asks something different of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request can't be carried out as it is.
    BadInput,
    /// There is no such workflow or run.
    NotFound,
    /// It doesn't fit the present state.
    Conflict,
    /// The disk that holds Errand's data is full.
    NoRoom,
    /// Errand's own fault.
    Bug,
}

/// A request that couldn't be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What kind.
    pub kind: Kind,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self::new(Kind::BadInput, message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, message)
    }

    pub(crate) fn no_workflow() -> Self {
        Self::new(Kind::NotFound, "there is no such workflow")
            .hint("List them with `errand workflow list`.")
    }

    pub(crate) fn no_run() -> Self {
        Self::new(Kind::NotFound, "there is no such run").hint("List them with `errand runs list`.")
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

impl From<errand_store::Error> for Error {
    fn from(error: errand_store::Error) -> Self {
        let kind = match &error {
            errand_store::Error::DiskFull => Kind::NoRoom,
            errand_store::Error::Missing { .. } => Kind::NotFound,
            errand_store::Error::Stale => Kind::Conflict,
            _ => Kind::Bug,
        };
        Self::new(kind, error.to_string()).hint(error.hint())
    }
}

impl From<errand_model::StepError> for Error {
    fn from(error: errand_model::StepError) -> Self {
        Self {
            kind: Kind::BadInput,
            message: error.message,
            hint: error.hint,
        }
    }
}
