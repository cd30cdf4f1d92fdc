//! What a person does with runs: start one, try again, answer what nobody can know, cancel.

use errand_model::{
    ErrorKind, Map, NewEvent, Outcome, Resolution, Run, RunId, RunState, StepError, StepRecord,
    StepState, Value, WorkflowId,
};
use tokio::sync::broadcast::error::RecvError;

use crate::{Error, Handle, Happening, dispatcher, runner::payload_of};

impl Handle {
    /// Runs the workflow's published version now (the draft is published if nothing is yet).
    pub async fn run_now(&self, id: WorkflowId, event: Map) -> Result<RunId, Error> {
        let row = self.existing(id).await?;
        let version = match row.version {
            Some(version) => version,
            None => self.publish(id).await?,
        };
        let now = self.now();
        let payload = Value::Object(event);
        let item = NewEvent {
            same_as: None,
            occurred: Some(now),
            payload,
            depth: 0,
        };
        let made = self.core.store.write(move |tx| {
            let accepted = tx.accept(None, id, &[item], now)?;
            let event = accepted.events.first();
            event
                .map(|event| dispatcher::new_run(tx, event, version, 0, now))
                .transpose()
        });
        let run = made.await?.ok_or_else(Error::no_run)?;
        self.go_on(&run).await?;
        Ok(run.id)
    }

    /// Tries a run again: from the step it stopped at, or as a new run for the same event.
    pub async fn retry(&self, id: RunId, from_start: bool) -> Result<RunId, Error> {
        let run = self.resting(id).await?;
        if run.state == RunState::Queued {
            return Err(Error::conflict("this run hasn't begun yet")
                .hint("It begins by itself. Cancel it if it shall not."));
        }
        if from_start && run.state == RunState::Waiting {
            return Err(Error::conflict("this run is still going on")
                .hint("Cancel it before you run it again from the start."));
        }
        if from_start {
            return self.run_again(&run).await;
        }
        let steps = self.core.store.read(move |view| view.steps(id)).await?;
        let stopped = steps.iter().find(|step| {
            matches!(
                step.state,
                StepState::Failed | StepState::RetryWait | StepState::Cancelled
            )
        });
        match stopped {
            Some(step) => {
                let step = step.clone();
                self.reopen(run, again(&step)).await?;
                Ok(id)
            }
            None if steps.iter().any(|step| step.state == StepState::Unknown) => Err(
                Error::conflict("this run waits for your answer, not for another try")
                    .hint("Say whether the step was done, is to be done again, or left out."),
            ),
            None => Err(Error::conflict("no step of this run failed")
                .hint("Run it again from the start instead.")),
        }
    }

    /// A person's answer for a step that failed or that nobody can tell about.
    pub async fn resolve(&self, id: RunId, path: &str, answer: Resolution) -> Result<(), Error> {
        let run = self.resting(id).await?;
        if run.state == RunState::Done {
            return Err(
                Error::conflict("this run has ended, so no step waits for an answer")
                    .hint("Retry the run if it shall go on."),
            );
        }
        let steps = self.core.store.read(move |view| view.steps(id)).await?;
        let step = steps.into_iter().find(|step| step.path == path);
        let step = step.filter(|step| matches!(step.state, StepState::Unknown | StepState::Failed));
        let step = step.ok_or_else(|| {
            Error::conflict(format!(
                "the step `{path}` of this run doesn't wait for an answer"
            ))
            .hint("`errand runs show` tells which step does.")
        })?;
        self.reopen(run, resolved(&step, answer, self.now())).await
    }

    /// Ends a run; a step that is going on is let finish first.
    pub async fn cancel(&self, id: RunId) -> Result<(), Error> {
        if self.core.scheduler.request_cancel(id) {
            self.until_released(id).await;
        }
        let Some(mut run) = self.core.store.read(move |view| view.run(id)).await? else {
            return Err(Error::no_run());
        };
        if run.state == RunState::Done {
            return Ok(());
        }
        let now = self.now();
        (run.state, run.outcome) = (RunState::Done, Some(Outcome::Cancelled));
        (run.ended, run.wake_at, run.reason) = (Some(now), None, Some("You cancelled it.".into()));
        self.core
            .store
            .write(move |tx| cancel_steps(tx, &run, now))
            .await?;
        let run = self.run(id).await?;
        self.core.announce(Happening::RunChanged(id, run.workflow));
        Ok(())
    }

    /// Waits until the run has ended, waits for a later time, or needs a person.
    pub async fn wait_for(&self, id: RunId) -> Result<Run, Error> {
        let mut happenings = self.subscribe();
        loop {
            let run = self.run(id).await?;
            if matches!(run.state, RunState::Done | RunState::Attention) {
                return Ok(run);
            }
            match happenings.recv().await {
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Ok(run),
            }
        }
    }

