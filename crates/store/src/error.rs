//! What can go wrong with the database, as sentences a person can read.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use rusqlite::ErrorCode;

use crate::{
    folder::{BACKUPS, DATABASE},
    header::newest_copy,
};

/// A failed read, write or opening of the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Another Errand has the folder.
    #[error("Errand is already running with the folder {}", folder.display())]
    AlreadyRunning {
        /// The data folder.
        folder: PathBuf,
    },
    /// A newer Errand has written the database.
    #[error(
        "the database {} was written by a newer Errand (its format is {found}, this Errand knows formats up to {known})",
        file.display()
    )]
    Newer {
        /// The database file.
        file: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format of this program.
        known: i64,
    },
    /// Nothing was written because there is no room.
    #[error("the disk that holds Errand's data is full, so nothing was saved")]
    DiskFull,
    /// Another Errand took over the folder meanwhile.
    #[error("another Errand has taken over this data folder, so nothing was saved")]
    Fenced,
    /// The database was closed.
    #[error("Errand's database is closed")]
    Closed,
    /// The row isn't there.
    #[error("there is no {what}")]
    Missing {
        /// Kind and name of what was looked for.
        what: String,
    },
    /// What was changed has been changed by someone else since it was read.
    #[error("this workflow was changed somewhere else meanwhile, so nothing was saved")]
    Stale,
    /// A rule of the database forbids the change.
    #[error("Errand's database refused a change: {rule}")]
    Refused {
        /// The rule.
        rule: String,
    },
    /// The database turned out to be damaged while it was in use.
    #[error("Errand's database is damaged: {detail}")]
    Damaged {
        /// What SQLite says.
        detail: String,
    },
    /// The file isn't a sound database, so that it wasn't opened.
    #[error("Errand's database {} can't be opened: {detail}", file.display())]
    Unsound {
        /// The database file.
        file: PathBuf,
        /// What is wrong.
        detail: String,
        /// The newest copy of it, if there is one.
        copy: Option<PathBuf>,
    },
    /// The disk didn't read or write.
    #[error("the disk that holds Errand's data did not work: {detail}")]
    Disk {
        /// What SQLite says.
        detail: String,
    },
    /// The data folder or a file in it can't be used.
    #[error("cannot {doing} {}: {detail}", path.display())]
    Folder {
        /// What was tried: "create", "lock".
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the operating system says.
        detail: String,
    },
    /// Anything else; a fault in Errand.
    #[error("Errand's database could not do that: {detail}")]
    Failed {
        /// What happened.
        detail: String,
    },
}

impl Error {
    /// What a person can do about it.
    pub fn hint(&self) -> Cow<'static, str> {
        let fixed = match self {
            Self::Unsound { file, copy, .. } => return way_back(file, copy.as_deref()).into(),
            Self::AlreadyRunning { .. } => {
                "Use the Errand that is running, quit it first, or choose another data folder."
            }
            Self::Newer { .. } => {
                "Update Errand, or restore a copy from the `backups` folder next to the database."
            }
            Self::DiskFull => "Free some space on this disk; Errand then goes on by itself.",
            Self::Fenced => "Quit this Errand and use the other one.",
            Self::Closed => "Start Errand again.",
            Self::Missing { .. } => "It may have been deleted meanwhile. Look at the list again.",
            Self::Stale => "Look at what it is now, then decide which version to keep.",
            Self::Damaged { .. } => {
                "Quit Errand, keep a copy of its data folder, and put the newest file of the `backups` folder in it in the place of errand.db. Nothing was deleted."
            }
            Self::Disk { .. } => {
                "Check the disk, then start Errand again. Nothing unsaved was acted on."
            }
            Self::Folder { .. } => "Check that the folder exists and that you may write to it.",
            Self::Refused { .. } | Self::Failed { .. } => {
                "This is a fault in Errand. Please report it with this message."
            }
        };
        fixed.into()
    }

    pub(crate) fn unsound(file: &Path, detail: impl Into<String>) -> Self {
        Self::Unsound {
            file: file.to_owned(),
            detail: detail.into(),
            copy: newest_copy(file),
        }
    }

    /// Damage that shows while the file is being opened, with its name and the way back.
    pub(crate) fn while_opening(self, file: &Path) -> Self {
        match self {
            Self::Damaged { detail } => Self::unsound(file, detail),
            other => other,
        }
    }

    /// Whether memory and disk may disagree, so that only a restart is safe.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self, Self::Disk { .. } | Self::Damaged { .. })
    }

    pub(crate) fn missing(kind: &str, name: impl std::fmt::Display) -> Self {
        Self::Missing {
            what: format!("{kind} {name}"),
        }
    }

    pub(crate) fn folder(doing: &'static str, path: &Path, error: &std::io::Error) -> Self {
        Self::Folder {
            doing,
            path: path.to_owned(),
            detail: errand_model::system_words(error),
        }
    }
}

/// How to get going again after the file was lost or damaged.
fn way_back(file: &Path, copy: Option<&Path>) -> String {
    let (file, folder) = (
        file.display(),
        file.parent().unwrap_or(Path::new(".")).display(),
    );
    let restore = match copy {
        Some(copy) => format!("copy {} to {file}", copy.display()),
        None => format!(
            "put a copy of your own at {file} (Errand has none in {folder}/{BACKUPS}), or leave the folder empty to begin anew"
        ),
    };
    format!(
        "Nothing was deleted or changed. Move everything in {folder} whose name begins with {DATABASE} to a safe place, then {restore}, and start Errand again."
    )
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ConstraintViolation) => Self::Refused { rule: detail },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { detail },
            Some(ErrorCode::SystemIoFailure) => Self::Disk { detail },
            _ => Self::Failed { detail },
        }
    }
}

/// Turns "no row was changed" into an error that names the row.
pub(crate) fn changed_one(
    rows: usize,
    kind: &str,
    name: impl std::fmt::Display,
) -> Result<(), Error> {
    if rows == 0 {
        Err(Error::missing(kind, name))
    } else {
        Ok(())
    }
}
