//! Connections with their sealed secrets, and the runs that wait for one. A removed connection keeps
//! its row, for the history; its secrets are wiped.

use errand_model::{Connection, ConnectionId, ConnectionState, RunId, Timestamp, WorkflowId};
use rusqlite::{Row, params};

use crate::{
    Error, Tx, View,
    columns::{Json, Ms, Word},
    error::changed_one,
};

/// A connection as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionRow {
    /// What everybody may see.
    pub connection: Connection,
    /// Its secrets, as ciphertext.
    pub sealed: Vec<u8>,
    /// Grows with every change of the secrets.
    pub generation: i64,
}

/// A step that cannot begin until a connection is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocked {
    /// Its run.
    pub run: RunId,
    /// Of which workflow.
    pub workflow: WorkflowId,
    /// Which version.
    pub version: i64,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ConnectionRow> {
    Ok(ConnectionRow {
        connection: Connection {
            id: ConnectionId::from_bytes(row.get("id")?),
            name: row.get("name")?,
            connector: row.get("connector")?,
            kind: row.get("kind")?,
            fields: row.get::<_, Json<_>>("fields")?.0,
            state: row.get::<_, Word<_>>("state")?.0,
            problem: row.get("problem")?,
            checked: row.get::<_, Option<Ms>>("checked")?.map(|Ms(time)| time),
            created: row.get::<_, Ms>("created")?.0,
        },
        sealed: row.get("sealed")?,
        generation: row.get("generation")?,
    })
}

impl View<'_> {
    /// All connections that aren't removed, by name.
    pub fn connections(&self) -> Result<Vec<ConnectionRow>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT id, name, connector, kind, fields, sealed, generation, state, problem, checked,
               created
             FROM connections WHERE removed IS NULL ORDER BY name COLLATE NOCASE",
        )?;
        Ok(statement
            .query_map([], from_row)?
            .collect::<Result<_, _>>()?)
    }

    /// How many connections must be mended.
    pub fn broken_connection_count(&self) -> Result<u32, Error> {
        let sql = "SELECT COUNT(*) FROM connections WHERE state = 'broken' AND removed IS NULL";
        Ok(self
            .0
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?)
    }

    /// Steps that wait for a connection or for the key to the secrets, oldest run first, with their
    /// paths.
    pub fn blocked_steps(&self) -> Result<Vec<(Blocked, String)>, Error> {
        let mut statement = self.0.prepare_cached(&format!(
            "SELECT runs.id, runs.workflow, runs.version, steps.path {BLOCKED} ORDER BY runs.rid"
        ))?;
        let read = |row: &Row<'_>| {
            let blocked = Blocked {
                run: RunId::from_bytes(row.get(0)?),
                workflow: WorkflowId::from_bytes(row.get(1)?),
                version: row.get(2)?,
            };
            Ok((blocked, row.get(3)?))
        };
        Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
    }
}

const BLOCKED: &str = "FROM runs INDEXED BY runs_live JOIN steps USING (rid)
    WHERE runs.state <> 'done' AND runs.state = 'waiting' AND steps.state = 'retry_wait'
      AND steps.error ->> 'waits_for' = 'connection'";

impl Tx<'_> {
    /// Keeps a new connection.
    pub fn add_connection(&self, row: &ConnectionRow) -> Result<(), Error> {
        let it = &row.connection;
        self.0
            .prepare_cached(
                "INSERT INTO connections (id, name, connector, kind, fields, sealed, generation,
                   state, problem, checked, created)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                it.id.as_bytes(),
                it.name,
                it.connector,
                it.kind,
                Json(&it.fields),
                row.sealed,
                row.generation,
                Word(it.state),
                it.problem,
                it.checked.map(Ms),
                Ms(it.created),
            ])?;
        Ok(())
    }

    /// Replaces what a connection is called, holds and is known of. The old secrets are wiped.
    pub fn replace_connection(&self, row: &ConnectionRow) -> Result<(), Error> {
        let it = &row.connection;
        self.wiping(|| {
            let rows = self
                .0
                .prepare_cached(
                    "UPDATE connections SET name = ?2, fields = ?3, sealed = ?4, generation = ?5,
                       state = ?6, problem = ?7, checked = ?8
                     WHERE id = ?1 AND removed IS NULL",
                )?
                .execute(params![
                    it.id.as_bytes(),
                    it.name,
                    Json(&it.fields),
                    row.sealed,
                    row.generation,
                    Word(it.state),
                    it.problem,
                    it.checked.map(Ms),
                ])?;
            changed_one(rows, "connection", &it.name)
        })
    }

    /// Notes whether a connection works.
    pub fn mark_connection(
        &self,
        id: ConnectionId,
        state: ConnectionState,
        problem: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached(
                "UPDATE connections SET state = ?2, problem = ?3, checked = ?4
                 WHERE id = ?1 AND removed IS NULL",
            )?
            .execute(params![id.as_bytes(), Word(state), problem, Ms(now)])?;
        changed_one(rows, "connection", id)
    }

    /// Removes a connection; its secrets are wiped.
    pub fn remove_connection(&self, id: ConnectionId, now: Timestamp) -> Result<(), Error> {
        self.wiping(|| {
            let rows = self
                .0
                .prepare_cached(
                    "UPDATE connections SET sealed = x'', fields = '{}', problem = NULL, removed = ?2
                     WHERE id = ?1 AND removed IS NULL",
                )?
                .execute(params![id.as_bytes(), Ms(now)])?;
            changed_one(rows, "connection", id)
        })
    }

    /// Lets every step that waits for a connection be tried again at once, in the order of the runs.
    pub fn wake_blocked(&self, now: Timestamp) -> Result<(), Error> {
        for sql in [
            format!(
                "UPDATE steps SET wake_at = ?1 WHERE (rid, path) IN
                   (SELECT runs.rid, steps.path {BLOCKED})"
            ),
            format!("UPDATE runs SET wake_at = ?1 WHERE rid IN (SELECT runs.rid {BLOCKED})"),
        ] {
            self.0.prepare_cached(&sql)?.execute([Ms(now)])?;
        }
        Ok(())
    }

    /// Pages that are freed meanwhile are overwritten, which otherwise isn't worth the writing.
    fn wiping(&self, change: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        self.0.execute_batch("PRAGMA secure_delete = ON")?;
        let changed = change();
        self.0.execute_batch("PRAGMA secure_delete = FAST")?;
        changed
    }
}
