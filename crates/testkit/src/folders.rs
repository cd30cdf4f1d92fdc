//! An independent look at folders: what is there, with content and times, asking nobody but the
//! operating system.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// One file, folder or link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `file`, `folder` or `link`.
    pub kind: &'static str,
    /// BLAKE3 of a file's content, or a link's target; empty for a folder.
    pub content: String,
    /// Last change, in nanoseconds.
    pub modified: i128,
}

/// Everything below a folder, by relative path.
pub type Snapshot = BTreeMap<PathBuf, Entry>;

/// Looks at everything below `folder`. A folder that isn't there holds nothing.
pub fn snapshot(folder: &Path) -> Snapshot {
    let mut found = Snapshot::new();
    add(folder, folder, &mut found);
    found
}

/// Names and content hashes of the files directly or deeper in `folder`, by relative path.
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, String> {
    let files = snapshot(folder)
        .into_iter()
        .filter(|(_, entry)| entry.kind == "file");
    files.map(|(path, entry)| (path, entry.content)).collect()
}

/// How many files lie in `folder` and below.
pub fn count(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .map(|path| if path.is_dir() { count(&path) } else { 1 })
        .sum()
}

/// The hash that [`snapshot`] and [`contents`] give for this content.
pub fn hash(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

fn add(root: &Path, folder: &Path, found: &mut Snapshot) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        // A file may go while we look; then it isn't there.
        let Some(entry) = look(&path) else { continue };
        let is_folder = entry.kind == "folder";
        let relative = path.strip_prefix(root).unwrap_or(&path).to_owned();
        found.insert(relative, entry);
        if is_folder {
            add(root, &path, found);
        }
    }
}

fn look(path: &Path) -> Option<Entry> {
    let about = fs::symlink_metadata(path).ok()?;
    let modified = i128::from(about.mtime()) * 1_000_000_000 + i128::from(about.mtime_nsec());
    let (kind, content) = if about.is_symlink() {
        ("link", fs::read_link(path).ok()?.display().to_string())
    } else if about.is_dir() {
        ("folder", String::new())
    } else {
        ("file", hash(&fs::read(path).ok()?))
    };
    Some(Entry {
        kind,
        content,
        modified,
    })
}
