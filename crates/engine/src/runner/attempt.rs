//! One try of one action: prepare from reads only, commit the intent, act, note the result.

use std::panic::AssertUnwindSafe;

use errand_connectors::{Action, Call, Plan, ports::Ports};
use errand_model::{
    ActionInfo, Attempt, Effect, ErrorKind, Map, Step, StepError, StepRecord, StepState, Value,
    workflow::Do,
};
use errand_store::OwnWrite;
use futures_util::FutureExt;
use serde_json::json;

use super::{
    Drive,
    commit::{Closed, Committed},
    pure::{failed_state, render_fields},
    retry::{self, Failed, Verdict},
};
use crate::{
    Error, grants, keys, outside,
    recording::Recording,
    vault::masks::{is_masked, unmasked},
};

/// An action ready to act.
pub(super) struct Prepared<'a> {
    pub(super) action: &'a dyn Action,
    pub(super) input: Map,
    pub(super) ports: Ports,
    pub(super) recording: Recording,
    pub(super) key: String,
}

/// An action ready to act, and the plan it has to keep to.
type Ready<'a> = (Prepared<'a>, Option<Plan>);

/// How often a plan is made anew because others changed the file between plan and deed.
const PLANS: u32 = 100;

impl Prepared<'_> {
    pub(super) fn call(&self) -> Call<'_> {
        Call {
            input: &self.input,
            ports: &self.ports,
            idempotency_key: &self.key,
        }
    }
}

