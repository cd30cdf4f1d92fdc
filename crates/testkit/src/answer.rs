//! What the `errand` program answered.

use std::process::Output;

use serde_json::Value;

/// Exit code and texts of one call.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The call, as one would type it.
    pub call: String,
    /// Exit code; None when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Answer {
    pub(crate) fn of(call: String, output: &Output) -> Self {
        Self {
            call,
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails the test unless it exited with `code`.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "unexpected exit code: {self:#?}");
        self
    }

    /// Fails the test unless it exited with 0.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.exits(0)
    }

    /// Fails the test unless standard error holds every one of `words`, regardless of case.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        let said = self.err.to_lowercase();
        for word in words {
            assert!(
                said.contains(&word.to_lowercase()),
                "“{word}” isn't said: {self:#?}"
            );
        }
        self
    }

    /// Fails the test unless standard error is fit for a person: a few sentences, no debris.
    #[track_caller]
    pub fn is_plain(self) -> Self {
        for debris in [
            "panicked",
            "RUST_BACKTRACE",
            "Error {",
            "Some(",
            "None)",
            "os error",
        ] {
            assert!(
                !self.err.contains(debris),
                "“{debris}” is not for people: {self:#?}"
            );
        }
        assert!(!self.err.trim().is_empty(), "nothing is said: {self:#?}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.out) {
            Ok(value) => value,
            Err(error) => panic!("not JSON ({error}): {self:#?}"),
        }
    }
}
