//! A step whose try has no recorded end: after a crash, or when no answer came. What may be done
//! depends on what repeating it would mean.

use errand_connectors::Looked;
use errand_model::{Effect, ErrorKind, Step, StepError, StepKind, StepRecord, StepState};

use super::{
    Drive,
    attempt::{Prepared, guarded, plan_of},
};
use crate::{
    Error,
    vault::masks::{is_masked, unmasked},
};

/// A step interrupted this often is left to a person: it may be what brings the engine down.
const INTERRUPTIONS: u32 = 10;

impl Drive<'_> {
    pub(super) async fn after_interruption(&mut self, step: &Step) -> Result<(), Error> {
        let Some(record) = self.journal.get(&step.id).cloned() else {
            return Ok(());
        };
        self.run.recoveries += 1;
        if self.run.recoveries > INTERRUPTIONS {
            self.put_unknown(record, "This step was interrupted again and again.");
            return Ok(());
        }
        match record.effect {
            Effect::Pure | Effect::Read | Effect::Idempotent => {
                self.put_ready(record, interruption().ambiguous());
            }
            Effect::Verifiable => self.look(step, record).await?,
            Effect::Keyed | Effect::Unsafe => self.put_unknown(record, INTERRUPTED),
        }
        Ok(())
    }

    async fn look(&mut self, step: &Step, record: StepRecord) -> Result<(), Error> {
        let looked = match self.as_it_was(step, &record) {
            Ok(Some(prepared)) => {
                self.take_turn(&prepared).await?;
                guarded(prepared.action.look(&prepared.call(), &plan_of(&record))).await
            }
            Ok(None) => Ok(Looked::CannotTell),
            Err(error) => Err(error),
        };
        match looked {
            Ok(Looked::Done(output)) => self.note_found_done(record, output),
            Ok(Looked::NotDone) => self.put_ready(record, interruption()),
            Ok(Looked::HalfDone) => self.put_ready(record, interruption().ambiguous()),
            Ok(Looked::CannotTell) => self.put_unknown(record, INTERRUPTED),
            Err(error) => {
                self.put_unknown(record, &format!("{INTERRUPTED} {}", error.message));
            }
        }
        self.end_turn().await
    }

    /// The action as it was interrupted; None if too little of it was kept.
    fn as_it_was(
        &self,
        step: &Step,
        record: &StepRecord,
    ) -> Result<Option<Prepared<'_>>, StepError> {
        let StepKind::Do(action) = &step.kind else {
            return Ok(None);
        };
        let mut prepared = self.prepare(step, action, self.core)?;
        if is_masked(&record.plan) {
            return Ok(None);
        }
        prepared.input = unmasked(&record.input, prepared.input);
        Ok(Some(prepared))
    }

    /// Whether the step is one of those that take turns.
    pub(super) fn takes_turns(&self, step: &Step) -> bool {
        let record = self.journal.get(&step.id);
        let was = record.and_then(|record| self.as_it_was(step, record).ok().flatten());
        was.is_some_and(|was| was.action.turn(&was.input).is_some())
    }

    /// It was done before the interruption; the path it wrote is noted as in any success.
    fn note_found_done(&mut self, record: StepRecord, output: errand_model::Value) {
        if let Some(path) = output["path"].as_str() {
            let info = crate::recording::stat(self.core, &self.workflow, &self.event, path);
            if let Some(info) = info {
                let own = self.own_write(path.as_bytes().to_vec(), info.size, info.modified_ns);
                self.changes.own_writes.push(own);
            }
        }
        self.close(StepRecord {
            state: StepState::Succeeded,
            output,
            error: None,
            ..record
        });
    }

    /// The try that was interrupted ends here; another follows.
    fn put_ready(&mut self, record: StepRecord, error: StepError) {
        self.close(StepRecord {
            state: StepState::Ready,
            error: Some(error),
            ..record
        });
    }

    fn put_unknown(&mut self, record: StepRecord, message: &str) {
        let error = StepError::new(ErrorKind::Unreachable, message).ambiguous();
        self.close(StepRecord {
            state: StepState::Unknown,
            error: Some(error),
            ..record
        });
    }
}

const INTERRUPTED: &str = "Errand was interrupted while this step was going on, and can't tell \
                           whether it was done.";

fn interruption() -> StepError {
    StepError::new(
        ErrorKind::Unreachable,
        "Errand was interrupted during this try.",
    )
}
