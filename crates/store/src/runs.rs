//! Runs: one execution of one version for one event. The lists that screens and the engine ask for
//! all the time are answered from small indexes.

use errand_model::{Run, RunId, RunState, Timestamp, WorkflowId};
use rusqlite::{OptionalExtension, Params, Row, params};

use crate::{
    Error, Tx, View,
    columns::{Ms, Word},
    error::changed_one,
};

/// Which runs to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Only those of this workflow.
    pub workflow: Option<WorkflowId>,
    /// Only those in this state.
    pub state: Option<RunState>,
    /// Only those older than this run: the last one of the page before.
    pub before: Option<RunId>,
    /// How many at most.
    pub limit: u32,
}

const COLUMNS: &str = "id, event_seq, generation, workflow, version, state, outcome, reason, \
                       wake_at, recoveries, created, started, ended";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn from_row(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: RunId::from_bytes(row.get("id")?),
        event_seq: row.get("event_seq")?,
        generation: row.get("generation")?,
        workflow: WorkflowId::from_bytes(row.get("workflow")?),
        version: row.get("version")?,
        state: row.get::<_, Word<_>>("state")?.0,
        outcome: row
            .get::<_, Option<Word<_>>>("outcome")?
            .map(|Word(outcome)| outcome),
        reason: row.get("reason")?,
        wake_at: row.get::<_, Option<Ms>>("wake_at")?.map(|Ms(time)| time),
        recoveries: row.get("recoveries")?,
        created: row.get::<_, Ms>("created")?.0,
        started: row.get::<_, Option<Ms>>("started")?.map(|Ms(time)| time),
        ended: row.get::<_, Option<Ms>>("ended")?.map(|Ms(time)| time),
    })
}

