//! What to do now: from the last time dealt with and the present to the runs that are due and those
//! that were missed. Pure.

use errand_model::{Timestamp, workflow::Missed};
use jiff::{SignedDuration, tz::TimeZone};

use super::{slots, spec::Rhythm};

/// A time that is this late was missed.
const LATE: SignedDuration = SignedDuration::from_mins(1);
/// No more runs than this make up for missed times, and no more of them are named in an event.
pub(super) const MOST: usize = 100;
/// No more missed times than this are counted.
const COUNTED: usize = 10_000;

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) rhythm: &'a Rhythm,
    pub(crate) zone: &'a TimeZone,
    /// The workflow's rule for missed times; None: what fits the rhythm.
    pub(crate) rule: Option<Missed>,
    /// The last time that was dealt with.
    pub(crate) last: Timestamp,
    pub(crate) now: Timestamp,
}

/// What to do.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// Runs to begin, the oldest first.
    pub(crate) runs: Vec<Due>,
    /// Times that were missed.
    pub(crate) away: Option<Away>,
    /// The last time dealt with by this; None: nothing was due.
    pub(crate) last: Option<Timestamp>,
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Due {
    pub(crate) due: Timestamp,
    /// Missed times that it makes up for, the oldest first.
    pub(crate) missed: Vec<Timestamp>,
}

/// Times that were missed, and what was done about them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Away {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) count: usize,
    /// There were even more.
    pub(crate) and_more: bool,
    pub(crate) rule: Missed,
    /// Missed times that a run makes up for.
    pub(crate) made_up: usize,
}

/// Answers the question.
pub(crate) fn plan(question: Question<'_>) -> Plan {
    let Question {
        rhythm,
        zone,
        last,
        now,
        ..
    } = question;
    let mut passed: Vec<Timestamp> = slots_between(question).take(COUNTED + 1).collect();
    let and_more = passed.len() > COUNTED;
    if and_more {
        passed.truncate(COUNTED);
        passed.extend(slots::latest(rhythm, zone, now).filter(|slot| Some(slot) > passed.last()));
    }
    let Some(newest) = passed.last().copied() else {
        return Plan::default();
    };
    let on_time = (now.duration_since(newest) < LATE)
        .then(|| passed.pop())
        .flatten();
    let rule = question.rule.unwrap_or_else(|| usual_rule(question));
    let runs = match rule {
        Missed::Skip => Vec::new(),
        Missed::RunOnce => once(question, &passed, on_time),
        Missed::RunEach => each(&passed),
    };
    let made_up = match rule {
        Missed::RunOnce if !runs.is_empty() => passed.len(),
        _ => runs.len(),
    };
    let runs = with_on_time(runs, on_time);
    Plan {
        runs,
        away: away(&passed, and_more, rule, made_up),
        last: Some(newest.max(last)),
    }
}

fn slots_between(question: Question<'_>) -> impl Iterator<Item = Timestamp> + '_ {
    let Question {
        rhythm,
        zone,
        last,
        now,
        ..
    } = question;
    let next = move |slot: &Timestamp| slots::next(rhythm, zone, *slot).filter(|it| *it <= now);
    std::iter::successors(next(&last), next)
}

/// One run for all of them: the one that is on time, or else one for the newest if that isn't too
/// long ago.
fn once(question: Question<'_>, missed: &[Timestamp], on_time: Option<Timestamp>) -> Vec<Due> {
    let Some(newest) = missed.last().copied() else {
        return Vec::new();
    };
    let is_fresh = question.now.duration_since(newest) <= grace(question);
    let due = on_time.or(is_fresh.then_some(newest));
    let missed = missed[missed.len().saturating_sub(MOST)..].to_vec();
    due.map(|due| Due { due, missed }).into_iter().collect()
}

fn each(missed: &[Timestamp]) -> Vec<Due> {
    let runs = missed.iter().take(MOST).map(|slot| Due {
        due: *slot,
        missed: vec![*slot],
    });
    runs.collect()
}

fn with_on_time(mut runs: Vec<Due>, on_time: Option<Timestamp>) -> Vec<Due> {
    let has_run = |slot: Timestamp| runs.iter().any(|run| run.due == slot);
    let due = on_time.filter(|slot| !has_run(*slot));
    runs.extend(due.map(|due| Due {
        due,
        missed: Vec::new(),
    }));
    runs
}

fn away(missed: &[Timestamp], and_more: bool, rule: Missed, made_up: usize) -> Option<Away> {
    Some(Away {
        from: *missed.first()?,
        to: *missed.last()?,
        count: missed.len().min(COUNTED),
        and_more,
        rule,
        made_up,
    })
}

/// Frequent times come again soon; rare ones are made up for.
fn usual_rule(question: Question<'_>) -> Missed {
    match period(question) < SignedDuration::from_hours(1) {
        true => Missed::Skip,
        false => Missed::RunOnce,
    }
}

/// How old a missed time may be to be made up for.
fn grace(question: Question<'_>) -> SignedDuration {
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    match period(question) {
        period if period <= days(1) => days(1),
        period if period <= days(7) => days(7),
        _ => days(31),
    }
}

fn period(question: Question<'_>) -> SignedDuration {
    slots::period(question.rhythm, question.zone, question.last)
}
