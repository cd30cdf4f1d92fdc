//! Listens to a folder: scans are the truth, the system's hints only say where to look sooner.
//! A new file's event and the memory of it are committed in one transaction.

mod look;
mod watch;

use std::{
    collections::{HashMap, HashSet},
    os::unix::ffi::OsStrExt,
    path::Path,
    sync::Arc,
    time::Duration,
};

use errand_connectors::ports::{FileInfo, Files};
use errand_model::{NewEvent, StepError, Timestamp, Value};
use errand_store::{OwnWrite, TriggerRow, WatchEntry, WatchState};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::look::Look;
pub(crate) use self::watch::FolderWatch;
use super::{
    hints::{Hint, Hints},
    settle::{self, Circumstances, Verdict},
};
use crate::{Error, Happening, core::Core};

/// The whole folder is looked at this often although hints work.
const SAFETY_SCAN: Duration = Duration::from_secs(600);
/// And this often where they don't, or while the folder isn't there; the folder's own identity is
/// glanced at as often.
const GLANCE: Duration = Duration::from_secs(5);
/// Hints are gathered this long, so that a burst is one look.
const GATHER: Duration = Duration::from_millis(5);
/// Events accepted by one transaction.
const BATCH: usize = 500;

struct Listener {
    core: Arc<Core>,
    trigger: TriggerRow,
    watch: FolderWatch,
    files: Arc<dyn Files>,
    entries: HashMap<Vec<u8>, WatchEntry>,
    closed: HashSet<Vec<u8>>,
    vanished: HashSet<Vec<u8>>,
    due: HashMap<Vec<u8>, Timestamp>,
    problem: Option<String>,
}