    /// One run.
    pub async fn run(&self, id: RunId) -> Result<Run, Error> {
        self.core
            .store
            .read(move |view| view.run(id))
            .await?
            .ok_or_else(Error::no_run)
    }

    /// A run that no task is driving.
    async fn resting(&self, id: RunId) -> Result<Run, Error> {
        if self.core.scheduler.is_running(id) {
            return Err(Error::conflict("this run is still going on").hint("Wait, or cancel it."));
        }
        self.run(id).await
    }

    async fn run_again(&self, run: &Run) -> Result<RunId, Error> {
        let row = self.existing(run.workflow).await?;
        let version = row.version.unwrap_or(run.version);
        let (seq, now) = (run.event_seq, self.now());
        let made = self.core.store.write(move |tx| {
            let earlier = tx.runs_of_event(seq)?;
            let generation = earlier.iter().map(|run| run.generation + 1).max();
            let event = tx.event(seq)?;
            let new = event.map(|event| {
                dispatcher::new_run(tx, &event, version, generation.unwrap_or_default(), now)
            });
            new.transpose()
        });
        let made = made.await?.ok_or_else(Error::no_run)?;
        self.go_on(&made).await?;
        Ok(made.id)
    }

    /// Puts a step back into a run and lets the run go on.
    async fn reopen(&self, mut run: Run, step: StepRecord) -> Result<(), Error> {
        (run.state, run.outcome, run.ended) = (RunState::Running, None, None);
        (run.reason, run.wake_at, run.recoveries) = (None, None, 0);
        let (now, stored) = (self.now(), run.clone());
        let kept = self.core.store.write(move |tx| {
            let word = format!("{} {:?}", step.path, step.resolved);
            tx.audit("resolved", &stored.id.to_string(), &word, now)?;
            tx.put_step(stored.id, 0, &step)?;
            tx.update_run(&stored)
        });
        kept.await?;
        self.go_on(&run).await
    }

    async fn go_on(&self, run: &Run) -> Result<(), Error> {
        self.core
            .announce(Happening::RunChanged(run.id, run.workflow));
        self.core.announce(Happening::StatusChanged);
        dispatcher::offer(&self.core, run).await?;
        self.core.scheduler.pump(&self.core);
        Ok(())
    }

    async fn until_released(&self, id: RunId) {
        loop {
            let released = self.core.scheduler.released.notified();
            if !self.core.scheduler.is_running(id) {
                return;
            }
            released.await;
        }
    }

    /// The payload of the event a run is for.
    pub async fn event_of(&self, run: &Run) -> Result<Map, Error> {
        let seq = run.event_seq;
        let event = self.core.store.read(move |view| view.event(seq)).await?;
        Ok(event.map(payload_of).unwrap_or_default())
    }
}

fn cancel_steps(
    tx: &errand_store::Tx<'_>,
    run: &Run,
    now: errand_model::Timestamp,
) -> Result<(), errand_store::Error> {
    for step in tx
        .steps(run.id)?
        .into_iter()
        .filter(|step| !step.state.has_ended())
    {
        let ended = Some(now);
        let step = StepRecord {
            state: StepState::Cancelled,
            ended,
            wake_at: None,
            ..step
        };
        tx.put_step(run.id, 0, &step)?;
    }
    tx.update_run(run)
}

fn again(step: &StepRecord) -> StepRecord {
    let resolved = Some(Resolution::Again);
    // The time allowed for tries begins anew: a person asked for this one.
    let (started, attempt) = (None, step.attempt);
    let record = StepRecord {
        state: StepState::Ready,
        ended: None,
        ..step.clone()
    };
    StepRecord {
        wake_at: None,
        resolved,
        started,
        attempt,
        ..record
    }
}

fn resolved(step: &StepRecord, answer: Resolution, now: errand_model::Timestamp) -> StepRecord {
    let ended = StepRecord {
        ended: Some(now),
        resolved: Some(answer),
        ..step.clone()
    };
    match answer {
        Resolution::Again => again(step),
        Resolution::Done => {
            let output = step.plan["expected"].clone();
            StepRecord {
                state: StepState::Succeeded,
                output,
                error: None,
                ..ended
            }
        }
        Resolution::Skip => {
            let error = StepError::new(ErrorKind::Cancelled, "You left this step out.");
            StepRecord {
                state: StepState::Skipped,
                error: Some(error),
                ..ended
            }
        }
    }
}
