//! The file or folder a step acts on, and the marks by which it is known again after a crash.

use std::path::Path;

use errand_model::{ErrorKind, StepError};
use serde::{Deserialize, Serialize};

use crate::{
    names,
    ports::{FileInfo, Files},
};

/// Up to this size the content is noted too; beyond it, size and time must do.
const SMALL: u64 = 1024 * 1024;

/// Marks of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marks {
    pub(super) file_id: String,
    pub(super) size: u64,
    pub(super) modified_ns: i64,
    pub(super) hash: Option<String>,
}

impl Marks {
    /// The marks of what was found there.
    pub(super) fn of(files: &dyn Files, found: &FileInfo) -> Result<Self, StepError> {
        let small = !found.is_folder && !found.is_link && found.size <= SMALL;
        Ok(Self {
            file_id: found.file_id.clone(),
            size: found.size,
            modified_ns: found.modified_ns,
            hash: if small {
                Some(files.hash(&found.path)?)
            } else {
                None
            },
        })
    }

    /// Whether that is the file itself, under whatever name.
    pub(super) fn is(&self, found: &FileInfo) -> bool {
        self.file_id == found.file_id
    }

    /// Whether that is the file or a whole copy of it, as a move across drives leaves it.
    pub(super) fn is_or_equals(&self, files: &dyn Files, found: &FileInfo) -> bool {
        if self.is(found) {
            return true;
        }
        match &self.hash {
            Some(hash) if found.size == self.size => {
                files.hash(&found.path).is_ok_and(|there| there == *hash)
            }
            Some(_) => false,
            None => found.size == self.size && found.modified_ns == self.modified_ns,
        }
    }
}

/// What is there now; an error in plain words if nothing is.
pub(super) fn find(files: &dyn Files, path: &Path) -> Result<FileInfo, StepError> {
    files.look(path)?.ok_or_else(|| {
        let mut error = match is_beyond_text(files, path) {
            true => beyond_text(path),
            false => gone(path),
        };
        error.field = Some("file".into());
        error
    })
}

fn gone(path: &Path) -> StepError {
    let name = names::shown_name(path);
    StepError::new(ErrorKind::NotFound, format!("“{name}” is no longer there."))
        .hint("It was moved, renamed or deleted before this step could use it.")
}

/// Whether a name there looks like this one once what isn't text (UTF-8) in it is replaced.
fn is_beyond_text(files: &dyn Files, path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(folder) = path.parent().filter(|_| name.contains('\u{fffd}')) else {
        return false;
    };
    let there = files.list(folder).unwrap_or_default();
    there.iter().any(|found| {
        let there = found.path.file_name().unwrap_or_default();
        there.to_str().is_none() && there.to_string_lossy() == name
    })
}

fn beyond_text(path: &Path) -> StepError {
    let name = names::shown_name(path);
    let message = format!(
        "The name “{name}” holds bytes that aren't text (UTF-8), so this step can't use it."
    );
    StepError::new(ErrorKind::BadInput, message)
        .hint("Give the file another name in your file manager, then try again.")
}
