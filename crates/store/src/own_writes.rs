//! Files that workflows wrote themselves, so that a folder watch doesn't take them for news.

use errand_model::{RunId, Timestamp, WorkflowId};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Error, Tx, View,
    columns::{Ms, signed, unsigned},
};

/// The latest file that a run left at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWrite {
    /// Whole path, as the operating system's bytes.
    pub path: Vec<u8>,
    /// Bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified_ns: i64,
    /// The workflow that wrote it.
    pub workflow: WorkflowId,
    /// The run that wrote it.
    pub run: RunId,
    /// How many runs lead to that run's event.
    pub depth: u32,
    /// When it was noted.
    pub at: Timestamp,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<OwnWrite> {
    Ok(OwnWrite {
        path: row.get("path")?,
        size: unsigned(row.get("size")?),
        modified_ns: row.get("modified_ns")?,
        workflow: WorkflowId::from_bytes(row.get("workflow")?),
        run: RunId::from_bytes(row.get("run")?),
        depth: row.get("depth")?,
        at: row.get::<_, Ms>("at")?.0,
    })
}

impl View<'_> {
    /// What a run last left at a path.
    pub fn own_write(&self, path: &[u8]) -> Result<Option<OwnWrite>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT path, size, modified_ns, workflow, run, depth, at
             FROM own_writes WHERE path = ?1",
        )?;
        Ok(statement.query_row([path], from_row).optional()?)
    }
}

impl Tx<'_> {
    /// Notes what a run left at a path, in place of what was noted before.
    pub fn note_own_write(&self, write: &OwnWrite) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO own_writes
                   (path, size, modified_ns, workflow, run, depth, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                write.path,
                signed(write.size),
                write.modified_ns,
                write.workflow.as_bytes(),
                write.run.as_bytes(),
                write.depth,
                Ms(write.at),
            ])?;
        Ok(())
    }
}
