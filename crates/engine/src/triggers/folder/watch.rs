//! Which files of which folder count, as the trigger's fields say.

use std::{
    os::unix::{
        ffi::{OsStrExt, OsStringExt},
        fs::MetadataExt,
    },
    path::{Path, PathBuf},
    sync::Arc,
};

use errand_connectors::ports::{FileInfo, Files, Grant, Grants, disk::DiskFiles};
use errand_model::{ErrorKind, StepError, Value};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Look;
use crate::{grants, triggers::settle};

/// Folders deeper than this below the watched one are left out.
const DEEPEST: usize = 32;

/// A folder trigger's fields.
pub(crate) struct FolderWatch {
    pub(crate) folder: PathBuf,
    pub(crate) subfolders: bool,
    /// Files there at the first switch-on count too.
    pub(crate) existing: bool,
    /// For examples.
    pub(crate) first_pattern: Option<String>,
    patterns: Option<GlobSet>,
}

impl FolderWatch {
    /// Reads the fields.
    pub(crate) fn of(config: &Value, home: &Path) -> Result<Self, StepError> {
        let folder = config["folder"]
            .as_str()
            .unwrap_or_default()
            .trim_end_matches('/');
        if folder.is_empty() {
            return Err(StepError::bad_input("folder", "No folder is chosen.")
                .hint("Choose the folder to watch."));
        }
        Ok(Self {
            folder: grants::expand(folder, home),
            subfolders: config["subfolders"].as_bool().unwrap_or_default(),
            existing: config["existing"].as_bool().unwrap_or_default(),
            first_pattern: listed(&config["matching"])
                .first()
                .map(|first| (*first).to_owned()),
            patterns: patterns(&config["matching"])?,
        })
    }

    /// A port that sees this folder only.
    pub(crate) fn files(&self, trash_folder: PathBuf) -> Arc<dyn Files> {
        let grant = Grant {
            folder: self.folder.clone(),
            only: None,
        };
        Arc::new(DiskFiles::new(Grants(vec![grant]), trash_folder))
    }

    /// What tells this folder from another one of the same name; None while it isn't there.
    pub(crate) fn identity(&self) -> Option<(u64, u64)> {
        let found = std::fs::metadata(&self.folder).ok()?;
        Some((found.dev(), found.ino()))
    }

    /// Every file in the folder, or why it can't be looked at.
    pub(crate) fn scan(&self, files: &dyn Files) -> Result<Vec<FileInfo>, StepError> {
        let there = files.look(&self.folder)?.is_some_and(|info| info.is_folder);
        if !there {
            let message = format!("The folder {} isn't there.", self.folder.display());
            let error = StepError::new(ErrorKind::NotFound, message);
            return Err(error.hint("Create it, or choose another folder."));
        }
        self.scan_below(files, &self.folder)
    }

    /// Every file below one folder of it.
    pub(crate) fn scan_below(
        &self,
        files: &dyn Files,
        folder: &Path,
    ) -> Result<Vec<FileInfo>, StepError> {
        let mut found = Vec::new();
        let mut open = vec![(folder.to_owned(), 0)];
        while let Some((folder, depth)) = open.pop() {
            for info in files.list(&folder)? {
                match (info.is_link, info.is_folder) {
                    (false, false) => found.push(info),
                    (false, true) if self.subfolders && depth < DEEPEST => {
                        open.push((info.path, depth + 1));
                    }
                    _ => {}
                }
            }
        }
        Ok(found)
    }

    /// A path's name within the folder; None for the folder itself and anything outside.
    pub(crate) fn relative(&self, path: &Path) -> Option<Vec<u8>> {
        let relative = path.strip_prefix(&self.folder).ok()?.as_os_str().as_bytes();
        (!relative.is_empty()).then(|| relative.to_vec())
    }

    pub(crate) fn absolute(&self, rel: &[u8]) -> PathBuf {
        self.folder.join(std::ffi::OsString::from_vec(rel.to_vec()))
    }

    /// Whether a file counts: an ordinary file that is not in the making and fits the patterns.
    pub(crate) fn matches(&self, look: &Look) -> bool {
        let name = look.name();
        !look.info.is_folder
            && !look.info.is_link
            && !settle::is_temporary(&name)
            && self
                .patterns
                .as_ref()
                .is_none_or(|patterns| patterns.is_match(&name))
    }
}

/// One pattern, or a list of them.
fn listed(matching: &Value) -> Vec<&str> {
    let items = matching
        .as_array()
        .map_or(std::slice::from_ref(matching), Vec::as_slice);
    let items = items.iter().filter_map(Value::as_str).map(str::trim);
    items.filter(|pattern| !pattern.is_empty()).collect()
}

/// The patterns as one; capital letters make no difference.
fn patterns(matching: &Value) -> Result<Option<GlobSet>, StepError> {
    let listed = listed(matching);
    if listed.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for pattern in listed {
        set.add(
            GlobBuilder::new(pattern)
                .case_insensitive(true)
                .build()
                .map_err(|_| {
                    StepError::bad_input("matching", format!("`{pattern}` isn't a pattern."))
                        .hint("Write it like `*.pdf` or `scan*`.")
                })?,
        );
    }
    set.build().map(Some).map_err(|error| {
        StepError::bad_input(
            "matching",
            format!("The patterns can't be used together: {error}."),
        )
        .hint("Write fewer or shorter patterns.")
    })
}
