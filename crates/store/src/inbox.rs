//! The inbox: accepted events and the memory of what was already accepted. That memory is never
//! cleared when a trigger is switched off or published again.

use errand_model::{Event, EventId, EventState, NewEvent, Timestamp, TriggerId, WorkflowId};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Error, Tx, View,
    columns::{Json, Ms, Word, whole_ms},
    error::changed_one,
};

/// What became of the items a trigger noticed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Accepted {
    /// The new events, in the order of the items.
    pub events: Vec<Event>,
    /// How many items were known already.
    pub duplicates: usize,
}

const COLUMNS: &str =
    "seq, id, trigger, workflow, source_key, state, reason, received, depth, payload";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: row.get("seq")?,
        id: EventId::from_bytes(row.get("id")?),
        trigger: row
            .get::<_, Option<_>>("trigger")?
            .map(TriggerId::from_bytes),
        workflow: WorkflowId::from_bytes(row.get("workflow")?),
        source_key: row.get("source_key")?,
        state: row.get::<_, Word<_>>("state")?.0,
        reason: row.get("reason")?,
        received: row.get::<_, Ms>("received")?.0,
        depth: row.get("depth")?,
        payload: row.get::<_, Json<_>>("payload")?.0,
    })
}

impl View<'_> {
    /// Events that wait for their run, in the order of acceptance.
    pub fn open_events(&self, limit: u32) -> Result<Vec<Event>, Error> {
        let mut statement = self.0.prepare_cached(&pending_sql())?;
        Ok(statement
            .query_map([limit], from_row)?
            .collect::<Result<_, _>>()?)
    }

    /// Events that wait for a person, in the order of acceptance.
    pub fn held_or_poison_events(&self, limit: u32) -> Result<Vec<Event>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM events INDEXED BY events_attention
             WHERE state IN ('held', 'poison') ORDER BY seq LIMIT ?1"
        );
        let mut statement = self.0.prepare_cached(&sql)?;
        Ok(statement
            .query_map([limit], from_row)?
            .collect::<Result<_, _>>()?)
    }

    /// Which of these items a trigger had already.
    pub fn known(&self, trigger: TriggerId, same_as: Vec<String>) -> Result<Vec<bool>, Error> {
        let mut known = self
            .0
            .prepare_cached("SELECT 1 FROM dedupe WHERE scope = ?1 AND key = ?2")?;
        let had = |item: &String| known.exists(params![trigger.as_bytes(), key_of(item)]);
        Ok(same_as.iter().map(had).collect::<Result<_, _>>()?)
    }

    /// One event.
    pub fn event(&self, seq: i64) -> Result<Option<Event>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM events WHERE seq = ?1");
        Ok(self
            .0
            .prepare_cached(&sql)?
            .query_row([seq], from_row)
            .optional()?)
    }
}

pub(crate) fn pending_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM events INDEXED BY events_pending
         WHERE state = 'pending' ORDER BY seq LIMIT ?1"
    )
}

impl Tx<'_> {
    /// Accepts items into the inbox, leaving out those that this trigger (or, without a trigger,
    /// this workflow) already had.
    pub fn accept(
        &self,
        trigger: Option<TriggerId>,
        workflow: WorkflowId,
        items: &[NewEvent],
        now: Timestamp,
    ) -> Result<Accepted, Error> {
        let mut accepted = Accepted::default();
        for item in items {
            match self.accept_one(trigger, workflow, item, now)? {
                Some(event) => accepted.events.push(event),
                None => accepted.duplicates += 1,
            }
        }
        Ok(accepted)
    }

    fn accept_one(
        &self,
        trigger: Option<TriggerId>,
        workflow: WorkflowId,
        item: &NewEvent,
        now: Timestamp,
    ) -> Result<Option<Event>, Error> {
        let id = EventId::at(now);
        let scope = trigger.map_or(*workflow.as_bytes(), |trigger| *trigger.as_bytes());
        let key = item.same_as.as_deref().map(key_of);
        if let Some(key) = key
            && self.is_known(&scope, &key)?
        {
            return Ok(None);
        }
        let event = self.insert_event(
            Event {
                seq: 0,
                id,
                trigger,
                workflow,
                source_key: key.unwrap_or(*id.as_bytes()),
                state: EventState::Pending,
                reason: None,
                received: whole_ms(now),
                depth: item.depth,
                payload: item.payload.clone(),
            },
            item.occurred,
        )?;
        if let Some(key) = key {
            self.remember(&scope, &key, event.seq, now)?;
        }
        Ok(Some(event))
    }

    /// Takes items for known from now on, without any event: they were there before.
    pub fn remember_known(
        &self,
        trigger: TriggerId,
        same_as: &[String],
        now: Timestamp,
    ) -> Result<(), Error> {
        for item in same_as {
            let key = key_of(item);
            if !self.is_known(trigger.as_bytes(), &key)? {
                self.remember(trigger.as_bytes(), &key, 0, now)?;
            }
        }
        Ok(())
    }

    fn is_known(&self, scope: &[u8; 16], key: &[u8; 16]) -> Result<bool, Error> {
        let mut known = self
            .0
            .prepare_cached("SELECT 1 FROM dedupe WHERE scope = ?1 AND key = ?2")?;
        Ok(known.exists(params![scope, key])?)
    }

    fn remember(
        &self,
        scope: &[u8; 16],
        key: &[u8; 16],
        event_seq: i64,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO dedupe (scope, key, event_seq, seen) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![scope, key, event_seq, Ms(now)])?;
        Ok(())
    }

    fn insert_event(&self, event: Event, occurred: Option<Timestamp>) -> Result<Event, Error> {
        let seq = self
            .0
            .prepare_cached(
                "INSERT INTO events (id, trigger, workflow, source_key, state, reason, occurred,
                   received, depth, payload)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .insert(params![
                event.id.as_bytes(),
                event.trigger.as_ref().map(TriggerId::as_bytes),
                event.workflow.as_bytes(),
                event.source_key,
                Word(event.state),
                event.reason,
                occurred.map(Ms),
                Ms(event.received),
                event.depth,
                Json(&event.payload),
            ])?;
        Ok(Event { seq, ..event })
    }

    /// Lets a workflow's events that are held for `reason` go on.
    pub fn release_held(&self, workflow: WorkflowId, reason: &str) -> Result<usize, Error> {
        Ok(self
            .0
            .prepare_cached(
                "UPDATE events INDEXED BY events_attention SET state = 'pending', reason = NULL
                 WHERE state IN ('held', 'poison') AND state = 'held'
                   AND workflow = ?1 AND reason = ?2",
            )?
            .execute(params![workflow.as_bytes(), reason])?)
    }

    /// Moves an event on.
    pub fn mark_event(
        &self,
        seq: i64,
        state: EventState,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached("UPDATE events SET state = ?2, reason = ?3 WHERE seq = ?1")?
            .execute(params![seq, Word(state), reason])?;
        changed_one(rows, "event", seq)
    }
}

fn key_of(same_as: &str) -> [u8; 16] {
    let hash = blake3::hash(same_as.as_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&hash.as_bytes()[..16]);
    key
}
