//! Drives one run: folds its records, asks [`decide`] what comes next, tries it, commits. Intent is
//! committed before any effect; a result is committed together with the next intent or the end.

pub(crate) mod attempt;
mod commit;
mod decide;
mod interrupted;
pub(crate) mod journal;
mod pure;
pub(crate) mod retry;

use std::sync::Arc;

use errand_model::{
    Event, Map, Outcome, Run, RunId, RunState, Step, StepKind, StepRecord, Timestamp, Value,
    WaitsFor, Workflow,
};

pub(crate) use self::decide::{Decision, decide};
pub(crate) use self::pure::{evaluate, render_fields};
use self::{commit::Changes, journal::Journal};
use crate::{Error, core::Core, keys, scope};

/// One run while it goes on.
struct Drive<'a> {
    core: &'a Core,
    workflow: Arc<Workflow>,
    run: Run,
    event: Map,
    depth: u32,
    journal: Journal,
    key_root: [u8; 32],
    /// Results not yet committed; they join the next intent.
    changes: Changes,
}

/// Goes on with a run until it ends, waits, or needs a person.
pub(crate) async fn drive(core: &Core, id: RunId) -> Result<(), Error> {
    let Some(mut drive) = load(core, id).await? else {
        return Ok(());
    };
    let workflow = Arc::clone(&drive.workflow);
    loop {
        if core.scheduler.is_cancelled(id) {
            return drive
                .finish(Outcome::Cancelled, Some("You cancelled it.".into()))
                .await;
        }
        match decide(&workflow, &drive.journal, core.now()) {
            Decision::Try(step) => drive.try_step(step).await?,
            Decision::Look(step) => drive.after_interruption(step).await?,
            Decision::Wait(until) => return drive.wait(until).await,
            Decision::Ask { reason, .. } => {
                return drive.rest(RunState::Attention, None, Some(reason)).await;
            }
            Decision::Done { outcome, reason } => return drive.finish(outcome, reason).await,
        }
    }
}

/// After a start, before any other run goes on: if a run was interrupted in its turn, finds out what
/// it did. A run that had its turn earlier could leave what looks like this one's work.
pub(crate) async fn end_interrupted_turn(core: &Core, id: RunId) -> Result<(), Error> {
    let Some(mut drive) = load(core, id).await? else {
        return Ok(());
    };
    let workflow = Arc::clone(&drive.workflow);
    match decide(&workflow, &drive.journal, core.now()) {
        Decision::Look(step) if drive.takes_turns(step) => drive.after_interruption(step).await,
        _ => Ok(()),
    }
}

/// None when there is nothing to do: the run ended or waits for a person.
async fn load(core: &Core, id: RunId) -> Result<Option<Drive<'_>>, Error> {
    let loaded = core
        .store
        .read(move |view| {
            let Some(run) = view.run(id)? else {
                return Ok(None);
            };
            let event = view.event(run.event_seq)?;
            Ok(Some((view.steps(id)?, event, run)))
        })
        .await?;
    let Some((records, Some(event), run)) = loaded else {
        return Ok(None);
    };
    if matches!(run.state, RunState::Done | RunState::Attention) {
        return Ok(None);
    }
    let document = core
        .documents
        .version(&core.store, run.workflow, run.version)
        .await;
    let workflow = match document {
        Ok(workflow) => workflow,
        Err(error) => return unreadable(core, run, &error).await.map(|()| None),
    };
    let key_root = keys::root(
        core.store.install_id(),
        run.workflow,
        &event,
        run.generation,
    );
    let depth = event.depth;
    let (event, journal) = (payload_of(event), Journal::of(records));
    let changes = Changes::default();
    Ok(Some(Drive {
        core,
        workflow,
        run,
        event,
        depth,
        journal,
        key_root,
        changes,
    }))
}

/// A run whose document can't be read waits for a person, who sees why.
async fn unreadable(core: &Core, mut run: Run, error: &Error) -> Result<(), Error> {
    (run.state, run.wake_at) = (RunState::Attention, None);
    run.reason = Some(error.message.clone());
    let (id, workflow) = (run.id, run.workflow);
    core.store.write(move |tx| tx.update_run(&run)).await?;
    core.announce(crate::Happening::RunChanged(id, workflow));
    Ok(())
}

pub(crate) fn payload_of(event: Event) -> Map {
    match event.payload {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

impl Drive<'_> {
    async fn try_step(&mut self, step: &Step) -> Result<(), Error> {
        match &step.kind {
            StepKind::Do(action) => self.try_action(step, action).await,
            _ => {
                self.record_pure(step);
                Ok(())
            }
        }
    }

    /// Pure steps cost no commit of their own: their record joins the next one.
    fn record_pure(&mut self, step: &Step) {
        let now = self.core.now();
        let record = evaluate(step, &self.scope(now), now);
        self.put(record);
    }

    fn scope(&self, now: Timestamp) -> errand_template::Scope {
        let about = scope::About {
            workflow: &self.workflow,
            workflow_id: Some(self.run.workflow),
            run: Some(&self.run),
        };
        scope::of(&about, &self.event, &self.journal, now)
    }

    /// Notes a step's new record, to be committed with what comes next. From here on, for later
    /// steps too, it holds no secrets.
    fn put(&mut self, mut record: StepRecord) {
        self.core.vault.masks.record(&mut record);
        let order = self
            .workflow
            .steps
            .iter()
            .position(|step| step.id == record.path);
        let order = order
            .and_then(|order| i64::try_from(order).ok())
            .unwrap_or_default();
        self.changes.put_step(order, record.clone());
        self.journal.put(record);
    }

    /// Rests until then, saying why if something has to come back first.
    async fn wait(self, until: Timestamp) -> Result<(), Error> {
        let waiting = self.journal.waiting();
        let reason = waiting.map(|(_, error)| error.message.clone());
        let blocked = waiting.filter(|(_, error)| error.waits_for == Some(WaitsFor::Connection));
        let connection = blocked.and_then(|(record, _)| self.connection_of(&record.path));
        let core = self.core;
        self.rest(RunState::Waiting, Some(until), reason).await?;
        // It may have been mended before this run was seen to wait for it.
        if let Some(name) = connection
            && core.vault.account(&name).is_ok()
        {
            core.vault.wake().await?;
            core.timer_changed.notify_one();
        }
        Ok(())
    }

    fn connection_of(&self, path: &str) -> Option<String> {
        let step = self.workflow.steps.iter().find(|step| step.id == path)?;
        match &step.kind {
            StepKind::Do(action) => action.using.clone(),
            _ => None,
        }
    }

    async fn rest(
        mut self,
        state: RunState,
        wake_at: Option<Timestamp>,
        reason: Option<String>,
    ) -> Result<(), Error> {
        (self.run.state, self.run.wake_at, self.run.reason) = (state, wake_at, reason);
        self.commit().await?;
        self.core.timer_changed.notify_one();
        self.core.announce(crate::Happening::StatusChanged);
        Ok(())
    }

    async fn finish(mut self, outcome: Outcome, reason: Option<String>) -> Result<(), Error> {
        let now = self.core.now();
        (self.run.state, self.run.outcome) = (RunState::Done, Some(outcome));
        (self.run.ended, self.run.wake_at, self.run.reason) = (Some(now), None, reason);
        self.run.started.get_or_insert(now);
        self.commit().await?;
        errand_store::faults::hit("engine.after_done");
        Ok(())
    }
}
