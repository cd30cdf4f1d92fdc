//! What a watched folder held at the last scan; it decides which files are new.

use errand_model::{Timestamp, TriggerId};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use crate::{
    Error, Tx, View,
    columns::{Ms, Word, signed, unsigned},
};

/// A file of a watched folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchEntry {
    /// Path below the folder, as the operating system's bytes.
    pub rel: Vec<u8>,
    /// The file system's name for the file, which survives renaming.
    pub file_id: String,
    /// Bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// Where it stands.
    pub state: WatchState,
    /// Since when.
    pub since: Timestamp,
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchState {
    /// It was there when watching began.
    Baseline,
    /// Somebody may still be writing it.
    Settling,
    /// It has become an event.
    Emitted,
    /// It was missing in the last scan.
    Gone,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<WatchEntry> {
    Ok(WatchEntry {
        rel: row.get("rel")?,
        file_id: row.get("file_id")?,
        size: unsigned(row.get("size")?),
        modified_ns: row.get("modified_ns")?,
        state: row.get::<_, Word<_>>("state")?.0,
        since: row.get::<_, Ms>("since")?.0,
    })
}

impl View<'_> {
    /// Everything known about a trigger's folder, by path.
    pub fn watch_entries(&self, trigger: TriggerId) -> Result<Vec<WatchEntry>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT rel, file_id, size, modified_ns, state, since FROM watch_entries
             WHERE trigger = ?1 ORDER BY rel",
        )?;
        Ok(statement
            .query_map([trigger.as_bytes()], from_row)?
            .collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Adds or replaces files.
    pub fn put_watch_entries(
        &self,
        trigger: TriggerId,
        entries: &[WatchEntry],
    ) -> Result<(), Error> {
        let mut statement = self.0.prepare_cached(
            "INSERT INTO watch_entries (trigger, rel, file_id, size, modified_ns, state, since)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (trigger, rel) DO UPDATE SET
               file_id = excluded.file_id, size = excluded.size,
               modified_ns = excluded.modified_ns, state = excluded.state, since = excluded.since",
        )?;
        for entry in entries {
            statement.execute(params![
                trigger.as_bytes(),
                entry.rel,
                entry.file_id,
                signed(entry.size),
                entry.modified_ns,
                Word(entry.state),
                Ms(entry.since),
            ])?;
        }
        Ok(())
    }

    /// Forgets files.
    pub fn remove_watch_entries(&self, trigger: TriggerId, rels: &[Vec<u8>]) -> Result<(), Error> {
        let mut statement = self
            .0
            .prepare_cached("DELETE FROM watch_entries WHERE trigger = ?1 AND rel = ?2")?;
        for rel in rels {
            statement.execute(params![trigger.as_bytes(), rel])?;
        }
        Ok(())
    }

    /// Forgets the whole folder.
    pub fn clear_watch_entries(&self, trigger: TriggerId) -> Result<(), Error> {
        self.0
            .prepare_cached("DELETE FROM watch_entries WHERE trigger = ?1")?
            .execute([trigger.as_bytes()])?;
        Ok(())
    }
}
