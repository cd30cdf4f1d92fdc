//! The next times of a document's schedule, as people read them, and what a change of the clocks
//! does to them.

use errand_model::{Map, Timestamp, Value, Workflow, WorkflowId};
use jiff::{SignedDuration, civil::DateTime, tz::TimeZone};

use super::{
    commit::payload,
    cursor::{Cursor, zone_of},
    local,
    slots::{self, Odd},
    spec::{Kind, Rhythm},
};
use crate::{Error, Handle, core::Core, triggers::schedule};

/// A time to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upcoming {
    /// When.
    pub due: Timestamp,
    /// As clocks there will show it, with the zone.
    pub at: String,
    /// What a change of the clocks does to it.
    pub note: Option<String>,
}

impl Handle {
    /// The next times of a document's schedule; none if something else starts it or its fields
    /// aren't right yet. `id`: the workflow it is the document of, whose zone may be fixed already.
    pub async fn upcoming(
        &self,
        workflow: &Workflow,
        id: Option<WorkflowId>,
        count: usize,
    ) -> Result<Vec<Upcoming>, Error> {
        let Some(spec) = schedule::spec_of(&self.core, workflow) else {
            return Ok(Vec::new());
        };
        let cursor = match id {
            Some(id) => self.cursor_of(id, workflow).await?,
            None => None,
        };
        let Some(zone) = zone_of(&spec, cursor.as_ref()) else {
            return Ok(Vec::new());
        };
        let now = self.core.now();
        let from = cursor.map_or(now, |cursor| cursor.last.max(now));
        Ok(times(&spec.rhythm, &zone, from, count))
    }

    /// What a run is told that a person starts by hand: as if its time were now.
    pub fn event_by_hand(&self, workflow: &Workflow, event: Map) -> Map {
        let is_schedule = event
            .is_empty()
            .then(|| schedule::spec_of(&self.core, workflow));
        let Some(spec) = is_schedule.flatten() else {
            return event;
        };
        let second = Timestamp::from_second(self.core.now().as_second());
        let due = second.unwrap_or_else(|_| self.core.now());
        let zone = zone_of(&spec, None).unwrap_or(TimeZone::UTC);
        match payload(&spec.rhythm, &zone, due, &[]) {
            Value::Object(event) => event,
            _ => event,
        }
    }

    async fn cursor_of(&self, id: WorkflowId, of: &Workflow) -> Result<Option<Cursor>, Error> {
        let Some(trigger) = of.trigger.clone() else {
            return Ok(None);
        };
        let config = Value::Object(trigger.with);
        let read = self.core.store.read(move |view| {
            let rows = view.triggers_of(id)?;
            let is_it = |on: &str, with: &Value| on == trigger.on && *with == config;
            match rows
                .iter()
                .find(|row| row.enabled && is_it(&row.on, &row.config))
            {
                Some(row) => view.cursor(row.id),
                None => Ok(None),
            }
        });
        Ok(read.await?.and_then(|(cursor, _)| Cursor::read(cursor)))
    }
}

/// The next time as an event.
pub(crate) fn sample(core: &Core, workflow: &Workflow) -> Option<Value> {
    let spec = schedule::spec_of(core, workflow)?;
    let zone = zone_of(&spec, None)?;
    let due = slots::next(&spec.rhythm, &zone, core.now())?;
    Some(payload(&spec.rhythm, &zone, due, &[]))
}

fn times(rhythm: &Rhythm, zone: &TimeZone, from: Timestamp, count: usize) -> Vec<Upcoming> {
    let next = |slot: &Timestamp| slots::next(rhythm, zone, *slot);
    let slots = std::iter::successors(next(&from), next).take(count);
    let mut before = from;
    let mut upcoming = Vec::new();
    for due in slots {
        upcoming.push(Upcoming {
            due,
            at: local(due, zone),
            note: note(rhythm, zone, before, due),
        });
        before = due;
    }
    upcoming
}

fn note(rhythm: &Rhythm, zone: &TimeZone, before: Timestamp, due: Timestamp) -> Option<String> {
    let clock = |time: DateTime| time.strftime("%H:%M").to_string();
    let shown = clock(zone.to_datetime(due));
    match slots::odd(rhythm, zone, due) {
        Some(Odd::Skipped(time)) => Some(format!(
            "{} doesn't exist on that day, for the clocks go forward; it runs at {shown}.",
            clock(time)
        )),
        Some(Odd::Twice) => Some(match rhythm {
            Rhythm::At(..) | Rhythm::Cron(_, Kind::Fixed) => format!(
                "{shown} comes twice on that day, for the clocks go back; it runs the first time."
            ),
            _ => format!("{shown} comes twice on that day, for the clocks go back."),
        }),
        None => changed(zone, before, due),
    }
}

/// The change of the clocks between two moments.
fn changed(zone: &TimeZone, from: Timestamp, to: Timestamp) -> Option<String> {
    let transitions = zone.following(from).take_while(|it| it.timestamp() <= to);
    let second = SignedDuration::from_secs(1);
    let change = transitions.into_iter().find_map(|change| {
        let before = change.timestamp().checked_sub(second).ok()?;
        let forward = change.offset().seconds() - zone.to_offset(before).seconds();
        (forward != 0).then_some((before, forward))
    });
    let (before, forward) = change?;
    let day = zone.to_datetime(before).strftime("%-d %B").to_string();
    let way = if forward > 0 { "forward" } else { "back" };
    Some(format!("The clocks go {way} on {day}."))
}
