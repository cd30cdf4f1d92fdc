//! Journaled additions at the end of a file: what is added and where is noted before, so that
//! after a crash one can tell whether it was.

use std::path::Path;

use errand_model::{ErrorKind, StepError, Value};
use serde::{Deserialize, Serialize};

use super::input;
use crate::{Looked, Plan, ports::Files};

/// How often an addition makes way for another one that was faster.
const TRIES: u32 = 1_000;
/// A file that grew by more than this since the plan isn't searched.
const MOST_GROWTH: u64 = 16 * 1024 * 1024;

/// What is to be added where.
pub(super) struct Addition {
    pub(super) offset: u64,
    pub(super) bytes: Vec<u8>,
    /// The action's output once it is added.
    pub(super) result: Value,
}

/// What is noted of an [`Addition`].
#[derive(Serialize, Deserialize)]
pub(super) struct Note {
    offset: u64,
    length: u64,
    hash: String,
    text: String,
    result: Value,
}

impl Addition {
    /// The note to make before acting.
    fn note(&self) -> Note {
        Note {
            offset: self.offset,
            length: self.bytes.len() as u64,
            hash: blake3::hash(&self.bytes).to_hex().to_string(),
            text: String::from_utf8_lossy(&self.bytes).into_owned(),
            result: self.result.clone(),
        }
    }

    /// The plan of an action that adds this.
    pub(super) fn plan(&self) -> Result<Plan, StepError> {
        input::plan(&self.note(), self.result.clone())
    }
}

/// Adds it. If the file grew since the plan was made, `again` makes the addition anew.
pub(super) fn run(
    files: &dyn Files,
    path: &Path,
    again: impl Fn() -> Result<Addition, StepError>,
) -> Result<Value, StepError> {
    let mut tries = 0;
    loop {
        let addition = again()?;
        tries += 1;
        match files.append(path, addition.offset, &addition.bytes) {
            Err(error) if error.kind == ErrorKind::Conflict && tries < TRIES => {}
            other => return other.map(|()| addition.result),
        }
    }
}

/// Whether it was added; takes a torn addition back.
pub(super) fn look(files: &dyn Files, path: &Path, plan: &Plan) -> Result<Looked, StepError> {
    let note: Note = input::note(plan)?;
    let size = end_of(files, path)?;
    let ours = note.text.as_bytes();
    if blake3::hash(ours).to_hex().as_str() != note.hash || size > note.offset + MOST_GROWTH {
        return Ok(Looked::CannotTell);
    }
    if size == note.offset {
        return Ok(Looked::NotDone);
    }
    if size < note.offset {
        return Ok(Looked::CannotTell);
    }
    let added = files.read_from(path, note.offset, MOST_GROWTH)?;
    if added == ours {
        return Ok(Looked::Done(note.result));
    }
    if added.len() < ours.len() && ours.starts_with(&added) {
        files.truncate(path, note.offset)?;
        return Ok(Looked::NotDone);
    }
    Ok(Looked::CannotTell)
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