impl Drive<'_> {
    pub(super) async fn try_action(&mut self, step: &Step, action: &Do) -> Result<(), Error> {
        let core = self.core;
        let began = core.now();
        let mut record = self.next_attempt(step, action);
        self.open(&record);
        let result = match self.ready(step, action, core) {
            Ok(ready) => self.carry_out(ready, &mut record).await?,
            Err(error) => Err(error),
        };
        match result {
            Ok((output, prepared)) => {
                core.vault.accepted(action.using.as_deref()).await?;
                self.note_success(record, output, &prepared);
                core.turns.give_back(self.run.id);
            }
            Err(error) => {
                let error = core
                    .vault
                    .judged(action.using.as_deref(), error, began)
                    .await?;
                let nothing_done = !error.may_have_happened;
                self.note_failure(step, record, error);
                if nothing_done {
                    self.end_turn().await?;
                }
            }
        }
        Ok(())
    }

    /// Plans, commits the intent and acts; once more if others changed the file in between.
    async fn carry_out<'a>(
        &mut self,
        (prepared, kept): Ready<'a>,
        record: &mut StepRecord,
    ) -> Result<Result<(Value, Prepared<'a>), StepError>, Error> {
        let takes_turns = self.take_turn(&prepared).await?;
        let mut plans = 0;
        loop {
            let plan = match &kept {
                Some(kept) => Ok(kept.clone()),
                None => guarded(prepared.action.plan(&prepared.call())).await,
            };
            let result = match plan {
                Ok(plan) => self.act_by(&plan, &prepared, record).await?,
                Err(error) => return Ok(Err(error)),
            };
            plans += 1;
            match result {
                Err(error) if takes_turns && plans < PLANS && came_too_late(&error) => {}
                other => return Ok(other.map(|output| (output, prepared))),
            }
        }
    }

    async fn act_by(
        &mut self,
        plan: &Plan,
        prepared: &Prepared<'_>,
        record: &mut StepRecord,
    ) -> Result<Result<Value, StepError>, Error> {
        record.effect = prepared.action.effect(&prepared.input);
        record.input = Value::Object(prepared.input.clone());
        record.plan = json!({ "note": plan.note, "expected": plan.expected });
        record.idempotency_key = Some(prepared.key.clone());
        let committed = self.commit_action(record.clone(), plan).await?;
        errand_store::faults::hit("engine.before_effect");
        let result = act(committed, prepared, plan).await;
        errand_store::faults::hit("engine.after_effect");
        Ok(result)
    }

    /// Whether the call is one of those that take turns; then it is this run's turn now.
    pub(super) async fn take_turn(&self, prepared: &Prepared<'_>) -> Result<bool, Error> {
        let Some(file) = prepared.action.turn(&prepared.input) else {
            return Ok(false);
        };
        tokio::select! {
            () = self.core.turns.take(&file, self.run.id) => Ok(true),
            () = self.core.stopping.cancelled() => Err(Error::conflict("Errand is being stopped")),
        }
    }

    /// Others have their turn when it is recorded that this run did nothing, or what it did.
    pub(super) async fn end_turn(&mut self) -> Result<(), Error> {
        if self.core.turns.has(self.run.id) {
            self.commit().await?;
            self.core.turns.give_back(self.run.id);
        }
        Ok(())
    }

    fn next_attempt(&self, step: &Step, action: &Do) -> StepRecord {
        let info = self.core.registry.action_info(&action.action);
        let effect = info.map_or(Effect::Unsafe, |info| info.effect);
        let earlier = self.journal.get(&step.id).cloned();
        let record = earlier.unwrap_or_else(|| StepRecord::ready(&step.id, effect));
        let now = self.core.now();
        let waited = record
            .error
            .as_ref()
            .is_some_and(|it| it.waits_for.is_some());
        StepRecord {
            state: StepState::Started,
            effect,
            attempt: if waited {
                record.attempt
            } else {
                record.attempt + 1
            },
            started: record.started.filter(|_| !waited).or(Some(now)),
            wake_at: None,
            ended: None,
            error: None,
            ..record
        }
    }

    /// Everything up to the plan: rendered and checked fields, and ports within the grants.
    pub(super) fn prepare<'a>(
        &self,
        step: &Step,
        action: &Do,
        core: &'a crate::core::Core,
    ) -> Result<Prepared<'a>, StepError> {
        let (implementation, info) = find(core, &action.action)?;
        let rendered = render_fields(&action.with, &info.fields, &self.scope(core.now()))?;
        let input = errand_connectors::check_input(&info.fields, rendered, &core.home)?;
        let grants = grants::of(&self.workflow, &self.event, &core.registry, &core.home);
        let (ports, recording) = Recording::real_ports(core, grants);
        let ports = outside::connect(core, ports, &self.workflow, action.using.as_deref());
        let key = keys::of_step(&self.key_root, &step.id);
        Ok(Prepared {
            action: implementation,
            input,
            ports,
            recording,
            key,
        })
    }

    /// An action ready to act. A step that was interrupted and goes on acts by the plan of its first
    /// try: a new one would take that try's own work for somebody else's.
    fn ready<'a>(
        &self,
        step: &Step,
        action: &Do,
        core: &'a crate::core::Core,
    ) -> Result<Ready<'a>, StepError> {
        let mut prepared = self.prepare(step, action, core)?;
        if let Some(earlier) = self
            .journal
            .get(&step.id)
            .filter(|earlier| keeps_plan(earlier))
        {
            prepared.input = unmasked(&earlier.input, prepared.input);
            return Ok((prepared, Some(plan_of(earlier))));
        }
        Ok((prepared, None))
    }

    fn open(&mut self, record: &StepRecord) {
        self.changes.opened.push(Attempt {
            path: record.path.clone(),
            number: record.attempt,
            started: self.core.now(),
            ended: None,
            result: None,
            error: None,
        });
    }

    /// The intent, and the path about to be written, so that a folder trigger that sees it first
    /// knows whose it is.
    async fn commit_action(&mut self, record: StepRecord, plan: &Plan) -> Result<Committed, Error> {
        if let Some(path) = plan.expected["path"].as_str() {
            self.changes
                .own_writes
                .push(self.own_write(path.as_bytes().to_vec(), 0, 0));
        }
        self.put(record);
        self.commit_intent().await
    }

    pub(super) fn own_write(&self, path: Vec<u8>, size: u64, modified_ns: i64) -> OwnWrite {
        OwnWrite {
            path,
            size,
            modified_ns,
            workflow: self.run.workflow,
            run: self.run.id,
            depth: self.depth,
            at: self.core.now(),
        }
    }

    pub(super) fn note_success(&mut self, record: StepRecord, output: Value, done: &Prepared<'_>) {
        let path = record.path.clone();
        for file in done.recording.written() {
            let own = self.own_write(file.path, file.size, file.modified_ns);
            self.changes.own_writes.push(own);
        }
        self.changes
            .undo
            .extend(done.recording.undo_note().map(|note| (path, note)));
        self.close(StepRecord {
            state: StepState::Succeeded,
            output,
            ..record
        });
    }

    fn note_failure(&mut self, step: &Step, record: StepRecord, error: StepError) {
        let now = self.core.now();
        let first_try = record.started.unwrap_or(now);
        let chance = chance(&self.key_root, record.attempt);
        let (effect, attempt) = (record.effect, record.attempt);
        let failed = Failed {
            error: &error,
            effect,
            attempt,
            first_try,
            now,
            chance,
        };
        let (state, wake_at) = match retry::verdict(&failed, step.retry.as_ref()) {
            Verdict::Again(time) => (StepState::RetryWait, Some(time)),
            Verdict::Unknown => (StepState::Unknown, None),
            Verdict::Look => (StepState::Verifying, None),
            Verdict::GiveUp => (failed_state(step), None),
        };
        self.close(StepRecord {
            state,
            wake_at,
            error: Some(error),
            ..record
        });
    }

    /// Notes the end of a try.
    pub(super) fn close(&mut self, mut record: StepRecord) {
        self.core.vault.masks.record(&mut record);
        let now = self.core.now();
        self.changes.closed.push(Closed {
            path: record.path.clone(),
            number: record.attempt,
            ended: now,
            result: record.state,
            error: record.error.clone(),
        });
        let ended = record.state.has_ended().then_some(now);
        self.put(StepRecord { ended, ..record });
    }
}

