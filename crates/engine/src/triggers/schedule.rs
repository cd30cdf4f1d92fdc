//! Listens to the clock. What is due follows from the last time dealt with and the present (`plan`,
//! pure); it is kept in one transaction with the memory of how far the schedule has come
//! (`commit`). That memory only moves forward, and each time has its own dedupe key, so that no time
//! has its run twice whatever the clock does.

pub(crate) mod away;
pub(crate) mod clock;
mod commit;
pub(crate) mod cursor;
mod days;
#[cfg(test)]
mod oracle;
pub(crate) mod plan;
#[cfg(test)]
mod rules;
pub(crate) mod slots;
pub(crate) mod spec;
pub(crate) mod upcoming;

use std::{sync::Arc, time::Duration};

use errand_connectors::ports::Clock;
use errand_model::{Timestamp, TriggerSource, Workflow, workflow::Missed};
use errand_store::{TriggerRow, Tx};
use jiff::{SignedDuration, tz::TimeZone};
use tokio_util::sync::CancellationToken;

use self::{
    away::Why,
    clock::ClockWatch,
    commit::Turn,
    cursor::{Cursor, zone_of},
    plan::Question,
    spec::{Spec, Zone},
};
use crate::{Error, Happening, core::Core};

/// What all schedules share.
pub(crate) struct Schedules {
    pub(crate) clock: ClockWatch,
    /// When the engine was started.
    started: Moment,
}

impl Schedules {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self {
            clock: ClockWatch::default(),
            started: Moment::of(clock),
        }
    }
}

/// The wall clock, and how long the computer has been on.
#[derive(Clone, Copy)]
struct Moment {
    wall: Timestamp,
    since_start: Option<Duration>,
}

impl Moment {
    fn of(clock: &dyn Clock) -> Self {
        Self {
            wall: clock.now(),
            since_start: clock.since_start(),
        }
    }

    /// Whether the clock was set between the two.
    fn clock_was_set(self, later: Self) -> bool {
        let (Some(before), Some(after)) = (self.since_start, later.since_start) else {
            return false;
        };
        let really = SignedDuration::try_from(after.saturating_sub(before));
        let shown = later.wall.duration_since(self.wall);
        really.is_ok_and(|really| (shown - really).abs() > CORRECTION)
    }
}

struct Listener {
    core: Arc<Core>,
    trigger: TriggerRow,
    problem: Option<String>,
    /// When it last looked.
    before: Moment,
}

/// Listens until stopped.
pub(crate) async fn listen(core: Arc<Core>, trigger: TriggerRow, stop: CancellationToken) {
    let mut listener = Listener {
        problem: trigger.problem.clone(),
        before: core.schedules.started,
        core,
        trigger,
    };
    while !stop.is_cancelled() {
        let sleep = listener.turn().await;
        tokio::select! {
            () = tokio::time::sleep(sleep) => {}
            () = listener.core.schedules.clock.confirmed.notified() => {}
            () = stop.cancelled() => return,
        }
    }
}

impl Listener {
    /// Does what is due; how long to sleep then.
    async fn turn(&mut self) -> Duration {
        let now = self.core.now();
        let next = match self.do_due(now).await {
            Ok(next) => {
                self.report(None, now).await;
                next
            }
            Err(problem) => {
                self.report(Some(problem), now).await;
                None
            }
        };
        self.before = Moment::of(&*self.core.clock);
        let until = next.map(|next| next.duration_since(self.core.now()));
        let longest = self.core.clock.longest_sleep();
        let until = until.map_or(longest, |it| Duration::try_from(it).unwrap_or_default());
        until.min(longest)
    }

    /// The next time, or why nothing can be done.
    async fn do_due(&self, now: Timestamp) -> Result<Option<Timestamp>, String> {
        let doubt = self.core.schedules.clock.judge(now);
        doubt.map_err(|doubt| doubt.sentence(now))?;
        let with = self.trigger.config.as_object().cloned().unwrap_or_default();
        let spec = Spec::read(&with).map_err(|wrong| wrong_sentence(&wrong))?;
        let kept = |error: Error| format!("The schedule could not be kept: {}.", error.message);
        let cursor = self.cursor(now).await.map_err(kept)?;
        let zone = zone_of(&spec, Some(&cursor));
        let zone = zone.ok_or("The schedule's time zone isn't known on this computer.")?;
        let cursor = self.tell_of_move(&spec, cursor, now).await.map_err(kept)?;
        let question = Question {
            rhythm: &spec.rhythm,
            zone: &zone,
            rule: self.rule().await.map_err(kept)?,
            last: cursor.last,
            now,
        };
        self.carry_out(question, &cursor).await.map_err(kept)
    }

    async fn carry_out(
        &self,
        question: Question<'_>,
        cursor: &Cursor,
    ) -> Result<Option<Timestamp>, Error> {
        let plan = plan::plan(question);
        let last = plan.last.unwrap_or(cursor.last);
        let Question {
            rhythm, zone, now, ..
        } = question;
        let why = self.why(plan.away.as_ref().map(|away| away.from));
        let turn = Turn {
            trigger: &self.trigger,
            cursor,
            rhythm,
            zone,
            plan,
            why,
            now,
        };
        commit::commit(&self.core, turn).await?;
        Ok(slots::next(rhythm, zone, last.max(now)))
    }

