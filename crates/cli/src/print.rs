//! Writing to the terminal. A closed pipe is no reason to complain, and no name that comes from data
//! can steer the terminal: what can't be seen is shown as its code.

use std::{
    fmt::Display,
    io::{Write, stderr, stdout},
};

use errand_model::text::visible;
use errand_protocol::Failure;
use serde::Serialize;

/// One line for a person.
pub(crate) fn line(text: impl Display) {
    exactly(visible(&text.to_string()));
}

/// Text for programs, or a whole document, as it is.
pub(crate) fn exactly(text: impl Display) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => exactly(text),
        Err(error) => complaint(format_args!("The answer can't be printed: {error}."), None),
    }
}

/// One sentence and what to do, for a person.
pub(crate) fn failure(failure: &Failure) {
    complaint(
        format_args!("errand: {}", failure.message),
        failure.hint.as_deref(),
    );
}

/// A sentence on standard error, with a hint below it.
pub(crate) fn complaint(sentence: impl Display, hint: Option<&str>) {
    let mut out = stderr().lock();
    let _ = writeln!(out, "{}", visible(&sentence.to_string()));
    if let Some(hint) = hint {
        let _ = writeln!(out, "  {}", visible(hint));
    }
}

/// Rows whose columns begin below each other; the last column is left as it is.
pub(crate) fn table(rows: &[Vec<String>]) {
    let shown = |row: &Vec<String>| row.iter().map(|cell| visible(cell)).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..columns)
        .map(|column| width(column).unwrap_or(0))
        .collect();
    for row in &rows {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        exactly(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
