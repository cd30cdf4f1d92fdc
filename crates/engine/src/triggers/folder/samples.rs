//! What a folder trigger could give now: the memory to begin with, and examples for trying out.

use std::path::Path;

use errand_connectors::ports::{FileInfo, Files};
use errand_model::{StepError, Timestamp, Value};
use errand_store::{WatchEntry, WatchState};

use super::{FolderWatch, Look, Watching};
use crate::triggers::settle;

/// The memory of what is in the folder when it is switched on; those files don't count, unless the
/// trigger says so.
pub(crate) fn baseline(
    watch: &FolderWatch,
    watching: Watching,
    files: &dyn Files,
    now: Timestamp,
) -> Result<Vec<WatchEntry>, StepError> {
    let seen = watch.scan(files)?;
    let looks = seen.into_iter().map(|info| Look::at(watch, info));
    let entries =
        looks.map(|look| settle::entry_of(&look.rel, &look.info, WatchState::Baseline, now));
    Ok(match (watch.existing, watching) {
        (false, _) => entries.collect(),
        (true, Watching::New) => Vec::new(),
        (true, Watching::Changes) => entries.map(as_if_changed).collect(),
    })
}

/// A memory that differs from every file.
fn as_if_changed(entry: WatchEntry) -> WatchEntry {
    WatchEntry {
        file_id: String::new(),
        ..entry
    }
}

/// Up to `limit` files that would count, newest first, as events.
pub(crate) fn samples(watch: &FolderWatch, files: &dyn Files, limit: usize) -> Vec<Value> {
    let seen = watch.scan(files).unwrap_or_default();
    let looks = seen.into_iter().map(|info| Look::at(watch, info));
    let mut looks: Vec<Look> = looks
        .filter(|look| watch.matches(look) && !look.is_odd())
        .collect();
    looks.sort_by_key(|look| std::cmp::Reverse(look.info.modified_ns));
    looks.iter().take(limit).map(Look::payload).collect()
}

/// A file as it might appear, with an ending that fits the patterns.
pub(crate) fn example(watch: &FolderWatch, name: &str, now: Timestamp) -> Value {
    let stem = Path::new(name)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let ending = watch
        .first_pattern
        .as_deref()
        .and_then(|pattern| pattern.strip_prefix("*."));
    let name = match ending {
        Some(ending) if ending.chars().all(char::is_alphanumeric) => format!("{stem}.{ending}"),
        _ => name.to_owned(),
    };
    let modified_ns = i64::try_from(now.as_nanosecond()).unwrap_or_default();
    let info = FileInfo {
        path: watch.folder.join(name),
        is_folder: false,
        is_link: false,
        size: 182_000,
        modified_ns,
        created: Some(now),
        file_id: String::new(),
    };
    Look::at(watch, info).payload()
}
