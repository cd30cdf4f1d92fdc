//! A step whose try has no recorded end: after a crash, or when no answer came. What may be done
//! depends on what repeating it would mean.

use errand_connectors::Looked;
use errand_model::{Effect, ErrorKind, Step, StepError, StepKind, StepRecord, StepState};

use super::{
    Drive,
    attempt::{guarded, plan_of},
};
use crate::Error;

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
            Effect::Verifiable => self.look(step, record).await,
            Effect::Keyed | Effect::Unsafe => self.put_unknown(record, INTERRUPTED),
        }
        Ok(())
    }

    async fn look(&mut self, step: &Step, record: StepRecord) {
        match self.looked(step, &record).await {
            Ok(Looked::Done(output)) => self.note_found_done(record, output),
            Ok(Looked::NotDone) => self.put_ready(record, interruption()),
            Ok(Looked::HalfDone) => self.put_ready(record, interruption().ambiguous()),
            Ok(Looked::CannotTell) => self.put_unknown(record, INTERRUPTED),
            Err(error) => {
                self.put_unknown(record, &format!("{INTERRUPTED} {}", error.message));
            }
        }
    }

    async fn looked(&self, step: &Step, record: &StepRecord) -> Result<Looked, StepError> {
        let StepKind::Do(action) = &step.kind else {
            return Ok(Looked::CannotTell);
        };
        let mut prepared = self.prepare(step, action, self.core)?;
        if let Some(input) = record.input.as_object() {
            prepared.input = input.clone();
        }
        let plan = plan_of(record);
        guarded(prepared.action.look(&prepared.call(), &plan)).await
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
