//! The record of a run's steps and of every try of them.

use errand_model::{Attempt, RunId, StepError, StepRecord, StepState, Timestamp};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Error, Tx, View,
    columns::{Json, Ms, Word, or_null, unless_null},
    error::changed_one,
};

fn step_from_row(row: &Row<'_>) -> rusqlite::Result<StepRecord> {
    Ok(StepRecord {
        path: row.get("path")?,
        state: row.get::<_, Word<_>>("state")?.0,
        effect: row.get::<_, Word<_>>("effect")?.0,
        attempt: row.get("attempt")?,
        input: or_null(row.get("input")?),
        plan: or_null(row.get("plan")?),
        output: or_null(row.get("output")?),
        error: row
            .get::<_, Option<Json<_>>>("error")?
            .map(|Json(error)| error),
        idempotency_key: row.get("idempotency_key")?,
        wake_at: row.get::<_, Option<Ms>>("wake_at")?.map(|Ms(time)| time),
        started: row.get::<_, Option<Ms>>("started")?.map(|Ms(time)| time),
        ended: row.get::<_, Option<Ms>>("ended")?.map(|Ms(time)| time),
        resolved: row
            .get::<_, Option<Word<_>>>("resolved")?
            .map(|Word(answer)| answer),
    })
}

fn attempt_from_row(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        path: row.get("path")?,
        number: row.get("number")?,
        started: row.get::<_, Ms>("started")?.0,
        ended: row.get::<_, Option<Ms>>("ended")?.map(|Ms(time)| time),
        result: row
            .get::<_, Option<Word<_>>>("result")?
            .map(|Word(state)| state),
        error: row
            .get::<_, Option<Json<_>>>("error")?
            .map(|Json(error)| error),
    })
}

impl View<'_> {
    /// The steps of a run, in the order in which they were first recorded.
    pub fn steps(&self, run: RunId) -> Result<Vec<StepRecord>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT path, state, effect, attempt, input, plan, output, error, idempotency_key,
               wake_at, started, ended, resolved
             FROM steps WHERE rid = (SELECT rid FROM runs WHERE id = ?1) ORDER BY ord, path",
        )?;
        Ok(statement
            .query_map([run.as_bytes()], step_from_row)?
            .collect::<Result<_, _>>()?)
    }

    /// Every try of every step of a run, in the order in which they began.
    pub fn attempts(&self, run: RunId) -> Result<Vec<Attempt>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT path, number, started, ended, result, error FROM attempts
             WHERE rid = (SELECT rid FROM runs WHERE id = ?1) ORDER BY started, path, number",
        )?;
        Ok(statement
            .query_map([run.as_bytes()], attempt_from_row)?
            .collect::<Result<_, _>>()?)
    }

    /// The database's own short name of a run.
    pub(crate) fn rid(&self, run: RunId) -> Result<i64, Error> {
        self.0
            .prepare_cached("SELECT rid FROM runs WHERE id = ?1")?
            .query_row([run.as_bytes()], |row| row.get(0))
            .optional()?
            .ok_or_else(|| Error::missing("run", run))
    }
}

impl Tx<'_> {
    /// Records where a step stands; its place in the order is that of its first record.
    pub fn put_step(&self, run: RunId, order: i64, step: &StepRecord) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO steps (rid, ord, path, state, effect, attempt, input, plan, output,
                   error, idempotency_key, wake_at, started, ended, resolved)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
                 ON CONFLICT (rid, path) DO UPDATE SET
                   state = excluded.state, effect = excluded.effect, attempt = excluded.attempt,
                   input = excluded.input, plan = excluded.plan, output = excluded.output,
                   error = excluded.error, idempotency_key = excluded.idempotency_key,
                   wake_at = excluded.wake_at, started = excluded.started, ended = excluded.ended,
                   resolved = excluded.resolved",
            )?
            .execute(params![
                self.rid(run)?,
                order,
                step.path,
                Word(step.state),
                Word(step.effect),
                step.attempt,
                unless_null(&step.input),
                unless_null(&step.plan),
                unless_null(&step.output),
                step.error.as_ref().map(Json),
                step.idempotency_key,
                step.wake_at.map(Ms),
                step.started.map(Ms),
                step.ended.map(Ms),
                step.resolved.map(Word),
            ])?;
        Ok(())
    }

    /// Records the intent to try a step. A try that could not begin is begun again under its number.
    pub fn open_attempt(&self, run: RunId, attempt: &Attempt) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO attempts (rid, path, number, epoch, started, ended, result, error)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (rid, path, number) DO UPDATE SET
                   epoch = excluded.epoch, started = excluded.started, ended = excluded.ended,
                   result = excluded.result, error = excluded.error
                 WHERE result = 'retry_wait'",
            )?
            .execute(params![
                self.rid(run)?,
                attempt.path,
                attempt.number,
                self.epoch,
                Ms(attempt.started),
                attempt.ended.map(Ms),
                attempt.result.map(Word),
                attempt.error.as_ref().map(Json),
            ])?;
        Ok(())
    }

    /// Records how a try ended.
    pub fn close_attempt(
        &self,
        run: RunId,
        path: &str,
        number: u32,
        ended: Timestamp,
        result: StepState,
        error: Option<&StepError>,
    ) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached(
                "UPDATE attempts SET ended = ?4, result = ?5, error = ?6
                 WHERE rid = ?1 AND path = ?2 AND number = ?3",
            )?
            .execute(params![
                self.rid(run)?,
                path,
                number,
                Ms(ended),
                Word(result),
                error.map(Json)
            ])?;
        changed_one(rows, "attempt of the step", path)
    }

    /// Forgets steps and their attempts, so that they can begin anew.
    pub fn remove_steps(&self, run: RunId, paths: &[String]) -> Result<(), Error> {
        let rid = self.rid(run)?;
        for sql in [
            "DELETE FROM attempts WHERE rid = ?1 AND path = ?2",
            "DELETE FROM steps WHERE rid = ?1 AND path = ?2",
        ] {
            let mut statement = self.0.prepare_cached(sql)?;
            for path in paths {
                statement.execute(params![rid, path])?;
            }
        }
        Ok(())
    }
}
