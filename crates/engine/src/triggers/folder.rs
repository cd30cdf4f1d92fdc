//! Listens to a folder: scans are the truth, the system's hints only say where to look sooner.
//! A file's event and the memory of it are committed in one transaction.

mod accept;
mod health;
mod look;
mod memory;
mod samples;
mod watch;

use std::{collections::HashSet, path::Path, sync::Arc, time::Duration};

use errand_connectors::ports::{FileInfo, Files};
use errand_model::Timestamp;
use errand_store::{TriggerRow, WatchEntry};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::{
    look::Look,
    memory::{Memory, identity},
};
pub(crate) use self::{
    samples::{baseline, example, samples},
    watch::FolderWatch,
};
use super::{
    hints::{Hint, Hints},
    settle::{self, Verdict},
};
use crate::{Error, core::Core};

/// The whole folder is looked at this often although hints work.
const SAFETY_SCAN: Duration = Duration::from_secs(600);
/// And this often where they don't, or while the folder isn't there; the folder's own identity is
/// glanced at as often.
const GLANCE: Duration = Duration::from_secs(5);
/// Hints are gathered this long, so that a burst is one look.
const GATHER: Duration = Duration::from_millis(5);

/// Which files count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Watching {
    /// Those that are new.
    New,
    /// Those that were known and have changed.
    Changes,
}

struct Listener {
    core: Arc<Core>,
    trigger: TriggerRow,
    watching: Watching,
    watch: FolderWatch,
    files: Arc<dyn Files>,
    memory: Memory,
    folder_is_there: bool,
    problem: Option<String>,
}

/// Listens until stopped.
pub(crate) async fn listen(
    core: Arc<Core>,
    trigger: TriggerRow,
    watching: Watching,
    stop: CancellationToken,
) {
    let listener = Listener::load(core, trigger, watching).await;
    let Ok(mut listener) = listener.inspect_err(|error| {
        tracing::error!(%error, "A folder trigger could not be started.");
    }) else {
        return;
    };
    while !stop.is_cancelled() {
        // The watch begins before the scan, so that nothing falls in between.
        let hints = Hints::of(&listener.watch.folder, listener.watch.subfolders);
        listener.listen_once(hints, &stop).await;
    }
}

impl Listener {
    async fn load(core: Arc<Core>, trigger: TriggerRow, watching: Watching) -> Result<Self, Error> {
        let watch = FolderWatch::of(&trigger.config, &core.home)?;
        let id = trigger.id;
        let entries = core.store.read(move |view| view.watch_entries(id)).await?;
        Ok(Self {
            files: watch.files(core.ports.trash_folder()),
            memory: Memory::of(entries),
            folder_is_there: false,
            problem: trigger.problem.clone(),
            core,
            trigger,
            watching,
            watch,
        })
    }

    /// Until the folder goes away or comes back, which needs new hints.
    async fn listen_once(&mut self, mut hints: Hints, stop: &CancellationToken) {
        let mut there = self.scan(true).await;
        let (started_there, identity) = (there, self.watch.identity());
        let mut scanned = Instant::now();
        let mut tick = scanned + GLANCE;
        loop {
            tokio::select! {
                hint = hints.next() => {
                    tokio::time::sleep(GATHER).await;
                    let gathered: Vec<Hint> = std::iter::once(hint)
                        .chain(std::iter::from_fn(|| hints.ready())).collect();
                    if hints.take_missed() {
                        there = self.scan(true).await;
                    } else {
                        self.look_at(gathered).await;
                    }
                }
                () = tokio::time::sleep(self.until_due()) => self.look_at_due().await,
                () = tokio::time::sleep_until(tick) => {
                    tick = Instant::now() + GLANCE;
                    let hinted = there && hints.is_watched();
                    if !hinted || scanned.elapsed() >= SAFETY_SCAN {
                        there = self.scan(false).await;
                        scanned = Instant::now();
                    }
                    // Another folder may have taken the name; the hints are still of the old one.
                    if self.watch.identity() != identity {
                        return;
                    }
                }
                () = stop.cancelled() => return,
            }
            if there != started_there || self.folder_is_gone(there).await {
                return;
            }
        }
    }

    /// A removed folder takes its hints with it; the next round starts with new ones.
    async fn folder_is_gone(&mut self, there: bool) -> bool {
        there && !self.watch.folder.is_dir() && !self.scan(false).await
    }

    /// Looks at the whole folder; false if it isn't there.
    async fn scan(&mut self, unsure: bool) -> bool {
        let seen = self.watch.scan(&*self.files);
        self.folder_is_there = seen.is_ok();
        match seen {
            Ok(seen) => {
                self.note_vanished(&seen);
                let looks = seen
                    .into_iter()
                    .map(|info| Look::at(&self.watch, info))
                    .collect();
                self.judge(looks, unsure).await;
                self.report(None).await;
            }
            Err(error) => self.report(Some(&error)).await,
        }
        self.folder_is_there
    }

