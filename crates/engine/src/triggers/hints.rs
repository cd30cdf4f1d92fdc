//! What the system tells about a folder. Only hints: they say where to look and when, never what
//! is there.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use errand_connectors::ports::disk::is_remote;
use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode, ModifyKind, RenameMode},
};
use tokio::sync::mpsc;

/// One path to look at.
#[derive(Debug, Clone)]
pub(crate) struct Hint {
    pub(crate) path: PathBuf,
    /// Its writer closed it, or it was renamed into place.
    pub(crate) closed: bool,
    /// Somebody began or went on writing it.
    pub(crate) written: bool,
    /// It was removed or renamed away.
    pub(crate) vanished: bool,
}

/// The system's hints for one folder.
pub(crate) struct Hints {
    receiver: mpsc::Receiver<Hint>,
    missed: Arc<AtomicBool>,
    watched: bool,
    _watcher: Option<RecommendedWatcher>,
}

/// Hints kept between two looks; with more, the whole folder is looked at.
const KEPT: usize = 20_000;

impl Hints {
    /// Starts listening. Where the system can't (too many watches, network folders), the folder is
    /// only looked at from time to time.
    pub(crate) fn of(folder: &Path, recursive: bool) -> Self {
        let (sender, receiver) = mpsc::channel(KEPT);
        let missed = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&missed);
        let mode = if recursive {
            RecursiveMode::Recursive
        } else {
            RecursiveMode::NonRecursive
        };
        let watcher = notify::recommended_watcher(move |event| pass_on(event, &sender, &flag))
            .and_then(|mut watcher| watcher.watch(folder, mode).map(|()| watcher));
        if let Err(error) = &watcher {
            tracing::warn!(%error, "A folder can't be watched; it is looked at every few seconds.");
        }
        let watcher = watcher.ok();
        Self {
            receiver,
            missed,
            watched: watcher.is_some() && !is_remote(folder),
            _watcher: watcher,
        }
    }

    /// Whether the system tells of every change; on a network's drive it tells of this computer's only.
    pub(crate) fn is_watched(&self) -> bool {
        self.watched
    }

    /// The next hint; never returns when the system tells nothing.
    pub(crate) async fn next(&mut self) -> Hint {
        match self.receiver.recv().await {
            Some(hint) => hint,
            None => std::future::pending().await,
        }
    }

    /// A hint that is already there.
    pub(crate) fn ready(&mut self) -> Option<Hint> {
        self.receiver.try_recv().ok()
    }

    /// Whether hints were lost since the last call.
    pub(crate) fn take_missed(&self) -> bool {
        self.missed.swap(false, Ordering::AcqRel)
    }
}

fn pass_on(event: notify::Result<Event>, sender: &mpsc::Sender<Hint>, missed: &AtomicBool) {
    let Ok(event) = event else {
        return missed.store(true, Ordering::Release);
    };
    if event.need_rescan() {
        missed.store(true, Ordering::Release);
        // An overflow names no path; this one only wakes the listener. A full channel is awake.
        sender
            .try_send(Hint {
                path: PathBuf::new(),
                closed: false,
                written: false,
                vanished: false,
            })
            .ok();
    }
    let closed = is_closed(event.kind);
    let written = is_written(event.kind);
    let vanished = is_vanished(event.kind);
    if matches!(event.kind, EventKind::Access(_)) && !closed {
        return;
    }
    for path in event.paths {
        if sender
            .try_send(Hint {
                path,
                closed,
                written,
                vanished,
            })
            .is_err()
        {
            missed.store(true, Ordering::Release);
        }
    }
}

fn is_closed(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To))
    )
}

fn is_written(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_))
    )
}

fn is_vanished(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From))
    )
}
