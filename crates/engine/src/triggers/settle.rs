//! Whether a file in a watched folder is new, still being written, or known. Pure: what was
//! remembered, what is seen and the time go in; what to remember and whether to tell goes out.

use errand_connectors::ports::FileInfo;
use errand_model::Timestamp;
use errand_store::{WatchEntry, WatchState};
use jiff::SignedDuration;

/// How long a file must stay the same.
const QUIET: SignedDuration = SignedDuration::from_secs(2);
/// How long after its writer closed it: one more look.
const QUIET_CLOSED: SignedDuration = SignedDuration::from_millis(8);
/// How long an empty file is taken for a download's placeholder.
const QUIET_EMPTY: SignedDuration = SignedDuration::from_secs(60);

/// What is known beyond the entry and the file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Circumstances {
    /// Its writer closed it, or it was renamed into place.
    pub(crate) closed: bool,
    /// The name was seen to vanish since the last look.
    pub(crate) vanished: bool,
    /// Changes may have been missed: a start, or more events than the system keeps.
    pub(crate) unsure: bool,
}

/// What to do about a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// Nothing new.
    Known,
    /// Remember this; nothing to tell.
    Remember(WatchEntry),
    /// Look again at that time.
    Settling(WatchEntry, Timestamp),
    /// A new file, finished.
    New(WatchEntry),
}

pub(crate) fn judge(
    rel: &[u8],
    entry: Option<&WatchEntry>,
    seen: &FileInfo,
    circumstances: Circumstances,
    now: Timestamp,
) -> Verdict {
    let fresh = || entry_of(rel, seen, WatchState::Settling, now);
    let Some(entry) = entry else {
        return settling(fresh(), circumstances, now);
    };
    match entry.state {
        WatchState::Gone => settling(fresh(), circumstances, now),
        WatchState::Settling if is_same(entry, seen) => settle(entry, circumstances, now),
        WatchState::Settling => settling(fresh(), circumstances, now),
        WatchState::Baseline | WatchState::Emitted => {
            if is_same(entry, seen) {
                Verdict::Known
            } else if is_another(entry, seen, circumstances) {
                settling(fresh(), circumstances, now)
            } else {
                Verdict::Remember(entry_of(rel, seen, entry.state, entry.since))
            }
        }
    }
}

/// A known name with other content is a change, not a new file, unless the known file went away in
/// between. Saving by replacing keeps the name; moving away and arriving anew doesn't.
fn is_another(entry: &WatchEntry, seen: &FileInfo, circumstances: Circumstances) -> bool {
    let other_file = entry.file_id != seen.file_id;
    circumstances.vanished
        || (circumstances.unsure && other_file && entry.state == WatchState::Emitted)
}

fn settle(entry: &WatchEntry, circumstances: Circumstances, now: Timestamp) -> Verdict {
    let ready = ready_at(entry, circumstances);
    if now >= ready {
        Verdict::New(WatchEntry {
            state: WatchState::Emitted,
            ..entry.clone()
        })
    } else {
        Verdict::Settling(entry.clone(), ready)
    }
}

fn settling(entry: WatchEntry, circumstances: Circumstances, now: Timestamp) -> Verdict {
    let ready = ready_at(&entry, circumstances).max(now);
    Verdict::Settling(entry, ready)
}

fn ready_at(entry: &WatchEntry, circumstances: Circumstances) -> Timestamp {
    let quiet = match (entry.size, circumstances.closed) {
        (0, _) => QUIET_EMPTY,
        (_, true) => QUIET_CLOSED,
        (_, false) => QUIET,
    };
    entry.since + quiet
}

pub(crate) fn is_same(entry: &WatchEntry, seen: &FileInfo) -> bool {
    (entry.size, entry.modified_ns) == (seen.size, seen.modified_ns)
        && entry.file_id == seen.file_id
}

pub(crate) fn entry_of(
    rel: &[u8],
    seen: &FileInfo,
    state: WatchState,
    since: Timestamp,
) -> WatchEntry {
    let (file_id, size, modified_ns) = (seen.file_id.clone(), seen.size, seen.modified_ns);
    WatchEntry {
        rel: rel.to_vec(),
        file_id,
        size,
        modified_ns,
        state,
        since,
    }
}

/// Names that programs use while they are still writing.
pub(crate) fn is_temporary(name: &str) -> bool {
    const ENDINGS: [&str; 6] = [
        ".part",
        ".crdownload",
        ".download",
        ".tmp",
        ".filepart",
        ".swp",
    ];
    const NAMES: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|ending| lower.ends_with(ending))
        || NAMES.contains(&name)
        || name.starts_with("~$")
        || name.starts_with(".~lock")
        || name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: &str, size: u64) -> FileInfo {
        FileInfo {
            path: "/f/a.pdf".into(),
            is_folder: false,
            is_link: false,
            size,
            modified_ns: 7,
            created: None,
            file_id: id.into(),
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    fn known(id: &str, state: WatchState) -> WatchEntry {
        entry_of(b"a.pdf", &file(id, 5), state, at(0))
    }

    fn verdict(
        entry: &WatchEntry,
        seen: &FileInfo,
        about: Circumstances,
        now: Timestamp,
    ) -> Verdict {
        judge(b"a.pdf", Some(entry), seen, about, now)
    }

    #[test]
    fn a_file_that_still_grows_is_not_new_yet() {
        let settling = known("1", WatchState::Settling);
        let grown = verdict(&settling, &file("1", 6), Circumstances::default(), at(10));
        assert!(
            matches!(grown, Verdict::Settling(entry, ready) if entry.size == 6 && ready == at(12))
        );
    }

    #[test]
    fn a_file_counts_after_two_quiet_seconds_or_at_once_after_its_writer_closed_it() {
        let settling = known("1", WatchState::Settling);
        let quiet = Circumstances::default();
        assert!(matches!(
            verdict(&settling, &file("1", 5), quiet, at(1)),
            Verdict::Settling(..)
        ));
        assert!(matches!(
            verdict(&settling, &file("1", 5), quiet, at(2)),
            Verdict::New(_)
        ));
        let closed = Circumstances {
            closed: true,
            ..quiet
        };
        assert!(matches!(
            verdict(&settling, &file("1", 5), closed, at(1)),
            Verdict::New(_)
        ));
    }

    #[test]
    fn saving_by_replacing_is_a_change_but_arriving_after_vanishing_is_new() {
        let emitted = known("1", WatchState::Emitted);
        let replaced = verdict(&emitted, &file("2", 9), Circumstances::default(), at(9));
        assert!(matches!(replaced, Verdict::Remember(_)));
        let vanished = Circumstances {
            vanished: true,
            ..Circumstances::default()
        };
        assert!(matches!(
            verdict(&emitted, &file("2", 9), vanished, at(9)),
            Verdict::Settling(..)
        ));
    }

    #[test]
    fn a_file_of_before_the_switch_on_never_becomes_new_by_editing() {
        let baseline = known("1", WatchState::Baseline);
        let unsure = Circumstances {
            unsure: true,
            ..Circumstances::default()
        };
        assert!(matches!(
            verdict(&baseline, &file("2", 9), unsure, at(9)),
            Verdict::Remember(_)
        ));
    }
}
