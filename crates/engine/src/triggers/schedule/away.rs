//! The record of what happened to schedules while nobody could see to them: times that were missed
//! and what was done about them. Written with what was done, read by the screens.

use errand_model::{Timestamp, TriggerId, WorkflowId, workflow::Missed};
use errand_store::Tx;
use serde::{Deserialize, Serialize};

use super::{local, plan::Away};
use crate::{Error, Handle};

const MISSED: &str = "schedule.missed";
const MOVED: &str = "schedule.zone";

/// Why times were missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// No engine ran.
    Off,
    /// The computer slept.
    Asleep,
    /// The clock was set forward.
    ClockSet,
}

/// Times that were missed, as kept.
#[derive(Serialize, Deserialize)]
struct Record {
    workflow: WorkflowId,
    trigger: TriggerId,
    from: Timestamp,
    to: Timestamp,
    /// As the schedule's zone has them.
    from_local: String,
    to_local: String,
    slots: usize,
    and_more: bool,
    rule: Missed,
    made_up: usize,
    why: Why,
}

/// A change of the computer's zone, as kept.
#[derive(Serialize, Deserialize)]
struct Move {
    workflow: WorkflowId,
    keeps_to: String,
    now_in: String,
}

/// What happened to a schedule while the person was away.
#[derive(Debug, Clone, PartialEq)]
pub struct WhileAway {
    /// When it was noticed.
    pub at: Timestamp,
    /// The workflow.
    pub workflow: WorkflowId,
    /// The first and the last time missed; None for other news.
    pub span: Option<(Timestamp, Timestamp)>,
    /// How many times were missed.
    pub slots: usize,
    /// For how many of them a run made up.
    pub made_up: usize,
    /// All of it in words.
    pub sentence: String,
}

pub(super) fn note_missed(
    tx: &Tx<'_>,
    whose: (WorkflowId, TriggerId),
    away: &Away,
    zone: &jiff::tz::TimeZone,
    why: Why,
    now: Timestamp,
) -> Result<(), errand_store::Error> {
    let record = Record {
        workflow: whose.0,
        trigger: whose.1,
        from: away.from,
        to: away.to,
        from_local: local(away.from, zone),
        to_local: local(away.to, zone),
        slots: away.count,
        and_more: away.and_more,
        rule: away.rule,
        made_up: away.made_up,
        why,
    };
    let detail = serde_json::to_string(&record).unwrap_or_default();
    tx.audit(MISSED, &whose.0.to_string(), &detail, now)
}

pub(super) fn note_moved(
    tx: &Tx<'_>,
    workflow: WorkflowId,
    keeps_to: String,
    now_in: String,
    now: Timestamp,
) -> Result<(), errand_store::Error> {
    let moved = Move {
        workflow,
        keeps_to,
        now_in,
    };
    let detail = serde_json::to_string(&moved).unwrap_or_default();
    tx.audit(MOVED, &workflow.to_string(), &detail, now)
}

impl Handle {
    /// What happened to schedules while the person was away, the newest first.
    pub async fn while_away(&self, limit: u32) -> Result<Vec<WhileAway>, Error> {
        let read = self
            .core
            .store
            .read(move |view| view.audited(&[MISSED, MOVED], limit));
        let lines = read.await?.into_iter();
        Ok(lines
            .filter_map(|line| of_line(line.at, &line.kind, &line.detail))
            .collect())
    }
}

fn of_line(at: Timestamp, kind: &str, detail: &str) -> Option<WhileAway> {
    if kind == MOVED {
        let moved: Move = serde_json::from_str(detail).ok()?;
        return Some(of_move(at, moved));
    }
    let record: Record = serde_json::from_str(detail).ok()?;
    Some(WhileAway {
        at,
        workflow: record.workflow,
        span: Some((record.from, record.to)),
        slots: record.slots,
        made_up: record.made_up,
        sentence: sentence(&record),
    })
}

fn of_move(at: Timestamp, moved: Move) -> WhileAway {
    let Move {
        keeps_to, now_in, ..
    } = &moved;
    WhileAway {
        at,
        workflow: moved.workflow,
        span: None,
        slots: 0,
        made_up: 0,
        sentence: format!(
            "This computer is in the time zone {now_in} now; the schedule keeps to {keeps_to}. \
             Switch it off and on again to change that."
        ),
    }
}

fn sentence(record: &Record) -> String {
    let why = match record.why {
        Why::Off => "while Errand wasn't running",
        Why::Asleep => "while the computer slept",
        Why::ClockSet => "when the clock was set forward",
    };
    let what = match (record.slots, record.and_more) {
        (1, _) => format!("One time was missed {why}: {}", record.from_local),
        (count, more) => {
            let more = if more { "More than " } else { "" };
            let (from, to) = (&record.from_local, &record.to_local);
            format!("{more}{count} times were missed {why}, from {from} to {to}")
        }
    };
    format!("{what}. {}", done(record))
}

fn done(record: &Record) -> String {
    let left = record.slots - record.made_up.min(record.slots);
    match (record.rule, record.made_up, left) {
        (_, 0, _) if record.slots == 1 => "It was left out.".to_owned(),
        (_, 0, _) => "They were left out.".to_owned(),
        (_, 1, 0) => "It was made up for.".to_owned(),
        (Missed::RunEach, _, 0) => "Each was made up for.".to_owned(),
        (Missed::RunEach, made_up, left) => {
            format!("The oldest {made_up} were made up for, {left} were left out.")
        }
        _ => "One run made up for all of them.".to_owned(),
    }
}
