//! What a run commits in one transaction: records, attempts, the run's own row, and for file
//! actions what undo and the folder triggers need.

use errand_model::{Attempt, RunState, StepError, StepRecord, StepState, Timestamp, Value};
use errand_store::OwnWrite;

use super::Drive;
use crate::{Error, Happening};

/// Everything noted since the last commit.
#[derive(Default)]
pub(super) struct Changes {
    steps: Vec<(i64, StepRecord)>,
    pub(super) opened: Vec<Attempt>,
    pub(super) closed: Vec<Closed>,
    pub(super) own_writes: Vec<OwnWrite>,
    pub(super) undo: Vec<(String, Value)>,
}

/// The end of a try.
pub(super) struct Closed {
    pub(super) path: String,
    pub(super) number: u32,
    pub(super) ended: Timestamp,
    pub(super) result: StepState,
    pub(super) error: Option<StepError>,
}

impl Changes {
    /// The latest record of a step is the one that counts.
    pub(super) fn put_step(&mut self, order: i64, record: StepRecord) {
        self.steps.retain(|(_, other)| other.path != record.path);
        self.steps.push((order, record));
    }
}

/// Proof that an intent is durable; only a commit makes one, and acting needs one.
pub(super) struct Committed(());

impl Drive<'_> {
    /// Writes everything noted so far and the run's row, durably.
    pub(super) async fn commit(&mut self) -> Result<Committed, Error> {
        let changes = std::mem::take(&mut self.changes);
        let run = self.run.clone();
        self.core
            .store
            .write(move |tx| {
                tx.update_run(&run)?;
                for (order, record) in &changes.steps {
                    tx.put_step(run.id, *order, record)?;
                }
                for attempt in &changes.opened {
                    tx.open_attempt(run.id, attempt)?;
                }
                for end in &changes.closed {
                    let Closed {
                        path,
                        number,
                        ended,
                        result,
                        error,
                    } = end;
                    tx.close_attempt(run.id, path, *number, *ended, *result, error.as_ref())?;
                }
                for own in &changes.own_writes {
                    tx.note_own_write(own)?;
                }
                for (path, note) in &changes.undo {
                    tx.note_undo(run.id, path, note)?;
                }
                Ok(())
            })
            .await?;
        self.core.room.is_there();
        self.core
            .announce(Happening::RunChanged(self.run.id, self.run.workflow));
        Ok(Committed(()))
    }

    /// Commits an intent: the run is going on from here.
    pub(super) async fn commit_intent(&mut self) -> Result<Committed, Error> {
        (self.run.state, self.run.wake_at, self.run.reason) = (RunState::Running, None, None);
        self.run.started.get_or_insert(self.core.now());
        let committed = self.commit().await;
        errand_store::faults::hit("engine.after_intent");
        committed
    }
}
