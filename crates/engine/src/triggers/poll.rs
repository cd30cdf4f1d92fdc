//! Asks a source again and again. The first check says what was there already; after it every item
//! with an unknown key becomes an event, in one transaction with the memory of its key and the
//! source's cursor. A check that breaks off keeps what it found and leaves the cursor where it was.

mod check;
mod commit;
pub(crate) mod look;
mod pace;
mod scope;

use std::{sync::Arc, time::Duration};

use errand_model::{StepError, Timestamp, Workflow};
use errand_store::TriggerRow;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use self::{check::Checked, pace::Pace};
use super::health;
use crate::{Error, core::Core, keys};

/// Timers stand still while a computer sleeps, so none is set for longer.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

struct Listener {
    core: Arc<Core>,
    trigger: TriggerRow,
    problem: Option<String>,
    failures: u32,
    /// When the whole list was last read, not only its newest part.
    whole_at: Option<Timestamp>,
}

/// Listens until stopped.
pub(crate) async fn listen(core: Arc<Core>, trigger: TriggerRow, stop: CancellationToken) {
    let mut listener = Listener {
        problem: trigger.problem.clone(),
        core,
        trigger,
        failures: 0,
        whole_at: None,
    };
    loop {
        let next = tokio::select! {
            next = listener.check() => next,
            () = stop.cancelled() => return,
        };
        tokio::select! {
            () = listener.until(next) => {}
            () = stop.cancelled() => return,
        }
    }
}

impl Listener {
    /// One check; when the next one is due.
    async fn check(&mut self) -> Timestamp {
        let began = self.core.now();
        let ended = match self.document().await {
            Ok(document) => match self.checked(&document).await {
                Err(error) => Err(self.judged(&document, error, began).await),
                ended => ended,
            },
            Err(error) => Err(StepError::bug(error.message)),
        };
        let problem = ended.as_ref().err().map(|error| error.message.clone());
        self.failures = if problem.is_some() {
            self.failures + 1
        } else {
            0
        };
        health::note(&self.core, &self.trigger, &mut self.problem, problem).await;
        let pace = Pace {
            every: scope::every(&self.core, &self.trigger),
            failures: self.failures,
            began,
            now: self.core.now(),
            chance: chance(&self.trigger, began),
        };
        pace.next(&ended)
    }

    /// A refusal breaks the connection that was used, for everybody; no secret is kept of any error.
    async fn judged(&self, document: &Workflow, error: StepError, began: Timestamp) -> StepError {
        let vault = &self.core.vault;
        let using = document.trigger.as_ref().and_then(|it| it.using.as_deref());
        let judged = vault.judged(using, error, began).await;
        let mut error = judged.unwrap_or_else(|error| StepError::bug(error.message));
        vault.masks.error(&mut error);
        error
    }

    async fn checked(&mut self, document: &Workflow) -> Result<Option<Timestamp>, StepError> {
        let now = self.core.now();
        let whole = self
            .whole_at
            .is_none_or(|at| now.duration_since(at) >= WHOLE_EVERY);
        let Checked {
            not_before,
            was_whole,
        } = check::run(&self.core, &mut self.trigger, document, whole).await?;
        if was_whole {
            self.whole_at = Some(now);
        }
        Ok(not_before)
    }

    async fn document(&self) -> Result<Arc<Workflow>, Error> {
        let id = self.trigger.workflow;
        let row = self.core.store.read(move |view| view.workflow(id)).await?;
        let version = row
            .and_then(|row| row.version)
            .ok_or_else(Error::no_workflow)?;
        self.core
            .documents
            .version(&self.core.store, id, version)
            .await
    }

    async fn until(&self, next: Timestamp) {
        loop {
            let left = next.duration_since(self.core.now());
            match Duration::try_from(left) {
                Ok(left) if !left.is_zero() => {
                    tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
                }
                _ => return,
            }
        }
    }
}

/// Late items may stand anywhere in a list, so all of it is read this often.
const WHOLE_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// A number between 0 and 1 that differs from check to check: spreads them without dice.
fn chance(trigger: &TriggerRow, began: Timestamp) -> f64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(trigger.id.as_bytes());
    hasher.update(&began.as_nanosecond().to_le_bytes());
    keys::share(hasher.finalize())
}