/// Listens until stopped.
pub(crate) async fn listen(core: Arc<Core>, trigger: TriggerRow, stop: CancellationToken) {
    let listener = Listener::load(core, trigger).await;
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
    async fn load(core: Arc<Core>, trigger: TriggerRow) -> Result<Self, Error> {
        let watch = FolderWatch::of(&trigger.config, &core.home)?;
        let id = trigger.id;
        let entries = core.store.read(move |view| view.watch_entries(id)).await?;
        Ok(Self {
            files: watch.files(core.ports.trash_folder()),
            entries: entries
                .into_iter()
                .map(|entry| (entry.rel.clone(), entry))
                .collect(),
            closed: HashSet::new(),
            vanished: HashSet::new(),
            due: HashMap::new(),
            problem: trigger.problem.clone(),
            core,
            trigger,
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
        match self.watch.scan(&*self.files) {
            Ok(seen) => {
                self.note_vanished(&seen);
                let looks = seen
                    .into_iter()
                    .map(|info| Look::at(&self.watch, info))
                    .collect();
                self.judge(looks, unsure).await;
                self.report(None).await;
                true
            }
            Err(error) => {
                self.report(Some(&error)).await;
                false
            }
        }
    }

    /// Known files that aren't there any more.
    fn note_vanished(&mut self, seen: &[FileInfo]) {
        let there: HashSet<Vec<u8>> = seen
            .iter()
            .filter_map(|info| self.watch.relative(&info.path))
            .collect();
        self.mark_gone(|rel| !there.contains(rel));
    }

    /// Keeps what went away in mind for a moment, in case it is there under another name.
    fn mark_gone(&mut self, is_gone: impl Fn(&[u8]) -> bool) {
        let now = self.core.now();
        // Nothing was told of a file that was still settling: under its next name it is new.
        self.entries
            .retain(|rel, entry| entry.state != WatchState::Settling || !is_gone(rel));
        for entry in self.entries.values_mut() {
            if entry.state != WatchState::Gone && is_gone(&entry.rel) {
                (entry.state, entry.since) = (WatchState::Gone, now);
            }
        }
    }

    async fn look_at(&mut self, hints: Vec<Hint>) {
        let mut names = HashSet::new();
        for hint in hints {
            let Some(rel) = self.watch.relative(&hint.path) else {
                continue;
            };
            if hint.closed {
                self.closed.insert(rel.clone());
            }
            if hint.vanished {
                self.vanished.insert(rel.clone());
            }
            names.insert(rel);
        }
        self.look_at_names(names).await;
    }

    async fn look_at_due(&mut self) {
        let now = self.core.now();
        let due = self.due.iter().filter(|(_, time)| **time <= now);
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
                Err(_) => drop(self.due.remove(&rel)),
            }
        }
        self.forget(&missing);
        self.judge(looks, false).await;
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

    /// A folder renamed away takes its files with it without a hint for each.
    fn forget(&mut self, missing: &HashSet<Vec<u8>>) {
        if missing.is_empty() {
            return;
        }
        for rel in missing {
            self.due.remove(rel);
            self.closed.remove(rel);
        }
        self.mark_gone(|rel| is_in(rel, missing));
    }

    fn until_due(&self) -> Duration {
        let now = self.core.now();
        let next = self.due.values().min().map(|time| time.duration_since(now));
        next.map_or(SAFETY_SCAN, |next| {
            Duration::try_from(next).unwrap_or_default()
        })
    }

    /// Judges what was seen, then commits events and memory together.
    async fn judge(&mut self, looks: Vec<Look>, unsure: bool) {
        let now = self.core.now();
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        let gone = self.just_gone(now);
        for look in looks.into_iter().filter(|look| self.watch.matches(look)) {
            let circumstances = Circumstances {
                closed: self.closed.contains(&look.rel),
                vanished: self.vanished.remove(&look.rel),
                unsure,
            };
            let entry = self.entries.get(&look.rel);
            self.due.remove(&look.rel);
            match settle::judge(&look.rel, entry, &look.info, circumstances, now) {
                Verdict::Known => {}
                Verdict::Remember(entry) => changed.push(entry),
                Verdict::Settling(entry, ready) => {
                    self.due.insert(look.rel.clone(), ready);
                    self.entries.insert(look.rel, entry);
                }
                Verdict::New(entry) if gone.contains(&identity(&entry)) => changed.push(entry),
                Verdict::New(entry) => new.push((look, entry)),
            }
        }
        for batch in chunks(new) {
            self.accept(batch, now).await;
        }
        self.remember(changed).await;
    }

    /// Files that went away a moment ago: one of them under another name is a rename, not new.
    fn just_gone(&self, now: Timestamp) -> HashSet<Identity> {
        let recent = |entry: &&WatchEntry| {
            entry.state == WatchState::Gone && now.duration_since(entry.since).as_secs() <= 5
        };
        self.entries.values().filter(recent).map(identity).collect()
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
        if let Err(error) = stored {
            tracing::error!(%error, "A folder's state could not be kept; it is looked at again.");
        }
        self.entries
            .extend(changed.into_iter().map(|entry| (entry.rel.clone(), entry)));
    }

    /// Events and the memory of their files in one transaction; if it fails, the files stay new.
    async fn accept(&mut self, batch: Vec<(Look, WatchEntry)>, now: Timestamp) {
        let (trigger, workflow) = (self.trigger.id, self.trigger.workflow);
        let stored = batch.clone();
        let accepted = self.core.store.write(move |tx| {
            let mut decided = Vec::new();
            for (look, entry) in stored {
                let whose = whose(tx, workflow, &look, &entry)?;
                decided.push((look, entry, whose));
            }
            let ready = decided
                .iter()
                .filter(|(_, _, whose)| *whose != Whose::InTheMaking);
            let entries: Vec<WatchEntry> = ready.map(|(_, entry, _)| entry.clone()).collect();
            let events: Vec<NewEvent> = decided.iter().filter_map(event_of).collect();
            tx.put_watch_entries(trigger, &entries)?;
            let found = !events.is_empty();
            tx.accept(Some(trigger), workflow, &events, now)?;
            if found {
                tx.note_trigger(trigger, None, now, Some(now))?;
            }
            Ok((entries, found))
        });
        match accepted.await {
            Ok((entries, found)) => self.after_accept(&batch, entries, found),
            Err(error) => {
                tracing::error!(%error, "New files could not be accepted; they are looked at again.");
                self.look_again(batch.iter().map(|(look, _)| look.rel.clone()), now);
            }
        }
    }

    fn after_accept(&mut self, batch: &[(Look, WatchEntry)], kept: Vec<WatchEntry>, found: bool) {
        errand_store::faults::hit("engine.after_accept");
        for entry in kept {
            self.closed.remove(&entry.rel);
            self.entries.insert(entry.rel.clone(), entry);
        }
        let open = batch.iter().map(|(look, _)| look.rel.clone());
        let open: Vec<Vec<u8>> = open
            .filter(|rel| {
                self.entries
                    .get(rel)
                    .is_none_or(|entry| entry.state == WatchState::Settling)
            })
            .collect();
        let now = self.core.now();
        self.look_again(open.into_iter(), now);
        if found {
            self.core.inbox_grew.notify_one();
            self.core
                .announce(Happening::WorkflowChanged(self.trigger.workflow));
        }
    }

    fn look_again(&mut self, names: impl Iterator<Item = Vec<u8>>, now: Timestamp) {
        let later = now + jiff::SignedDuration::from_millis(500);
        self.due.extend(names.map(|rel| (rel, later)));
    }

    /// Tells once when the folder can't be looked at, and once when it can again.
    async fn report(&mut self, error: Option<&StepError>) {
        let problem = error.map(|error| error.message.clone());
        let changed = problem != self.problem;
        let (id, now, text) = (self.trigger.id, self.core.now(), problem.clone());
        self.problem = problem;
        let note = self
            .core
            .store
            .write(move |tx| tx.note_trigger(id, text.as_deref(), now, None));
        if let Err(error) = note.await {
            tracing::error!(%error, "A trigger's health could not be kept.");
        }
        if changed {
            self.core
                .announce(Happening::WorkflowChanged(self.trigger.workflow));
        }
    }
}

/// Whether it is one of these or in one of these folders.
fn is_in(rel: &[u8], those: &HashSet<Vec<u8>>) -> bool {
    let slashes = rel.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    let mut folders = slashes.map(|(end, _)| &rel[..end]);
    those.contains(rel) || folders.any(|folder| those.contains(folder))
}

/// What stays the same when a file is renamed.
type Identity = (String, u64, i64);

fn identity(entry: &WatchEntry) -> Identity {
    (entry.file_id.clone(), entry.size, entry.modified_ns)
}

/// Who wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The outside world, or another workflow at that depth.
    Others(u32),
    /// This workflow: no event.
    Own,
    /// A run that is still writing it; to be asked again.
    InTheMaking,
}

