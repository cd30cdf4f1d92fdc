//! What a person types that nobody shall see. At a terminal it is asked for without showing it;
//! elsewhere it is read line by line from standard input, and nothing asks.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use errand_protocol::{Failure, FailureKind, Secret, system_words};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

/// The next secret; None where standard input has ended.
pub(crate) fn secret(what: &str) -> Result<Option<Secret>, Failure> {
    let line = match stdin().is_terminal() {
        true => hidden(what),
        false => next(),
    };
    line.map(|line| line.map(Secret::new))
        .map_err(|error| unreadable(&error))
}

/// Whether a person can be asked.
pub(crate) fn at_a_terminal() -> bool {
    stdin().is_terminal()
}

/// A line, or all lines of a text such as a private key in PEM.
fn next() -> std::io::Result<Option<String>> {
    let mut text = String::new();
    let mut input = stdin().lock();
    if input.read_line(&mut text)? == 0 {
        return Ok(None);
    }
    if text.starts_with("-----BEGIN ") {
        loop {
            let start = text.len();
            let ended = input.read_line(&mut text)? == 0 || text[start..].starts_with("-----END ");
            if ended {
                return Ok(Some(text));
            }
        }
    }
    let line = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(line);
    Ok(Some(text))
}

fn hidden(what: &str) -> std::io::Result<Option<String>> {
    let _ = write!(stderr(), "{what}: ");
    let _ = stderr().flush();
    let shown = tcgetattr(stdin())?;
    let mut quiet = shown.clone();
    quiet.local_modes.remove(LocalModes::ECHO);
    tcsetattr(stdin(), OptionalActions::Flush, &quiet)?;
    let line = next();
    tcsetattr(stdin(), OptionalActions::Flush, &shown)?;
    let _ = writeln!(stderr());
    line
}

fn unreadable(error: &std::io::Error) -> Failure {
    let message = format!("The secret can't be read: {}.", system_words(error));
    Failure::new(FailureKind::BadInput, message).hint("Give it on standard input, one line each.")
}
