//! A person's settings, as JSON values under a key.

use errand_model::Value;
use rusqlite::{OptionalExtension, params};

use crate::{Error, Tx, View, columns::Json};

impl View<'_> {
    /// The value of a setting, if one was made.
    pub fn setting(&self, key: &str) -> Result<Option<Value>, Error> {
        let value = self
            .0
            .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
            .query_row([key], |row| row.get::<_, Json<_>>(0))
            .optional()?;
        Ok(value.map(|Json(value)| value))
    }
}

impl Tx<'_> {
    /// Makes a setting.
    pub fn put_setting(&self, key: &str, value: &Value) -> Result<(), Error> {
        self.0
            .prepare_cached("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)")?
            .execute(params![key, Json(value)])?;
        Ok(())
    }
}
