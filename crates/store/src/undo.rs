//! What it takes to undo the file actions of a run.

use errand_model::{RunId, Value};
use rusqlite::params;

use crate::{Error, Tx, View, columns::Json};

impl View<'_> {
    /// What to undo, by step, in the order in which it was done.
    pub fn undo_of(&self, run: RunId) -> Result<Vec<(String, Value)>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT path, note FROM undo
             WHERE rid = (SELECT rid FROM runs WHERE id = ?1) ORDER BY id",
        )?;
        let rows = statement.query_map([run.as_bytes()], |row| {
            Ok((row.get(0)?, row.get::<_, Json<_>>(1)?.0))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Notes how to undo a step, in place of an earlier note of the same step.
    pub fn note_undo(&self, run: RunId, step_path: &str, note: &Value) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO undo (rid, path, note) VALUES (?1, ?2, ?3)
                 ON CONFLICT (rid, path) DO UPDATE SET note = excluded.note",
            )?
            .execute(params![self.rid(run)?, step_path, Json(note)])?;
        Ok(())
    }
}
