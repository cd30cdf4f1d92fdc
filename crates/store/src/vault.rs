//! How the master key is kept, and the text by which the right key is known. The key itself is never
//! in the database.

use errand_model::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::{
    Error, Tx, View,
    columns::{Ms, Word},
};

/// Where the master key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// In the keyring of the desktop.
    Keyring,
    /// In a file beside the database, sealed with a pass phrase.
    File,
}

/// What is known of the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultRow {
    /// Where it is.
    pub kept: Kept,
    /// A text sealed with it.
    pub probe: Vec<u8>,
    /// When it was made.
    pub created: Timestamp,
}

impl View<'_> {
    /// The master key's row; None until the first secret is kept.
    pub fn vault(&self) -> Result<Option<VaultRow>, Error> {
        let mut statement = self
            .0
            .prepare_cached("SELECT kept, probe, created FROM vault")?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(VaultRow {
                kept: row.get::<_, Word<_>>("kept")?.0,
                probe: row.get("probe")?,
                created: row.get::<_, Ms>("created")?.0,
            })
        };
        Ok(statement.query_row([], read).optional()?)
    }
}

impl Tx<'_> {
    /// Notes a new master key in place of the one before.
    pub fn put_vault(&self, row: &VaultRow) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO vault (one, kept, probe, created) VALUES (1, ?1, ?2, ?3)",
            )?
            .execute(params![Word(row.kept), row.probe, Ms(row.created)])?;
        Ok(())
    }
}
