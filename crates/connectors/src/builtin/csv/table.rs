//! The shape of a CSV table: columns, separator, line ends, number of rows; and how cells are
//! written so that no spreadsheet takes them for formulas.

use std::{
    io::{self, Read},
    path::Path,
};

use errand_model::StepError;

use crate::{names, ports::Files};

/// How much of a table is read at a time.
const CHUNK: u64 = 1024 * 1024;

/// A table as it is now.
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    /// Rows below the header.
    pub(super) rows: u64,
    pub(super) line_end: &'static str,
    separator: u8,
}

impl Table {
    /// A table that doesn't exist yet.
    pub(super) fn new(columns: Vec<String>) -> Self {
        let columns = columns.iter().map(|column| harmless(column)).collect();
        Self {
            columns,
            rows: 0,
            line_end: "\n",
            separator: b',',
        }
    }

    /// One line of that table.
    pub(super) fn line<'a>(&self, cells: impl Iterator<Item = &'a str>) -> Vec<u8> {
        let quoted = |cell: &str| {
            let separator = char::from(self.separator);
            let special = |c| c == separator || matches!(c, '"' | '\n' | '\r');
            let padded = cell.starts_with(' ') || cell.ends_with(' ');
            if padded || cell.contains(special) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.to_owned()
            }
        };
        let cells: Vec<_> = cells.map(quoted).collect();
        // A line of one empty cell would read as no line at all.
        let line = match cells.as_slice() {
            [only] if only.is_empty() => "\"\"".to_owned(),
            cells => cells.join(&char::from(self.separator).to_string()),
        };
        (line + self.line_end).into_bytes()
    }
}

/// Reads the header and counts the rows; None for an empty or absent file.
pub(super) fn read(files: &dyn Files, path: &Path, size: u64) -> Result<Option<Table>, StepError> {
    let start = if size == 0 {
        Vec::new()
    } else {
        files.read_from(path, 0, CHUNK)?
    };
    let first_line = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    if start.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let separator = separator(first_line);
    let line_end = if first_line.ends_with(b"\r") {
        "\r\n"
    } else {
        "\n"
    };
    let mut failure = None;
    let source = Chunks {
        files,
        path,
        offset: 0,
        left: Vec::new(),
        failure: &mut failure,
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(true)
        .flexible(true)
        .from_reader(source);
    let counted = count(&mut reader);
    drop(reader);
    match (counted, failure) {
        (Ok((columns, rows)), _) => Ok(Some(Table {
            columns,
            rows,
            line_end,
            separator,
        })),
        (Err(_), Some(error)) => Err(error),
        (Err(error), None) => Err(unreadable(path, &error)),
    }
}

fn count<R: Read>(reader: &mut csv::Reader<R>) -> csv::Result<(Vec<String>, u64)> {
    let header = reader.byte_headers()?;
    let column = |cell: &[u8]| String::from_utf8_lossy(cell).trim().to_owned();
    let mut columns: Vec<_> = header.iter().map(column).collect();
    if let Some(first) = columns.first_mut() {
        *first = first
            .trim_start_matches('\u{feff}')
            .trim_matches('"')
            .to_owned();
    }
    let mut rows = 0;
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        rows += 1;
    }
    Ok((columns, rows))
}

pub(super) fn unreadable(path: &Path, error: &csv::Error) -> StepError {
    let message = format!(
        "“{}” can't be read as a table: {error}.",
        names::shown_name(path)
    );
    StepError::bad_input("file", message).hint("Choose a CSV file.")
}

/// The separator that occurs most often in the header.
pub(super) fn separator(header: &[u8]) -> u8 {
    let count = |wanted: u8| header.iter().filter(|byte| **byte == wanted).count();
    let tried = [b'\t', b';', b','];
    tried
        .into_iter()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}

/// Whether a key means that column, as it is or as it was written harmlessly.
pub(super) fn same_name(column: &str, key: &str) -> bool {
    let plain = |text: &str| text.trim().to_lowercase();
    plain(column) == plain(key) || column == harmless(key)
}

/// Text that a spreadsheet would take for a formula gets a leading `'`; numbers stay numbers.
pub(super) fn harmless(text: &str) -> String {
    let risky = ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'];
    if text.starts_with(risky) && !is_number(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
}

/// A file read piece by piece through the port; the port's own error is kept beside the stream.
struct Chunks<'a> {
    files: &'a dyn Files,
    path: &'a Path,
    offset: u64,
    left: Vec<u8>,
    failure: &'a mut Option<StepError>,
}

impl Read for Chunks<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() {
            let read = self.files.read_from(self.path, self.offset, CHUNK);
            self.left = read.map_err(|error| {
                *self.failure = Some(error);
                io::Error::other("the file can't be read")
            })?;
            self.offset += self.left.len() as u64;
            self.left.reverse();
        }
        let count = target.len().min(self.left.len());
        for slot in &mut target[..count] {
            *slot = self.left.pop().unwrap_or_default();
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_stay_numbers() {
        for text in [
            "=1+1", "+CMD", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-1+2", "-", "+",
        ] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["-5", "+49", "-1,234.50", "3.7", "plain", "a=b", ""] {
            assert_eq!(harmless(text), text);
        }
    }
}
