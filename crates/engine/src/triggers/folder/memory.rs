//! What a listener has in mind about its folder: the files that were told of, as the store has them,
//! and beyond that only what may be lost in a crash.

use std::collections::{BTreeSet, HashMap, HashSet};

use errand_model::Timestamp;
use errand_store::{WatchEntry, WatchState};

use super::Watching;
use crate::triggers::{
    hints::Hint,
    settle::{Circumstances, Remembered},
};

/// How long a file that went away may still come back under the same or another name, in seconds.
const COMING_BACK: i64 = 5;

/// What stays the same when a file is renamed.
type Identity = (String, u64, i64);

pub(super) fn identity(entry: &WatchEntry) -> Identity {
    (entry.file_id.clone(), entry.size, entry.modified_ns)
}

#[derive(Default)]
pub(super) struct Memory {
    known: HashMap<Vec<u8>, WatchEntry>,
    settling: HashMap<Vec<u8>, WatchEntry>,
    closed: HashSet<Vec<u8>>,
    vanished: HashSet<Vec<u8>>,
    /// When to look again.
    pub(super) due: HashMap<Vec<u8>, Timestamp>,
    /// Files whose names aren't text.
    pub(super) odd: BTreeSet<Vec<u8>>,
}

impl Memory {
    pub(super) fn of(entries: Vec<WatchEntry>) -> Self {
        let named = entries.into_iter().map(|entry| (entry.rel.clone(), entry));
        Self {
            known: named.collect(),
            ..Self::default()
        }
    }

    pub(super) fn of_file(&self, rel: &[u8]) -> Remembered<'_> {
        Remembered {
            known: self.known.get(rel),
            settling: self.settling.get(rel),
        }
    }

    /// What the hints said about a file; that it vanished counts once.
    pub(super) fn circumstances(&mut self, rel: &[u8], unsure: bool) -> Circumstances {
        Circumstances {
            closed: self.closed.contains(rel),
            vanished: self.vanished.remove(rel),
            unsure,
            no_placeholder: false,
        }
    }

    pub(super) fn hear(&mut self, rel: &[u8], hint: &Hint) {
        if hint.closed {
            self.closed.insert(rel.to_vec());
        } else if hint.written {
            self.closed.remove(rel);
        }
        if hint.vanished {
            self.vanished.insert(rel.to_vec());
        }
    }

    pub(super) fn settle(&mut self, entry: WatchEntry, ready: Timestamp) {
        self.due.insert(entry.rel.clone(), ready);
        self.settling.insert(entry.rel.clone(), entry);
    }

    /// It is as it was.
    pub(super) fn leave(&mut self, rel: &[u8]) {
        self.settling.remove(rel);
    }

    /// It was told of, or need not be.
    pub(super) fn keep(&mut self, entry: WatchEntry) {
        self.settling.remove(&entry.rel);
        self.closed.remove(&entry.rel);
        self.known.insert(entry.rel.clone(), entry);
    }

    pub(super) fn is_settling(&self, rel: &[u8]) -> bool {
        self.settling.contains_key(rel)
    }

    /// Files that aren't where they were; under their next name they must settle anew.
    pub(super) fn forget(&mut self, missing: &HashSet<Vec<u8>>, now: Timestamp) {
        for rel in missing {
            self.due.remove(rel);
            self.closed.remove(rel);
        }
        self.mark_gone(|rel| is_in(rel, missing), now);
    }

    /// Keeps what went away in mind for a moment, in case it is there under another name.
    pub(super) fn mark_gone(&mut self, is_gone: impl Fn(&[u8]) -> bool, now: Timestamp) {
        self.settling.retain(|rel, _| !is_gone(rel));
        self.odd.retain(|rel| !is_gone(rel));
        for entry in self.known.values_mut() {
            if entry.state != WatchState::Gone && is_gone(&entry.rel) {
                (entry.state, entry.since) = (WatchState::Gone, now);
            }
        }
    }

    /// Files that went away a moment ago: one of them under another name is a rename, not new.
    pub(super) fn just_gone(&self, now: Timestamp) -> HashSet<Identity> {
        let gone = self.known.values().filter(|entry| is_just_gone(entry, now));
        gone.map(identity).collect()
    }

    /// A file is there. Where changes count, one that was gone for a moment was replaced, and one
    /// that was gone for longer is new.
    pub(super) fn is_there(&mut self, rel: &[u8], watching: Watching, now: Timestamp) {
        let Some(entry) = self.known.get_mut(rel) else {
            return;
        };
        if watching == Watching::New || entry.state != WatchState::Gone {
            return;
        }
        if is_just_gone(entry, now) {
            entry.state = WatchState::Emitted;
        } else {
            self.known.remove(rel);
        }
    }
}

fn is_just_gone(entry: &WatchEntry, now: Timestamp) -> bool {
    entry.state == WatchState::Gone && now.duration_since(entry.since).as_secs() <= COMING_BACK
}

/// Whether it is one of these or in one of these folders.
fn is_in(rel: &[u8], those: &HashSet<Vec<u8>>) -> bool {
    let slashes = rel.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    let mut folders = slashes.map(|(end, _)| &rel[..end]);
    those.contains(rel) || folders.any(|folder| those.contains(folder))
}
