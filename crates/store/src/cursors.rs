//! How far a schedule or a poll has come. Written in the transaction that accepts what was found on
//! the way there.

use errand_model::{Timestamp, TriggerId, Value};
use rusqlite::{OptionalExtension, params};

use crate::{
    Error, Tx, View,
    columns::{Json, Ms},
};

impl View<'_> {
    /// A trigger's cursor and when it was set.
    pub fn cursor(&self, trigger: TriggerId) -> Result<Option<(Value, Timestamp)>, Error> {
        let mut statement = self
            .0
            .prepare_cached("SELECT cursor, at FROM cursors WHERE trigger = ?1")?;
        let read =
            |row: &rusqlite::Row<'_>| Ok((row.get::<_, Json<_>>(0)?.0, row.get::<_, Ms>(1)?.0));
        Ok(statement.query_row([trigger.as_bytes()], read).optional()?)
    }
}

impl Tx<'_> {
    /// Moves a trigger's cursor.
    pub fn put_cursor(
        &self,
        trigger: TriggerId,
        cursor: &Value,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO cursors (trigger, cursor, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (trigger) DO UPDATE SET cursor = excluded.cursor, at = excluded.at",
            )?
            .execute(params![trigger.as_bytes(), Json(cursor), Ms(at)])?;
        Ok(())
    }
}
