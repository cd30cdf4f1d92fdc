//! What the `errand` program answered.

use std::{
    io::Read,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::wait::holds_within;

/// Longer than anything that a test asks for takes.
const LIMIT: Duration = Duration::from_secs(60);

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
    /// Runs the command to its end; None, and the program is gone, if that takes too long.
    pub(crate) fn to(mut command: Command, call: &str) -> Option<Self> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .expect("the program was found, so it can be started");
        let out = text_of(child.stdout.take());
        let err = text_of(child.stderr.take());
        let has_ended = holds_within(LIMIT, || matches!(child.try_wait(), Ok(Some(_)) | Err(_)));
        let _ = child.kill();
        let code = child.wait().ok()?.code();
        let (out, err) = (out.join().ok()?, err.join().ok()?);
        has_ended.then(|| Self {
            call: call.to_owned(),
            code,
            out,
            err,
        })
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

/// Reads on the side, so that the program never waits for a reader.
fn text_of(source: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut source) = source {
            let _ = source.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