    /// How far it has come. A schedule without a memory begins now; so does one whose memory is of
    /// a time that the clock showed wrongly, for it would wait for that time to come.
    async fn cursor(&self, now: Timestamp) -> Result<Cursor, Error> {
        let id = self.trigger.id;
        let stored = self.core.store.read(move |view| view.cursor(id)).await?;
        let stored = stored.and_then(|(cursor, _)| Cursor::read(cursor));
        let begun = match stored {
            Some(cursor) if cursor.last <= now + clock::BACK => return Ok(cursor),
            Some(cursor) => Cursor {
                last: now,
                ..cursor
            },
            None => Cursor::begin(now),
        };
        let value = begun.value();
        self.core
            .store
            .write(move |tx| tx.put_cursor(id, &value, now))
            .await?;
        Ok(begun)
    }

    /// The rule for missed times in the published document.
    async fn rule(&self) -> Result<Option<Missed>, Error> {
        let id = self.trigger.workflow;
        let row = self.core.store.read(move |view| view.workflow(id)).await?;
        let Some(version) = row.and_then(|row| row.version) else {
            return Ok(None);
        };
        let document = self
            .core
            .documents
            .version(&self.core.store, id, version)
            .await?;
        Ok(document.settings.missed)
    }

    /// A schedule keeps to its zone when the computer moves to another; the person is told once.
    async fn tell_of_move(
        &self,
        spec: &Spec,
        cursor: Cursor,
        now: Timestamp,
    ) -> Result<Cursor, Error> {
        let system = TimeZone::system().iana_name().map(str::to_owned);
        let (Some(now_in), Some(keeps_to)) = (system, cursor.zone.clone()) else {
            return Ok(cursor);
        };
        if spec.zone != Zone::Frozen || cursor.told.as_ref() == Some(&now_in) {
            return Ok(cursor);
        }
        let told = Cursor {
            told: Some(now_in.clone()),
            ..cursor
        };
        let (id, workflow, value) = (self.trigger.id, self.trigger.workflow, told.value());
        let noted = self.core.store.write(move |tx| {
            tx.put_cursor(id, &value, now)?;
            match now_in == keeps_to {
                true => Ok(()),
                false => away::note_moved(tx, workflow, keeps_to, now_in, now),
            }
        });
        noted.await?;
        Ok(told)
    }

    /// Why times from this one on were missed.
    fn why(&self, from: Option<Timestamp>) -> Why {
        let started = self.core.schedules.started;
        if from.is_some_and(|from| from < started.wall) {
            return Why::Off;
        }
        match self.before.clock_was_set(Moment::of(&*self.core.clock)) {
            true => Why::ClockSet,
            false => Why::Asleep,
        }
    }

    /// Tells once when it can't go on, and once when it can again.
    async fn report(&mut self, problem: Option<String>, now: Timestamp) {
        if problem == self.problem {
            return;
        }
        let (id, text) = (self.trigger.id, problem.clone());
        let note = self
            .core
            .store
            .write(move |tx| tx.note_trigger(id, text.as_deref(), now, None));
        match note.await {
            Ok(()) => self.problem = problem,
            Err(error) => tracing::error!(%error, "A trigger's health could not be kept."),
        }
        self.core
            .announce(Happening::WorkflowChanged(self.trigger.workflow));
    }
}

/// Clocks are corrected by that much without having been set.
const CORRECTION: SignedDuration = SignedDuration::from_secs(5);

fn wrong_sentence(wrong: &[spec::Wrong]) -> String {
    let sentences = wrong.iter().map(|it| format!("{} {}", it.message, it.hint));
    sentences.collect::<Vec<_>>().join(" ")
}

/// A document's schedule, if it has one whose fields are right.
pub(crate) fn spec_of(core: &Core, workflow: &Workflow) -> Option<Spec> {
    let trigger = workflow.trigger.as_ref()?;
    let info = core.registry.trigger_info(&trigger.on)?;
    if info.source != TriggerSource::Schedule {
        return None;
    }
    let mut with = trigger.with.clone();
    for field in info.fields.iter().filter(|field| !field.default.is_null()) {
        with.entry(&field.id)
            .or_insert_with(|| field.default.clone());
    }
    Spec::read(&with).ok()
}

/// Begins with the switch-on, in its transaction. A schedule that goes on unchanged keeps its
/// memory.
pub(crate) fn begin(
    tx: &Tx<'_>,
    row: &TriggerRow,
    now: Timestamp,
) -> Result<(), errand_store::Error> {
    if row.enabled && row.baseline {
        return Ok(());
    }
    tx.put_cursor(row.id, &Cursor::begin(now).value(), now)?;
    tx.set_baseline(row.id)
}

/// As clocks in that zone show it: `Wed 25 Nov 2026, 08:30 CET`.
pub(super) fn local(moment: Timestamp, zone: &TimeZone) -> String {
    let local = moment.to_zoned(zone.clone());
    local.strftime("%a %-d %b %Y, %H:%M %Z").to_string()
}
