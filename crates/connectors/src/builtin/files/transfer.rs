//! What moving and renaming have in common: a plan with the source's marks and the target, and a
//! look that finds the file again.

use std::path::{Path, PathBuf};

use errand_model::{StepError, Value};
use serde::{Deserialize, Serialize};

use super::{
    source::{self, Marks},
    target::{self, How, IfExists, Target},
};
use crate::{
    Call, Looked, Plan,
    builtin::input,
    ports::{Files, IfTaken},
};

#[derive(Debug, Serialize, Deserialize)]
struct Note {
    source: Marks,
    is_folder: bool,
    target: Target,
}

/// Notes what is moved and where to.
pub(super) fn plan(
    files: &dyn Files,
    from: &Path,
    wanted: PathBuf,
    if_exists: IfExists,
) -> Result<Plan, StepError> {
    let found = source::find(files, from)?;
    let target = if wanted == from {
        Target {
            path: wanted.clone(),
            wanted,
            how: How::Nothing,
        }
    } else {
        target::decide(files, wanted, if_exists, found.is_folder)?
    };
    let expected = result(from, &target.path, target.how);
    let note = Note {
        source: Marks::of(files, &found)?,
        is_folder: found.is_folder,
        target,
    };
    input::plan(&note, expected)
}

/// Where it is then: what is skipped stays where it was.
fn result(from: &Path, to: &Path, how: How) -> Value {
    target::path_and_name(if how == How::Nothing { from } else { to })
}

/// The fields that both have.
#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    #[serde(default)]
    if_exists: IfExists,
}

/// Moves it.
pub(super) fn run(call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
    let Input { file, if_exists } = input::read(call.input)?;
    let (files, from) = (call.ports.files.as_ref(), target::tidy(&file));
    let Note {
        source,
        is_folder,
        target,
    } = input::note(plan)?;
    let found = source::find(files, &from)?;
    if is_half_moved(files, &source, &target.path, &found.file_id)? {
        files.rename(&from, &target.path, IfTaken::Replace)?;
        return Ok(target::path_and_name(&target.path));
    }
    let act = |to: &Path, taken| files.rename(&from, to, taken);
    let (path, how) = target::place(files, &target, if_exists, is_folder, act)?;
    Ok(result(&from, &path, how))
}

/// Whether a move across drives got as far as the finished copy before a crash.
fn is_half_moved(
    files: &dyn Files,
    source: &Marks,
    to: &Path,
    found_id: &str,
) -> Result<bool, StepError> {
    let drive = |id: &str| id.split(':').next().map(str::to_owned);
    let Some(there) = files.look(to)? else {
        return Ok(false);
    };
    let across = drive(&there.file_id) != drive(found_id);
    Ok(across && source.file_id == found_id && source.is_or_equals(files, &there))
}

/// Finds out whether it was moved: the target is that file, and the source is gone.
pub(super) fn look(call: &Call<'_>, plan: &Plan) -> Result<Looked, StepError> {
    let Input { file, .. } = input::read(call.input)?;
    let files = call.ports.files.as_ref();
    let Note {
        source,
        is_folder,
        target,
    } = input::note(plan)?;
    if target.how == How::Nothing {
        return Ok(Looked::NotDone);
    }
    let still_there = files.look(&target::tidy(&file))?;
    if let Some(found) = still_there.filter(|found| source.is(found)) {
        let half = is_half_moved(files, &source, &target.path, &found.file_id)?;
        return Ok(if half {
            Looked::HalfDone
        } else {
            Looked::NotDone
        });
    }
    // Something taken at the last moment sent it on to a numbered name.
    let next = target::kin(&target.wanted, is_folder).take(100);
    for path in std::iter::once(target.path.clone()).chain(next) {
        let found = files.look(&path)?;
        if found.is_some_and(|found| source.is_or_equals(files, &found)) {
            return Ok(Looked::Done(target::path_and_name(&path)));
        }
    }
    Ok(Looked::CannotTell)
}
