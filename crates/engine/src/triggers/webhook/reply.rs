//! The answer with a run's result: what the person wrote, filled in once the run has ended. A caller
//! doesn't wait for ever; after a while it hears the run's number instead.

use std::time::Duration;

use errand_model::{Outcome, Run, RunState, Value, WorkflowId};
use serde_json::json;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};

use super::receive::HookAnswer;
use crate::{
    Error, Happening,
    core::Core,
    runner::{journal::Journal, payload_of},
    scope,
};

/// Most callers give up after 30 seconds.
const PATIENCE: Duration = Duration::from_secs(25);

/// So many callers may wait for results at the same time; others hear at once that it takes longer.
/// Fewer than there are connections, so that whoever wants no result is always heard.
const PATIENT: usize = 32;

/// Those who wait for results.
pub(super) struct Patient(Semaphore);

impl Default for Patient {
    fn default() -> Self {
        Self(Semaphore::new(PATIENT))
    }
}

impl Patient {
    /// A place among them, if there is one.
    pub(super) fn one_more(&self) -> Option<SemaphorePermit<'_>> {
        self.0.try_acquire().ok()
    }
}

/// How far a run has come, for one who waits for its result.
enum Standing {
    /// It goes on, or hasn't begun.
    Open(Option<Run>),
    /// It has ended, or waits for something that takes longer than anybody waits.
    Settled(Run),
}

/// The answer for an event whose run shall be waited for.
pub(super) async fn of_run(
    core: &Core,
    workflow: WorkflowId,
    event: i64,
    reply: &Value,
) -> HookAnswer {
    let until = Instant::now() + PATIENCE;
    let mut happenings = core.subscribe();
    loop {
        let run = match standing(core, event).await {
            Ok(Standing::Settled(run)) => return result(core, &run, reply).await,
            Ok(Standing::Open(run)) => run,
            Err(error) => return error.into(),
        };
        if core.is_paused() {
            return later(run.as_ref());
        }
        let is_ours = |happening| match happening {
            Happening::RunChanged(id, of) => {
                of == workflow && run.as_ref().is_none_or(|run| run.id == id)
            }
            _ => false,
        };
        let changed = async {
            // Having missed some is reason enough to look.
            while let Ok(happening) = happenings.recv().await {
                if is_ours(happening) {
                    break;
                }
            }
        };
        tokio::select! {
            changed = timeout_at(until, changed) => {
                if changed.is_err() {
                    return later(run.as_ref());
                }
            }
            () = core.stopping.cancelled() => return later(run.as_ref()),
        }
    }
}

async fn standing(core: &Core, event: i64) -> Result<Standing, Error> {
    let run = core
        .store
        .read(move |view| view.run_of_event(event))
        .await?;
    Ok(match run {
        Some(run) if matches!(run.state, RunState::Queued | RunState::Running) => {
            Standing::Open(Some(run))
        }
        Some(run) => Standing::Settled(run),
        None => Standing::Open(None),
    })
}

pub(super) fn later(run: Option<&Run>) -> HookAnswer {
    let id = run.map(|run| run.id.to_string());
    HookAnswer::json(202, &json!({ "ok": true, "run": id }))
}

async fn result(core: &Core, run: &Run, reply: &Value) -> HookAnswer {
    match run.outcome {
        None => later(Some(run)),
        Some(Outcome::Ok | Outcome::OkWithSkips | Outcome::Filtered) => {
            match rendered(core, run, reply).await {
                Ok(Value::String(text)) => HookAnswer::text(200, text),
                Ok(value) => HookAnswer::json(200, &value),
                // What the answer needs was left out of this run.
                Err(_) => ended(run, true),
            }
        }
        // The call was taken, so repeating it would be wrong: not an error of the call.
        Some(Outcome::Failed | Outcome::Cancelled) => ended(run, false),
    }
}

fn ended(run: &Run, ok: bool) -> HookAnswer {
    let answer = json!({ "ok": ok, "run": run.id.to_string(), "outcome": run.outcome });
    HookAnswer::json(200, &answer)
}

async fn rendered(core: &Core, run: &Run, reply: &Value) -> Result<Value, Error> {
    let (id, event) = (run.id, run.event_seq);
    let read = core
        .store
        .read(move |view| Ok((view.steps(id)?, view.event(event)?)))
        .await?;
    let (records, Some(event)) = read else {
        return Err(Error::no_run());
    };
    let document = core
        .documents
        .version(&core.store, run.workflow, run.version)
        .await?;
    let about = scope::About {
        workflow: &document,
        workflow_id: Some(run.workflow),
        run: Some(run),
    };
    let scope = scope::of(
        &about,
        &payload_of(event),
        &Journal::of(records),
        core.now(),
    );
    errand_template::render(reply, &scope).map_err(|error| Error::bad_input(error.message))
}
