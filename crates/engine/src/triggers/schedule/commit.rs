//! What is due, into the database: events, the memory of how far the schedule has come and the
//! record of missed times, in one transaction.

use errand_model::{NewEvent, Timestamp, Value};
use errand_store::{TriggerRow, Tx};
use jiff::tz::TimeZone;
use serde_json::json;

use super::{
    away::{self, Why},
    cursor::Cursor,
    plan::{Due, Plan},
    slots,
    spec::Rhythm,
};
use crate::{Error, Happening, core::Core};

/// Everything to be kept together.
pub(super) struct Turn<'a> {
    pub(super) trigger: &'a TriggerRow,
    pub(super) cursor: &'a Cursor,
    pub(super) rhythm: &'a Rhythm,
    pub(super) zone: &'a TimeZone,
    pub(super) plan: Plan,
    pub(super) why: Why,
    pub(super) now: Timestamp,
}

/// Keeps it; nothing if the schedule was switched or changed meanwhile.
pub(super) async fn commit(core: &Core, turn: Turn<'_>) -> Result<(), Error> {
    let Turn {
        rhythm,
        zone,
        plan,
        why,
        now,
        ..
    } = turn;
    let Some(last) = plan.last else { return Ok(()) };
    let events: Vec<NewEvent> = plan
        .runs
        .iter()
        .map(|due| event(rhythm, zone, due))
        .collect();
    let (row, before) = (turn.trigger.clone(), turn.cursor.clone());
    let (zone, away) = (zone.clone(), plan.away);
    let accepted = core.store.write(move |tx| {
        if !is_as_before(tx, &row, &before)? {
            return Ok(0);
        }
        let accepted = tx
            .accept(Some(row.id), row.workflow, &events, now)?
            .events
            .len();
        tx.put_cursor(row.id, &Cursor { last, ..before }.value(), now)?;
        if let Some(away) = away {
            away::note_missed(tx, (row.workflow, row.id), &away, &zone, why, now)?;
        }
        if accepted > 0 {
            tx.note_trigger(row.id, None, now, Some(now))?;
        }
        Ok(accepted)
    });
    let accepted = accepted.await?;
    errand_store::faults::hit("engine.after_accept");
    if accepted > 0 {
        core.inbox_grew.notify_one();
    }
    core.announce(Happening::WorkflowChanged(turn.trigger.workflow));
    Ok(())
}

fn is_as_before(
    tx: &Tx<'_>,
    row: &TriggerRow,
    before: &Cursor,
) -> Result<bool, errand_store::Error> {
    let rows = tx.triggers_of(row.workflow)?;
    let is_on = rows
        .iter()
        .any(|it| it.id == row.id && it.enabled && it.config == row.config);
    let cursor = tx
        .cursor(row.id)?
        .and_then(|(cursor, _)| Cursor::read(cursor));
    Ok(is_on && cursor.as_ref() == Some(before))
}

fn event(rhythm: &Rhythm, zone: &TimeZone, due: &Due) -> NewEvent {
    NewEvent {
        // The slot itself: whatever the clock does, it has its run once.
        same_as: Some(due.due.to_string()),
        occurred: Some(due.due),
        payload: payload(rhythm, zone, due.due, &due.missed),
        depth: 0,
    }
}

/// What a run is told.
pub(crate) fn payload(
    rhythm: &Rhythm,
    zone: &TimeZone,
    due: Timestamp,
    missed: &[Timestamp],
) -> Value {
    let second = jiff::SignedDuration::from_secs(1);
    let before = due.checked_sub(second).ok();
    let previous = before.and_then(|before| slots::latest(rhythm, zone, before));
    let text = |moment: Timestamp| {
        let local = moment.to_zoned(zone.clone());
        local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    };
    json!({
        "due": text(due),
        "previous": previous.map(text),
        "missed": missed.iter().map(|slot| text(*slot)).collect::<Vec<_>>(),
    })
}
