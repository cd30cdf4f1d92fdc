//! Files that count become events: each event and the memory of its file in one transaction, which
//! also tells our own writes from everybody else's.

use std::os::unix::ffi::OsStrExt;

use errand_model::{NewEvent, RunState, Timestamp, WorkflowId};
use errand_store::{OwnWrite, WatchEntry};

use super::{Listener, Look};
use crate::Happening;

/// Events accepted by one transaction.
const BATCH: usize = 500;

/// Who wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The outside world, or another workflow at that depth.
    Others(u32),
    /// This workflow: no event.
    Own,
    /// A run that is still writing it, or wrote it since it was looked at; to be asked again.
    InTheMaking,
}

impl Listener {
    pub(super) async fn accept_all(&mut self, mut found: Vec<(Look, WatchEntry)>, now: Timestamp) {
        while !found.is_empty() {
            let rest = found.split_off(found.len().min(BATCH));
            self.accept(std::mem::replace(&mut found, rest), now).await;
        }
    }

    /// Events and the memory of their files in one transaction; if it fails, the files stay new.
    async fn accept(&mut self, batch: Vec<(Look, WatchEntry)>, now: Timestamp) {
        let (trigger, workflow) = (self.trigger.id, self.trigger.workflow);
        let (stored, problem) = (batch.clone(), self.odd_names());
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
                tx.note_trigger(trigger, problem.as_deref(), now, Some(now))?;
            }
            Ok((entries, found))
        });
        let accepted = accepted.await;
        self.core.room.after(
            &accepted,
            "Files could not be accepted; they are looked at again.",
        );
        match accepted {
            Ok((entries, found)) => self.after_accept(&batch, entries, found),
            Err(_) => self.look_again(batch.iter().map(|(look, _)| look.rel.clone()), now),
        }
    }

    fn after_accept(&mut self, batch: &[(Look, WatchEntry)], kept: Vec<WatchEntry>, found: bool) {
        errand_store::faults::hit("engine.after_accept");
        kept.into_iter().for_each(|entry| self.memory.keep(entry));
        let open = batch.iter().map(|(look, _)| look.rel.clone());
        let open: Vec<Vec<u8>> = open.filter(|rel| self.memory.is_settling(rel)).collect();
        let now = self.core.now();
        self.look_again(open.into_iter(), now);
        if found {
            self.core.inbox_grew.notify_one();
            self.core
                .announce(Happening::WorkflowChanged(self.trigger.workflow));
        }
    }

    pub(super) fn look_again(&mut self, names: impl Iterator<Item = Vec<u8>>, now: Timestamp) {
        let later = now + jiff::SignedDuration::from_millis(500);
        self.memory.due.extend(names.map(|rel| (rel, later)));
    }
}

fn whose(
    tx: &errand_store::Tx<'_>,
    workflow: WorkflowId,
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
        false if !is_intent && own.at > entry.since => Whose::InTheMaking,
        false => Whose::Others(0),
    })
}

fn is_live(tx: &errand_store::Tx<'_>, own: &OwnWrite) -> Result<bool, errand_store::Error> {
    let run = tx.run(own.run)?;
    Ok(run.is_some_and(|run| matches!(run.state, RunState::Queued | RunState::Running)))
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
