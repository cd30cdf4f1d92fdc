//! What would lie where after the changes a preview has refused so far.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::ports::FileInfo;

/// What lies at a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// Whatever is at that real path, if anything.
    Real(PathBuf),
    /// A file: what is at the real path, then added bytes.
    File {
        base: Option<PathBuf>,
        added: Vec<u8>,
    },
    /// A folder that doesn't exist yet.
    Folder,
    /// Nothing.
    Gone,
}

/// Paths whose content differs from the disk's.
#[derive(Debug, Default)]
pub(super) struct Overlay(BTreeMap<PathBuf, Content>);

impl Overlay {
    /// What lies at the path: decided by the closest change at or above it.
    pub(super) fn at(&self, path: &Path) -> Content {
        for above in path.ancestors() {
            let Some(content) = self.0.get(above) else {
                continue;
            };
            let rest = path.strip_prefix(above).unwrap_or(Path::new(""));
            return match content {
                same if rest.as_os_str().is_empty() => same.clone(),
                Content::Real(real) => Content::Real(real.join(rest)),
                // Folders above new things are entered too; they may exist on disk.
                Content::Folder | Content::File { .. } | Content::Gone => Content::Gone,
            };
        }
        Content::Real(path.to_owned())
    }

    /// Paths directly below the folder that were changed.
    pub(super) fn children(&self, folder: &Path) -> Vec<PathBuf> {
        self.0
            .keys()
            .filter(|path| path.parent() == Some(folder))
            .cloned()
            .collect()
    }

    /// Puts something there, and forgets what was changed below.
    pub(super) fn put(&mut self, path: &Path, content: Content) {
        self.0.retain(|known, _| !known.starts_with(path));
        self.0.insert(path.to_owned(), content);
    }

    /// Copies what lies there, with everything below.
    pub(super) fn copy(&mut self, from: &Path, to: &Path) {
        let top = self.at(from);
        let below: Vec<_> = self
            .0
            .iter()
            .filter(|(path, _)| path.starts_with(from) && *path != from)
            .filter_map(|(path, content)| {
                Some((to.join(path.strip_prefix(from).ok()?), content.clone()))
            })
            .collect();
        self.put(to, top);
        self.0.extend(below);
    }

    /// Moves what lies there, with everything below.
    pub(super) fn rename(&mut self, from: &Path, to: &Path) {
        self.copy(from, to);
        self.put(from, Content::Gone);
    }
}

/// What a look at a file of this overlay tells.
pub(super) fn file_info(path: &Path, base: Option<FileInfo>, added: u64) -> FileInfo {
    let path = path.to_owned();
    match base {
        Some(base) => FileInfo {
            path,
            size: base.size + added,
            ..base
        },
        None => FileInfo {
            size: added,
            is_folder: false,
            ..folder_info(&path)
        },
    }
}

/// What a look at a folder of this overlay tells.
pub(super) fn folder_info(path: &Path) -> FileInfo {
    FileInfo {
        path: path.to_owned(),
        is_folder: true,
        is_link: false,
        size: 0,
        modified_ns: 0,
        created: None,
        file_id: format!("preview:{}", path.to_string_lossy()),
    }
}