fn whose(
    tx: &errand_store::Tx<'_>,
    workflow: errand_model::WorkflowId,
    look: &Look,
    entry: &WatchEntry,
) -> Result<Whose, errand_store::Error> {
    let Some(own) = tx.own_write(look.info.path.as_os_str().as_bytes())? else {
        return Ok(Whose::Others(0));
    };
    let is_intent = (own.size, own.modified_ns) == (0, 0);
    let is_it = (own.size, own.modified_ns) == (entry.size, entry.modified_ns);
    if is_intent && is_live(tx, &own)? {
        return Ok(Whose::InTheMaking);
    }
    Ok(match is_it {
        true if own.workflow == workflow => Whose::Own,
        true => Whose::Others(own.depth + 1),
        false => Whose::Others(0),
    })
}

fn is_live(tx: &errand_store::Tx<'_>, own: &OwnWrite) -> Result<bool, errand_store::Error> {
    let run = tx.run(own.run)?;
    Ok(run.is_some_and(|run| {
        matches!(
            run.state,
            errand_model::RunState::Queued | errand_model::RunState::Running
        )
    }))
}

fn event_of((look, entry, whose): &(Look, WatchEntry, Whose)) -> Option<NewEvent> {
    let Whose::Others(depth) = *whose else {
        return None;
    };
    let WatchEntry {
        file_id,
        size,
        modified_ns,
        since,
        ..
    } = entry;
    let rel = String::from_utf8_lossy(&look.rel);
    let same_as = format!(
        "{rel}|{size}|{modified_ns}|{file_id}|{}",
        since.as_millisecond()
    );
    let payload = look.payload();
    Some(NewEvent {
        same_as: Some(same_as),
        occurred: Some(look.info.modified()),
        payload,
        depth,
    })
}

fn chunks(mut items: Vec<(Look, WatchEntry)>) -> impl Iterator<Item = Vec<(Look, WatchEntry)>> {
    std::iter::from_fn(move || {
        let rest = items.split_off(items.len().min(BATCH));
        let chunk = std::mem::replace(&mut items, rest);
        (!chunk.is_empty()).then_some(chunk)
    })
}

/// The memory of what is in the folder when it is switched on; those files don't count.
pub(crate) fn baseline(
    watch: &FolderWatch,
    files: &dyn Files,
    now: Timestamp,
) -> Result<Vec<WatchEntry>, StepError> {
    let seen = watch.scan(files)?;
    let looks = seen.into_iter().map(|info| Look::at(watch, info));
    Ok(looks
        .map(|look| settle::entry_of(&look.rel, &look.info, WatchState::Baseline, now))
        .collect())
}

/// Up to `limit` files that would count, newest first, as events.
pub(crate) fn samples(watch: &FolderWatch, files: &dyn Files, limit: usize) -> Vec<Value> {
    let seen = watch.scan(files).unwrap_or_default();
    let looks = seen.into_iter().map(|info| Look::at(watch, info));
    let mut looks: Vec<Look> = looks.filter(|look| watch.matches(look)).collect();
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