    /// Known files that aren't there any more.
    fn note_vanished(&mut self, seen: &[FileInfo]) {
        let there: HashSet<Vec<u8>> = seen
            .iter()
            .filter_map(|info| self.watch.relative(&info.path))
            .collect();
        let now = self.core.now();
        self.memory.mark_gone(|rel| !there.contains(rel), now);
    }

    async fn look_at(&mut self, hints: Vec<Hint>) {
        let mut names = HashSet::new();
        for hint in hints {
            if let Some(rel) = self.watch.relative(&hint.path) {
                self.memory.hear(&rel, &hint);
                names.insert(rel);
            }
        }
        self.look_at_names(names).await;
    }

    async fn look_at_due(&mut self) {
        let now = self.core.now();
        let due = self.memory.due.iter().filter(|(_, time)| **time <= now);
        let names = due.map(|(rel, _)| rel.clone()).collect();
        self.look_at_names(names).await;
    }

    async fn look_at_names(&mut self, names: HashSet<Vec<u8>>) {
        let (mut looks, mut missing) = (Vec::new(), HashSet::new());
        for rel in names {
            match self.files.look(&self.watch.absolute(&rel)) {
                Ok(Some(info)) if info.is_folder => looks.extend(self.look_into(&info.path)),
                Ok(Some(info)) => looks.push(Look::at(&self.watch, info)),
                Ok(None) => drop(missing.insert(rel)),
                // It may still be there; the next scan tells.
                Err(_) => drop(self.memory.due.remove(&rel)),
            }
        }
        // A folder renamed away takes its files with it without a hint for each.
        if !missing.is_empty() {
            self.memory.forget(&missing, self.core.now());
        }
        self.judge(looks, false).await;
        self.report_odd_names().await;
    }

    /// A folder moved in brings its files without a hint for each.
    fn look_into(&self, folder: &Path) -> Vec<Look> {
        let seen = self
            .watch
            .scan_below(&*self.files, folder)
            .unwrap_or_default();
        seen.into_iter()
            .map(|info| Look::at(&self.watch, info))
            .collect()
    }

    fn until_due(&self) -> Duration {
        let now = self.core.now();
        let next = self.memory.due.values().min();
        next.map_or(SAFETY_SCAN, |next| {
            Duration::try_from(next.duration_since(now)).unwrap_or_default()
        })
    }

    /// Judges what was seen, then commits events and memory together.
    async fn judge(&mut self, looks: Vec<Look>, unsure: bool) {
        let now = self.core.now();
        let (mut found, mut changed) = (Vec::new(), Vec::new());
        let gone = self.memory.just_gone(now);
        let is_renamed = |entry: &WatchEntry| gone.contains(&identity(entry));
        for look in looks {
            if !self.watch.matches(&look) {
                continue;
            }
            if look.is_odd() {
                self.memory.odd.insert(look.rel);
                continue;
            }
            match self.verdict(&look, unsure, now) {
                Verdict::Known => self.memory.leave(&look.rel),
                Verdict::Remember(entry) => changed.push(entry),
                Verdict::Settling(entry, ready) => self.memory.settle(entry, ready),
                Verdict::Tell(entry) if self.watching == Watching::New && is_renamed(&entry) => {
                    changed.push(entry);
                }
                Verdict::Tell(entry) => found.push((look, entry)),
            }
        }
        self.accept_all(found, now).await;
        self.remember(changed).await;
    }

    fn verdict(&mut self, look: &Look, unsure: bool, now: Timestamp) -> Verdict {
        let rel = &look.rel;
        self.memory.due.remove(rel);
        self.memory.is_there(rel, self.watching, now);
        let circumstances = self.memory.circumstances(rel, unsure);
        let remembered = self.memory.of_file(rel);
        let judge = match self.watching {
            Watching::New => settle::judge_new,
            Watching::Changes => settle::judge_change,
        };
        judge(rel, remembered, &look.info, circumstances, now)
    }

    async fn remember(&mut self, changed: Vec<WatchEntry>) {
        if changed.is_empty() {
            return;
        }
        let (id, entries) = (self.trigger.id, changed.clone());
        let stored = self
            .core
            .store
            .write(move |tx| tx.put_watch_entries(id, &entries))
            .await;
        self.core.room.after(
            &stored,
            "A folder's state could not be kept; it is looked at again.",
        );
        if stored.is_ok() {
            changed
                .into_iter()
                .for_each(|entry| self.memory.keep(entry));
        } else {
            let names = changed.into_iter().map(|entry| entry.rel);
            self.look_again(names, self.core.now());
        }
    }
}
