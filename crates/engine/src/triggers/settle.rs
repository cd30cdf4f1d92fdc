//! Whether a file in a watched folder is new or changed, still being written, or known. Pure: what was
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
    /// An empty file isn't taken for a download's placeholder.
    pub(crate) no_placeholder: bool,
}

/// What is remembered of a file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Remembered<'a> {
    /// How it was when it last counted, or when watching began.
    pub(crate) known: Option<&'a WatchEntry>,
    /// How it was a moment ago, if it is still settling.
    pub(crate) settling: Option<&'a WatchEntry>,
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
    /// It counts, and is finished.
    Tell(WatchEntry),
}

/// Whether a file is new.
pub(crate) fn judge_new(
    rel: &[u8],
    remembered: Remembered<'_>,
    seen: &FileInfo,
    circumstances: Circumstances,
    now: Timestamp,
) -> Verdict {
    let fresh = || entry_of(rel, seen, WatchState::Settling, now);
    match (remembered.settling, remembered.known) {
        (Some(entry), _) if is_same(entry, seen) => settle(entry, circumstances, now),
        (Some(_), _) | (None, None) => settling(fresh(), circumstances, now),
        (None, Some(known)) if known.state == WatchState::Gone => {
            settling(fresh(), circumstances, now)
        }
        (None, Some(known)) if is_same(known, seen) => Verdict::Known,
        (None, Some(known)) if is_another(known, seen, circumstances) => {
            settling(fresh(), circumstances, now)
        }
        (None, Some(known)) => Verdict::Remember(entry_of(rel, seen, known.state, known.since)),
    }
}

/// Whether a file that was known has changed. A new one is only remembered, once it is finished.
pub(crate) fn judge_change(
    rel: &[u8],
    remembered: Remembered<'_>,
    seen: &FileInfo,
    circumstances: Circumstances,
    now: Timestamp,
) -> Verdict {
    let is_known = remembered.known.is_some();
    if remembered.known.is_some_and(|known| is_same(known, seen)) {
        return Verdict::Known;
    }
    let circumstances = Circumstances {
        no_placeholder: is_known,
        ..circumstances
    };
    let verdict = match remembered.settling.filter(|entry| is_same(entry, seen)) {
        Some(entry) => settle(entry, circumstances, now),
        None => settling(
            entry_of(rel, seen, WatchState::Settling, now),
            circumstances,
            now,
        ),
    };
    match verdict {
        Verdict::Tell(entry) if !is_known => Verdict::Remember(WatchEntry {
            state: WatchState::Baseline,
            ..entry
        }),
        other => other,
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
        Verdict::Tell(WatchEntry {
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
        (0, _) if circumstances.no_placeholder => QUIET,
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

    fn remembered(entry: &WatchEntry) -> Remembered<'_> {
        let is_settling = entry.state == WatchState::Settling;
        Remembered {
            known: Some(entry).filter(|_| !is_settling),
            settling: Some(entry).filter(|_| is_settling),
        }
    }

    fn verdict(
        entry: &WatchEntry,
        seen: &FileInfo,
        about: Circumstances,
        now: Timestamp,
    ) -> Verdict {
        judge_new(b"a.pdf", remembered(entry), seen, about, now)
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
            Verdict::Tell(_)
        ));
        let closed = Circumstances {
            closed: true,
            ..quiet
        };
        assert!(matches!(
            verdict(&settling, &file("1", 5), closed, at(1)),
            Verdict::Tell(_)
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

    fn change(known: Option<&WatchEntry>, before: Option<&FileInfo>, seen: &FileInfo) -> Verdict {
        let settling = before.map(|file| entry_of(b"a.pdf", file, WatchState::Settling, at(7)));
        let remembered = Remembered {
            known,
            settling: settling.as_ref(),
        };
        judge_change(b"a.pdf", remembered, seen, Circumstances::default(), at(9))
    }

    #[test]
    fn a_known_file_that_was_changed_counts_once_it_is_quiet() {
        let known = known("1", WatchState::Baseline);
        let changed = file("1", 9);
        assert_eq!(change(Some(&known), None, &file("1", 5)), Verdict::Known);
        let first = change(Some(&known), None, &changed);
        assert!(matches!(first, Verdict::Settling(_, ready) if ready == at(11)));
        let quiet = change(Some(&known), Some(&changed), &changed);
        assert!(matches!(quiet, Verdict::Tell(entry) if entry.state == WatchState::Emitted));
        let replaced = change(Some(&known), Some(&file("2", 5)), &file("2", 5));
        assert!(matches!(replaced, Verdict::Tell(_)), "saved by replacing");
        let emptied = change(Some(&known), Some(&file("1", 0)), &file("1", 0));
        assert!(matches!(emptied, Verdict::Tell(_)), "no placeholder");
        let undone = change(Some(&known), Some(&changed), &file("1", 5));
        assert_eq!(undone, Verdict::Known);
    }

    #[test]
    fn a_new_file_is_no_change_of_one() {
        let new = file("1", 9);
        assert!(matches!(change(None, None, &new), Verdict::Settling(..)));
        let quiet = change(None, Some(&new), &new);
        assert!(matches!(quiet, Verdict::Remember(entry) if entry.state == WatchState::Baseline));
    }
}
