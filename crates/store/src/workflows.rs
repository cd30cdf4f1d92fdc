//! Workflows, their drafts and their published versions. Deleting only hides: runs keep their
//! version.

use errand_model::{Timestamp, Value, WorkflowId};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Error, Tx, View,
    columns::{Json, Ms},
    error::changed_one,
};

/// A workflow as a person left it.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkflowRow {
    /// Identity.
    pub id: WorkflowId,
    /// What the person calls it.
    pub name: String,
    /// Whether its trigger may start runs.
    pub enabled: bool,
    /// Whether screens list it; a workflow run straight from a file isn't.
    pub listed: bool,
    /// The active version, once published.
    pub version: Option<i64>,
    /// The editable state.
    pub draft: Value,
    /// When the draft was last saved.
    pub draft_at: Timestamp,
    /// How often the draft was changed.
    pub draft_revision: i64,
    /// When it was made.
    pub created: Timestamp,
    /// When it was deleted.
    pub deleted: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, name, enabled, listed, version, draft, draft_at, draft_revision, created, deleted";

fn from_row(row: &Row<'_>) -> rusqlite::Result<WorkflowRow> {
    Ok(WorkflowRow {
        id: WorkflowId::from_bytes(row.get("id")?),
        name: row.get("name")?,
        enabled: row.get("enabled")?,
        listed: row.get("listed")?,
        version: row.get("version")?,
        draft: row.get::<_, Json<_>>("draft")?.0,
        draft_at: row.get::<_, Ms>("draft_at")?.0,
        draft_revision: row.get("draft_revision")?,
        created: row.get::<_, Ms>("created")?.0,
        deleted: row.get::<_, Option<Ms>>("deleted")?.map(|Ms(time)| time),
    })
}

impl View<'_> {
    /// One workflow, also a deleted one.
    pub fn workflow(&self, id: WorkflowId) -> Result<Option<WorkflowRow>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM workflows WHERE id = ?1");
        Ok(self
            .0
            .prepare_cached(&sql)?
            .query_row([id.as_bytes()], from_row)
            .optional()?)
    }

    /// The listed workflows that aren't deleted, oldest first.
    pub fn workflows(&self) -> Result<Vec<WorkflowRow>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM workflows INDEXED BY workflows_shown
             WHERE listed = 1 AND deleted IS NULL ORDER BY created"
        );
        Ok(self
            .0
            .prepare_cached(&sql)?
            .query_map([], from_row)?
            .collect::<Result<_, _>>()?)
    }

    /// The document of a published version.
    pub fn version_document(&self, id: WorkflowId, version: i64) -> Result<Option<Value>, Error> {
        let document = self
            .0
            .prepare_cached("SELECT document FROM versions WHERE workflow = ?1 AND version = ?2")?
            .query_row(params![id.as_bytes(), version], |row| {
                row.get::<_, Json<_>>(0)
            })
            .optional()?;
        Ok(document.map(|Json(document)| document))
    }
}

impl Tx<'_> {
    /// Makes a workflow with a draft, switched off.
    pub fn create_workflow(
        &self,
        id: WorkflowId,
        name: &str,
        draft: &Value,
        listed: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO workflows (id, name, listed, draft, draft_at, created)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            )?
            .execute(params![id.as_bytes(), name, listed, Json(draft), Ms(now)])?;
        Ok(())
    }

    /// Replaces the draft and the name, and says the draft's new revision. With `based_on` only
    /// if the draft still is at that revision.
    pub fn save_draft(
        &self,
        id: WorkflowId,
        name: &str,
        draft: &Value,
        based_on: Option<i64>,
        now: Timestamp,
    ) -> Result<i64, Error> {
        let revision = self
            .0
            .prepare_cached(
                "UPDATE workflows
                 SET name = ?2, draft = ?3, draft_at = ?4, draft_revision = draft_revision + 1
                 WHERE id = ?1 AND draft_revision = COALESCE(?5, draft_revision)
                 RETURNING draft_revision",
            )?
            .query_row(
                params![id.as_bytes(), name, Json(draft), Ms(now), based_on],
                |row| row.get(0),
            )
            .optional()?;
        revision.map_or_else(|| Err(self.why_unsaved(id)), Ok)
    }

    /// Whether a draft wasn't saved because it has moved on or because there is none.
    fn why_unsaved(&self, id: WorkflowId) -> Error {
        match self.workflow(id) {
            Ok(Some(_)) => Error::Stale,
            Ok(None) => Error::missing("workflow", id),
            Err(error) => error,
        }
    }

    /// Freezes a document as the next version and makes that the active one.
    pub fn publish(&self, id: WorkflowId, document: &Value, now: Timestamp) -> Result<i64, Error> {
        let version: i64 = self
            .0
            .prepare_cached(
                "INSERT INTO versions (workflow, version, document, published)
                 SELECT ?1, COALESCE(MAX(version), 0) + 1, ?2, ?3 FROM versions WHERE workflow = ?1
                 RETURNING version",
            )?
            .query_row(params![id.as_bytes(), Json(document), Ms(now)], |row| {
                row.get(0)
            })?;
        let rows = self
            .0
            .prepare_cached("UPDATE workflows SET version = ?2 WHERE id = ?1")?
            .execute(params![id.as_bytes(), version])?;
        changed_one(rows, "workflow", id)?;
        Ok(version)
    }

    /// Switches a published workflow on or off.
    pub fn set_enabled(&self, id: WorkflowId, enabled: bool) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached("UPDATE workflows SET enabled = ?2 WHERE id = ?1")?
            .execute(params![id.as_bytes(), enabled])?;
        changed_one(rows, "workflow", id)
    }

    /// Hides a workflow and switches it and its triggers off.
    pub fn delete_workflow(&self, id: WorkflowId, now: Timestamp) -> Result<(), Error> {
        self.0
            .prepare_cached("UPDATE triggers SET enabled = 0 WHERE workflow = ?1")?
            .execute([id.as_bytes()])?;
        let rows = self
            .0
            .prepare_cached("UPDATE workflows SET deleted = ?2, enabled = 0 WHERE id = ?1")?
            .execute(params![id.as_bytes(), Ms(now)])?;
        changed_one(rows, "workflow", id)
    }

    /// Shows a deleted workflow again; it stays switched off.
    pub fn restore_workflow(&self, id: WorkflowId) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached("UPDATE workflows SET deleted = NULL WHERE id = ?1")?
            .execute([id.as_bytes()])?;
        changed_one(rows, "workflow", id)
    }
}