/// Whether nothing was done because the plan no longer fits.
fn came_too_late(error: &StepError) -> bool {
    error.kind == ErrorKind::Conflict && !error.may_have_happened
}

fn keeps_plan(earlier: &StepRecord) -> bool {
    let may_have_happened = earlier
        .error
        .as_ref()
        .is_some_and(|error| error.may_have_happened);
    matches!(earlier.effect, Effect::Idempotent | Effect::Verifiable)
        && may_have_happened
        && earlier.resolved.is_none()
        && !earlier.plan.is_null()
        && !is_masked(&earlier.plan)
}

/// The plan as it was committed with the intent.
pub(super) fn plan_of(record: &StepRecord) -> Plan {
    Plan {
        note: record.plan["note"].clone(),
        expected: record.plan["expected"].clone(),
    }
}

pub(crate) fn find<'a>(
    core: &'a crate::core::Core,
    id: &str,
) -> Result<(&'a dyn Action, &'a ActionInfo), StepError> {
    let found = core.registry.action(id).zip(core.registry.action_info(id));
    found.ok_or_else(|| {
        StepError::bad_input("do", format!("There is no action called `{id}`."))
            .hint("Choose another action for this step.")
    })
}

/// Acting needs the proof that the intent is durable.
async fn act(_: Committed, prepared: &Prepared<'_>, plan: &Plan) -> Result<Value, StepError> {
    guarded(prepared.action.run(&prepared.call(), plan)).await
}

/// A panic in a connector is that step's failure, not the engine's.
pub(crate) async fn guarded<T>(
    call: impl Future<Output = Result<T, StepError>>,
) -> Result<T, StepError> {
    let caught = AssertUnwindSafe(call).catch_unwind().await;
    caught.unwrap_or_else(|_| Err(StepError::bug("the action stopped unexpectedly").ambiguous()))
}

/// A number between 0 and 1 that differs from run to run: spreads retries without a clock or dice.
fn chance(key_root: &[u8; 32], attempt: u32) -> f64 {
    keys::share(blake3::keyed_hash(key_root, &attempt.to_le_bytes()))
}
