//! Where something shall go, and what happens when that name is taken.

use std::path::{Path, PathBuf};

use errand_model::{ErrorKind, Field, FieldKind, StepError, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    builtin::describe::{FieldExt as _, field},
    names,
    ports::{Files, IfTaken},
};

/// More numbered names than this are not tried.
const MOST: u32 = 10_000;

/// What to do when the name is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum IfExists {
    #[default]
    KeepBoth,
    Replace,
    Skip,
    Fail,
}

/// The field that asks for it.
pub(super) fn if_exists_field() -> Field {
    field(
        "if_exists",
        "If the name is taken",
        FieldKind::Choice,
        "What to do when something of that name is already there.",
    )
    .default("keep_both")
    .choices(&[
        ("keep_both", "Keep both: add (2) to the new one's name"),
        ("replace", "Replace what is there"),
        ("skip", "Leave what is there and skip this"),
        ("fail", "Stop and ask me"),
    ])
    .advanced()
}

/// How a target is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum How {
    /// The name is free.
    Fresh,
    /// What is there gives way.
    Replace,
    /// Nothing is to be done.
    Nothing,
}

/// A target that was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Target {
    /// What the person asked for.
    pub(super) wanted: PathBuf,
    /// What it will be.
    pub(super) path: PathBuf,
    /// How it is taken.
    pub(super) how: How,
}

/// The full path meant by a `to`: into it if it ends in `/` or is a folder, else it itself.
pub(super) fn resolve(files: &dyn Files, to: &str, name: &Path) -> Result<PathBuf, StepError> {
    let path = Path::new(to);
    let is_folder = to.ends_with('/') || files.look(path)?.is_some_and(|there| there.is_folder);
    match name.file_name() {
        Some(name) if is_folder => Ok(tidy(&path.join(name))),
        _ => Ok(tidy(path)),
    }
}

/// Without a trailing slash.
pub(super) fn tidy(path: &Path) -> PathBuf {
    path.components().collect()
}

/// Decides where it goes, given what is there now.
pub(super) fn decide(
    files: &dyn Files,
    wanted: PathBuf,
    if_exists: IfExists,
    is_folder: bool,
) -> Result<Target, StepError> {
    let taken = files.look(&wanted)?;
    let (path, how) = match (taken, if_exists) {
        (None, _) => (wanted.clone(), How::Fresh),
        (Some(_), IfExists::KeepBoth) => (next_free(files, &wanted, is_folder)?, How::Fresh),
        (Some(there), IfExists::Replace) if there.is_folder || is_folder => {
            return Err(taken_by(&wanted, "Only files are replaced, never folders."));
        }
        (Some(_), IfExists::Replace) => (wanted.clone(), How::Replace),
        (Some(_), IfExists::Skip) => (wanted.clone(), How::Nothing),
        (Some(_), IfExists::Fail) => {
            return Err(taken_by(
                &wanted,
                "Rename or remove it, or let this step keep both.",
            ));
        }
    };
    Ok(Target { wanted, path, how })
}

fn taken_by(path: &Path, hint: &str) -> StepError {
    let name = names::shown_name(path);
    let folder = path.parent().map(names::shown_name).unwrap_or_default();
    let message = format!("There is already something called “{name}” in “{folder}”.");
    StepError::new(ErrorKind::Conflict, message).hint(hint)
}

/// The numbered names that "keep both" tries, in order.
pub(super) fn kin(wanted: &Path, is_folder: bool) -> impl Iterator<Item = PathBuf> {
    let name = wanted
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    (2..MOST).map(move |number| wanted.with_file_name(names::numbered(&name, number, is_folder)))
}

fn next_free(files: &dyn Files, wanted: &Path, is_folder: bool) -> Result<PathBuf, StepError> {
    for path in kin(wanted, is_folder) {
        if files.look(&path)?.is_none() {
            return Ok(path);
        }
    }
    Err(taken_by(
        wanted,
        "There are thousands of that name already; clear the folder out.",
    ))
}

/// Acts on the target. If somebody took the name since the plan was made, "keep both" goes on to
/// the next free one and "skip" gives in.
pub(super) fn place(
    files: &dyn Files,
    target: &Target,
    if_exists: IfExists,
    is_folder: bool,
    act: impl Fn(&Path, IfTaken) -> Result<(), StepError>,
) -> Result<(PathBuf, How), StepError> {
    let mut target = target.clone();
    for _ in 0..MOST {
        let taken = match target.how {
            How::Nothing => return Ok((target.path, How::Nothing)),
            How::Fresh => IfTaken::Refuse,
            How::Replace => IfTaken::Replace,
        };
        match act(&target.path, taken) {
            Ok(()) => return Ok((target.path, target.how)),
            Err(error) if error.kind != ErrorKind::Conflict => return Err(error),
            Err(error) if files.look(&target.path)?.is_none() => return Err(error),
            Err(error) => match if_exists {
                IfExists::KeepBoth | IfExists::Skip => {
                    target = decide(files, target.wanted, if_exists, is_folder)?;
                }
                IfExists::Replace | IfExists::Fail => return Err(error),
            },
        }
    }
    Err(taken_by(
        &target.wanted,
        "Clear the folder out, then try again.",
    ))
}

/// `path` and `name`, as most file actions give them.
pub(super) fn path_and_name(path: &Path) -> Value {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    json!({ "path": path.to_string_lossy(), "name": name })
}

/// Whether an earlier try of a step got as far as the finished file.
pub(super) fn is_written(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<bool, StepError> {
    let there = files.look(path)?;
    let alike = there.is_some_and(|there| !there.is_folder && there.size == bytes.len() as u64);
    Ok(alike && files.hash(path)? == blake3::hash(bytes).to_hex().as_str())
}
