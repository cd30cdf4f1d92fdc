//! The addresses of webhooks. An address is made once and belongs to its trigger, whatever version
//! is published and however often it is switched off and on. Calls that were refused are counted
//! here, never kept.

use errand_model::{Run, Timestamp, TriggerId, WorkflowId};
use rusqlite::{OptionalExtension, Row, params};

use crate::{Error, Tx, View, columns::Ms, error::changed_one};

/// The address of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookRow {
    /// The trigger it belongs to.
    pub trigger: TriggerId,
    /// What makes the address unguessable.
    pub token: String,
    /// Calls refused since the last one that was accepted.
    pub refused: u32,
    /// Why the last one was, in one sentence.
    pub refusal: Option<String>,
    /// When that was.
    pub refused_at: Option<Timestamp>,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<HookRow> {
    Ok(HookRow {
        trigger: TriggerId::from_bytes(row.get("trigger")?),
        token: row.get("token")?,
        refused: row.get("refused")?,
        refusal: row.get("refusal")?,
        refused_at: row.get::<_, Option<Ms>>("refused_at")?.map(|Ms(time)| time),
    })
}

impl View<'_> {
    /// The address of a trigger, if one was made.
    pub fn hook(&self, trigger: TriggerId) -> Result<Option<HookRow>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT trigger, token, refused, refusal, refused_at FROM hooks WHERE trigger = ?1",
        )?;
        Ok(statement
            .query_row([trigger.as_bytes()], from_row)
            .optional()?)
    }

    /// How much of a trigger isn't finished yet: events without a run, and the workflow's runs that
    /// go on. Counts no further than `limit` events.
    pub fn unfinished(
        &self,
        trigger: TriggerId,
        workflow: WorkflowId,
        limit: u32,
    ) -> Result<u32, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT COUNT(*) FROM (SELECT 1 FROM events INDEXED BY events_pending
             WHERE state = 'pending' AND trigger = ?1 LIMIT ?2)",
        )?;
        let read = |row: &Row<'_>| row.get::<_, u32>(0);
        let waiting = statement.query_row(params![trigger.as_bytes(), limit], read)?;
        Ok(waiting.saturating_add(self.live_run_count(workflow)?))
    }

    /// The latest run of an event, if one was made.
    pub fn run_of_event(&self, seq: i64) -> Result<Option<Run>, Error> {
        let runs = self.some_runs(
            "WHERE event_seq = ?1 ORDER BY generation DESC LIMIT 1",
            [seq],
        )?;
        Ok(runs.into_iter().next())
    }

    /// The last payloads that came to a trigger, newest first; huge and very old ones left out.
    pub fn payloads_of(
        &self,
        trigger: TriggerId,
        limit: u32,
    ) -> Result<Vec<errand_model::Value>, Error> {
        // Without the bounds, a trigger that never heard anything would mean reading every event.
        let mut statement = self.0.prepare_cached(
            "SELECT payload FROM events
             WHERE trigger = ?1 AND seq > (SELECT COALESCE(MAX(seq), 0) - 20000 FROM events)
               AND length(payload) < 200000
             ORDER BY seq DESC LIMIT ?2",
        )?;
        let read = |row: &Row<'_>| Ok(row.get::<_, crate::columns::Json<_>>(0)?.0);
        let found = statement.query_map(params![trigger.as_bytes(), limit], read)?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// The address of a trigger; made of `token` if there is none yet.
    pub fn ensure_hook(
        &self,
        trigger: TriggerId,
        token: &str,
        now: Timestamp,
    ) -> Result<HookRow, Error> {
        self.0
            .prepare_cached(
                "INSERT INTO hooks (trigger, token, created) VALUES (?1, ?2, ?3)
                 ON CONFLICT (trigger) DO NOTHING",
            )?
            .execute(params![trigger.as_bytes(), token, Ms(now)])?;
        self.hook(trigger)?
            .ok_or_else(|| Error::missing("address of trigger", trigger))
    }

    /// Counts a call that was refused.
    pub fn count_refusal(
        &self,
        trigger: TriggerId,
        why: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached(
                "UPDATE hooks SET refused = refused + 1, refusal = ?2, refused_at = ?3
                 WHERE trigger = ?1",
            )?
            .execute(params![trigger.as_bytes(), why, Ms(now)])?;
        changed_one(rows, "address of trigger", trigger)
    }

    /// A call was accepted: what was refused before is history.
    pub fn forget_refusals(&self, trigger: TriggerId) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "UPDATE hooks SET refused = 0, refusal = NULL, refused_at = NULL
                 WHERE trigger = ?1 AND refused > 0",
            )?
            .execute([trigger.as_bytes()])?;
        Ok(())
    }
}
