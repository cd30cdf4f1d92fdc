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
    let gone = || {
        let name = names::shown_name(path);
        let mut error =
            StepError::new(ErrorKind::NotFound, format!("“{name}” is no longer there."))
                .hint("It was moved, renamed or deleted before this step could use it.");
        error.field = Some("file".into());
        error
    };
    files.look(path)?.ok_or_else(gone)
}
