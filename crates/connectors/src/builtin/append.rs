//! Journaled additions at the end of a file: what is added and where is noted before, so that
//! after a crash one can tell whether it was. Additions to one file take turns
//! ([`Action::turn`](crate::Action::turn)), so that nobody else's stands where ours was to go.

use std::path::{Path, PathBuf};

use errand_model::{Map, StepError, Value};
use serde::{Deserialize, Serialize};

use super::input;
use crate::{Looked, Plan, ports::Files};

/// What is to be added where.
pub(super) struct Addition {
    pub(super) offset: u64,
    pub(super) bytes: Vec<u8>,
    /// The action's output once it is added.
    pub(super) result: Value,
}

/// What is noted of an [`Addition`].
#[derive(Serialize, Deserialize)]
struct Note {
    offset: u64,
    text: String,
    result: Value,
}

impl Addition {
    /// The plan of an action that adds this.
    pub(super) fn plan(self) -> Result<Plan, StepError> {
        let note = Note {
            offset: self.offset,
            text: String::from_utf8_lossy(&self.bytes).into_owned(),
            result: self.result,
        };
        let expected = note.result.clone();
        input::plan(&note, expected)
    }
}

/// The file that is added to: [`Action::turn`](crate::Action::turn).
pub(super) fn turn(input: &Map) -> Option<PathBuf> {
    input.get("file").and_then(Value::as_str).map(PathBuf::from)
}

/// Adds it where the plan says; a conflict if the file doesn't end there any more.
pub(super) fn run(files: &dyn Files, path: &Path, plan: &Plan) -> Result<Value, StepError> {
    let note: Note = input::note(plan)?;
    files.append(path, note.offset, note.text.as_bytes())?;
    Ok(note.result)
}

/// Whether it was added, also if others have added since; completes what a crash has torn.
pub(super) fn look(files: &dyn Files, path: &Path, plan: &Plan) -> Result<Looked, StepError> {
    let note: Note = input::note(plan)?;
    let ours = note.text.as_bytes();
    let size = end_of(files, path)?;
    if size == note.offset {
        return Ok(Looked::NotDone);
    }
    let there = files.read_from(path, note.offset, ours.len() as u64)?;
    if there.is_empty() || !ours.starts_with(&there) {
        return Ok(Looked::CannotTell);
    }
    if there.len() < ours.len() {
        files.append(path, size, &ours[there.len()..])?;
    }
    Ok(Looked::Done(note.result))
}

/// The size of the file; 0 if there is none.
pub(super) fn end_of(files: &dyn Files, path: &Path) -> Result<u64, StepError> {
    Ok(files.look(path)?.map_or(0, |there| there.size))
}

/// Whether something added at `offset` would begin a line.
pub(super) fn begins_a_line(
    files: &dyn Files,
    path: &Path,
    offset: u64,
) -> Result<bool, StepError> {
    let Some(last) = offset.checked_sub(1) else {
        return Ok(true);
    };
    Ok(files
        .read_from(path, last, 1)?
        .first()
        .is_none_or(|byte| *byte == b'\n'))
}