impl View<'_> {
    /// One run.
    pub fn run(&self, id: RunId) -> Result<Option<Run>, Error> {
        Ok(self.some_runs("WHERE id = ?1", [id.as_bytes()])?.pop())
    }

    /// Every run that isn't done, oldest first.
    pub fn live_runs(&self) -> Result<Vec<Run>, Error> {
        self.some_runs(LIVE, [])
    }

    /// How many runs aren't done.
    pub fn live_count(&self) -> Result<u32, Error> {
        self.count(
            "SELECT COUNT(*) FROM runs INDEXED BY runs_live WHERE state <> 'done'",
            [],
        )
    }

    /// How many runs of a workflow aren't done.
    pub fn live_run_count(&self, workflow: WorkflowId) -> Result<u32, Error> {
        self.count(
            "SELECT COUNT(*) FROM runs INDEXED BY runs_live
             WHERE workflow = ?1 AND state <> 'done'",
            [workflow.as_bytes()],
        )
    }

    /// How many runs and events wait for a person.
    pub fn attention_count(&self) -> Result<u32, Error> {
        self.count(ATTENTION, [])
    }

    /// When the next run goes on by itself.
    pub fn next_wake(&self) -> Result<Option<Timestamp>, Error> {
        let wake = self
            .0
            .prepare_cached(
                "SELECT wake_at FROM runs INDEXED BY runs_due
                 WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 1",
            )?
            .query_row([], |row| row.get::<_, Ms>(0))
            .optional()?;
        Ok(wake.map(|Ms(time)| time))
    }

    /// Runs whose time has come, the longest due first.
    pub fn due_runs(&self, now: Timestamp, limit: u32) -> Result<Vec<Run>, Error> {
        self.some_runs(DUE, params![Ms(now), limit])
    }

    /// A page of runs, newest first.
    pub fn list_runs(&self, filter: &RunFilter) -> Result<Vec<Run>, Error> {
        let (tail, before) = page(filter);
        let workflow = filter.workflow.as_ref().map(WorkflowId::as_bytes);
        self.some_runs(&tail, params![filter.limit, workflow, before])
    }

    /// A workflow's newest run.
    pub fn latest_run(&self, workflow: WorkflowId) -> Result<Option<Run>, Error> {
        let filter = RunFilter {
            workflow: Some(workflow),
            limit: 1,
            ..RunFilter::default()
        };
        Ok(self.list_runs(&filter)?.pop())
    }

    /// The runs of an event, by generation.
    pub fn runs_of_event(&self, event_seq: i64) -> Result<Vec<Run>, Error> {
        self.some_runs("WHERE event_seq = ?1 ORDER BY generation", [event_seq])
    }

    /// For each span of 24 hours counted from `since` (midnight where the person is) in which runs
    /// were made: its beginning, how many of them ended well, how many failed or need attention.
    pub fn run_counts(
        &self,
        workflow: WorkflowId,
        since: Timestamp,
    ) -> Result<Vec<(Timestamp, u32, u32)>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT ?2 + (created - ?2) / ?3 * ?3 AS day,
               COUNT(*) FILTER (WHERE outcome IN ('ok', 'ok_with_skips', 'filtered')),
               COUNT(*) FILTER (WHERE outcome = 'failed' OR state = 'attention')
             FROM runs INDEXED BY runs_newest_of_workflow
             WHERE workflow = ?1 AND created >= ?2 GROUP BY day ORDER BY day",
        )?;
        let rows = statement.query_map(params![workflow.as_bytes(), Ms(since), DAY_MS], |row| {
            Ok((row.get::<_, Ms>(0)?.0, row.get(1)?, row.get(2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn some_runs(&self, tail: &str, parameters: impl Params) -> Result<Vec<Run>, Error> {
        let mut statement = self
            .0
            .prepare_cached(&format!("SELECT {COLUMNS} FROM runs {tail}"))?;
        Ok(statement
            .query_map(parameters, from_row)?
            .collect::<Result<_, _>>()?)
    }

    fn count(&self, sql: &str, parameters: impl Params) -> Result<u32, Error> {
        Ok(self
            .0
            .prepare_cached(sql)?
            .query_row(parameters, |row| row.get(0))?)
    }
}

pub(crate) const LIVE: &str = "INDEXED BY runs_live WHERE state <> 'done' ORDER BY rid";
pub(crate) const DUE: &str = "INDEXED BY runs_due WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2";
pub(crate) const ATTENTION: &str = "SELECT
    (SELECT COUNT(*) FROM runs INDEXED BY runs_attention WHERE state = 'attention') +
    (SELECT COUNT(*) FROM events INDEXED BY events_attention
      WHERE state IN ('held', 'poison') AND state = 'poison')";

const WAITING_OUTSIDE: &str = "FROM runs INDEXED BY runs_live JOIN steps USING (rid)
    WHERE runs.state <> 'done' AND runs.state = 'waiting' AND steps.state = 'retry_wait'
      AND steps.error ->> 'waits_for' IN ('host', 'network')";

/// The end of the statement for a page, and its last parameter.
pub(crate) fn page(filter: &RunFilter) -> (String, Option<&[u8; 16]>) {
    let mut tail = String::from("WHERE TRUE");
    match filter.workflow {
        Some(_) => tail.push_str(" AND workflow = ?2"),
        None => tail.push_str(" AND ?2 IS NULL"),
    }
    tail.push_str(match filter.state {
        None => "",
        Some(RunState::Queued) => " AND state = 'queued' AND state <> 'done'",
        Some(RunState::Running) => " AND state = 'running' AND state <> 'done'",
        Some(RunState::Waiting) => " AND state = 'waiting' AND state <> 'done'",
        Some(RunState::Attention) => " AND state = 'attention'",
        Some(RunState::Done) => " AND state = 'done'",
    });
    match filter.before {
        Some(_) => {
            tail.push_str(" AND (created, rid) < (SELECT created, rid FROM runs WHERE id = ?3)");
        }
        None => tail.push_str(" AND ?3 IS NULL"),
    }
    tail.push_str(" ORDER BY created DESC, rid DESC LIMIT ?1");
    (tail, filter.before.as_ref().map(RunId::as_bytes))
}

impl Tx<'_> {
    /// Records a new run.
    pub fn create_run(&self, run: &Run) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO runs (id, event_seq, generation, workflow, version, state, outcome,
                   reason, wake_at, recoveries, created, started, ended)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                run.id.as_bytes(),
                run.event_seq,
                run.generation,
                run.workflow.as_bytes(),
                run.version,
                Word(run.state),
                run.outcome.map(Word),
                run.reason,
                run.wake_at.map(Ms),
                run.recoveries,
                Ms(run.created),
                run.started.map(Ms),
                run.ended.map(Ms),
            ])?;
        Ok(())
    }

    /// Records where a run stands. What it is a run of never changes.
    pub fn update_run(&self, run: &Run) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached(
                "UPDATE runs SET state = ?2, outcome = ?3, reason = ?4, wake_at = ?5,
                   recoveries = ?6, started = ?7, ended = ?8
                 WHERE id = ?1",
            )?
            .execute(params![
                run.id.as_bytes(),
                Word(run.state),
                run.outcome.map(Word),
                run.reason,
                run.wake_at.map(Ms),
                run.recoveries,
                run.started.map(Ms),
                run.ended.map(Ms),
            ])?;
        changed_one(rows, "run", run.id)
    }

    /// Lets go on what waits for a host or the network.
    pub fn wake_waiting(&self, now: Timestamp) -> Result<(), Error> {
        for sql in [
            format!(
                "UPDATE steps SET wake_at = ?1 WHERE (rid, path) IN
                   (SELECT runs.rid, steps.path {WAITING_OUTSIDE})"
            ),
            format!(
                "UPDATE runs SET wake_at = ?1
                 WHERE rid IN (SELECT runs.rid {WAITING_OUTSIDE})"
            ),
        ] {
            self.0.prepare_cached(&sql)?.execute([Ms(now)])?;
        }
        Ok(())
    }
}
