//! Failures of the engine, the store and documents in the protocol's words.

use errand_engine::{Error, Kind};
use errand_protocol::{Failure, FailureKind};

/// Turns what went wrong underneath into what screens hear.
pub(crate) trait Heard<T> {
    /// The same result with a [`Failure`].
    fn heard(self) -> Result<T, Failure>;
}

impl<T, E: Into<Error>> Heard<T> for Result<T, E> {
    fn heard(self) -> Result<T, Failure> {
        self.map_err(|error| {
            let Error {
                kind,
                message,
                hint,
            } = error.into();
            let kind = match kind {
                Kind::BadInput => FailureKind::BadInput,
                Kind::NotFound => FailureKind::NotFound,
                Kind::Conflict => FailureKind::Conflict,
                Kind::NoRoom | Kind::Bug => FailureKind::Bug,
            };
            Failure {
                kind,
                message,
                hint,
            }
        })
    }
}

pub(crate) fn bad_input(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::BadInput, message)
}

pub(crate) fn not_found(what: &str) -> Failure {
    Failure::new(FailureKind::NotFound, format!("There is no such {what}."))
        .hint("It may have been deleted. Look at the list again.")
}

/// Stored documents are written by us; one that can't be read is our fault.
pub(crate) fn unreadable(error: serde_json::Error) -> Failure {
    Failure::new(
        FailureKind::Bug,
        format!("A stored document can't be read: {error}."),
    )
}
