//! Turns accepted events into runs of the published version, then hands the runs to the scheduler.
//! An event and its run change in one transaction, so that neither exists without the other.

use std::sync::Arc;

use errand_model::{
    Event, EventState, Run, RunId, RunState, Timestamp, WorkflowId, workflow::Mode,
};
use errand_store::Tx;

use crate::{
    Error, Happening, Kind,
    core::Core,
    runner,
    scheduler::{AFTER_TROUBLE, AT_ONCE_EACH},
};

/// Events turned into runs by one transaction.
const BATCH: u32 = 200;

/// Runs that may lead to each other before Errand suspects a circle.
const DEEPEST: u32 = 8;

/// Dispatches whenever the inbox grew, until the engine stops.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        let dispatched = if core.is_paused() {
            Ok(())
        } else {
            dispatch(&core).await
        };
        tokio::select! {
            () = core.inbox_grew.notified() => {}
            () = again_after(&core, &dispatched) => {}
            () = core.stopping.cancelled() => return,
        }
    }
}

/// Returns when it is time to try again; never if all went well.
async fn again_after(core: &Core, dispatched: &Result<(), Error>) {
    match dispatched {
        Ok(()) => return std::future::pending().await,
        Err(error) if error.kind == Kind::NoRoom => core.room.is_missing(),
        Err(error) => {
            tracing::error!(%error, "Events could not be turned into runs; trying again.");
        }
    }
    tokio::time::sleep(AFTER_TROUBLE).await;
}

async fn dispatch(core: &Arc<Core>) -> Result<(), Error> {
    loop {
        let events = core.store.read(|view| view.open_events(BATCH)).await?;
        if events.is_empty() {
            return Ok(());
        }
        let now = core.now();
        let made = core.store.write(move |tx| {
            let make = |event: &Event| start(tx, event, now);
            events.iter().map(make).collect::<Result<Vec<_>, _>>()
        });
        for run in made.await?.into_iter().flatten() {
            core.announce(Happening::RunChanged(run.id, run.workflow));
            if run.state == RunState::Queued {
                offer(core, &run).await?;
            }
        }
        core.scheduler.pump(core);
    }
}

/// One event: a run, or a reason why not.
fn start(tx: &Tx<'_>, event: &Event, now: Timestamp) -> Result<Option<Run>, errand_store::Error> {
    let workflow = tx.workflow(event.workflow)?;
    let by_hand = event.trigger.is_none();
    let version = match workflow {
        Some(row) if row.deleted.is_some() => {
            Err((EventState::Skipped, "The workflow was deleted."))
        }
        Some(row) if !row.enabled && !by_hand => Err((EventState::Held, SWITCHED_OFF)),
        Some(row) => row
            .version
            .ok_or((EventState::Poison, "The workflow has no version.")),
        None => Err((EventState::Poison, "The workflow is gone.")),
    };
    match version {
        Ok(version) => {
            let run = new_run(tx, event, version, 0, now)?;
            if event.depth > DEEPEST {
                ask_about_circle(tx, run)
            } else {
                Ok(Some(run))
            }
        }
        Err((state, reason)) => tx.mark_event(event.seq, state, Some(reason)).map(|()| None),
    }
}

/// Workflows that start each other wait for a person instead of going round for ever.
fn ask_about_circle(tx: &Tx<'_>, mut run: Run) -> Result<Option<Run>, errand_store::Error> {
    run.state = RunState::Attention;
    run.reason = Some("Workflows seem to start each other in a circle.".into());
    tx.update_run(&run)?;
    Ok(Some(run))
}

/// Why events of a workflow that is off are held; switching it on lets them go.
pub(crate) const SWITCHED_OFF: &str = "The workflow is switched off.";

/// Makes a run for an event, in the event's transaction.
pub(crate) fn new_run(
    tx: &Tx<'_>,
    event: &Event,
    version: i64,
    generation: u32,
    now: Timestamp,
) -> Result<Run, errand_store::Error> {
    let run = Run {
        id: RunId::at(now),
        event_seq: event.seq,
        generation,
        workflow: event.workflow,
        version,
        state: RunState::Queued,
        outcome: None,
        reason: None,
        wake_at: None,
        recoveries: 0,
        created: now,
        started: None,
        ended: None,
    };
    tx.create_run(&run)?;
    tx.mark_event(event.seq, EventState::Dispatched, None)?;
    Ok(run)
}

/// Queues a run under its version's limit.
pub(crate) async fn offer(core: &Arc<Core>, run: &Run) -> Result<(), Error> {
    let limit = limit(core, run.workflow, run.version).await?;
    core.scheduler.offer(run.workflow, run.id, limit);
    Ok(())
}

async fn limit(core: &Core, workflow: WorkflowId, version: i64) -> Result<usize, Error> {
    let document = core
        .documents
        .version(&core.store, workflow, version)
        .await?;
    let at_once = document
        .settings
        .at_once
        .and_then(|limit| usize::try_from(limit).ok());
    Ok(match document.settings.mode {
        Some(Mode::OneAtATime) => 1,
        _ => at_once.unwrap_or(AT_ONCE_EACH),
    })
}

/// Goes on, after a start, with every run that isn't waiting for a time or a person.
pub(crate) async fn resume(core: &Arc<Core>) -> Result<(), Error> {
    let runs = core.store.read(|view| view.live_runs()).await?;
    for run in runs.iter().filter(|run| run.state == RunState::Running) {
        runner::end_interrupted_turn(core, run.id).await?;
    }
    let going_on = |run: &&Run| matches!(run.state, RunState::Queued | RunState::Running);
    for run in runs.iter().filter(going_on) {
        offer(core, run).await?;
    }
    core.scheduler.pump(core);
    Ok(())
}
