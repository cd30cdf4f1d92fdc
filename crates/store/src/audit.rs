//! A record of decisions: who switched, skipped or resolved what, and when.

use errand_model::Timestamp;
use rusqlite::params;
use serde_json::json;

use crate::{Error, Tx, View, columns::Ms};

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// What kind of decision.
    pub kind: String,
    /// In what words.
    pub detail: String,
}

impl View<'_> {
    /// Lines of these kinds, the newest first.
    pub fn audited(&self, kinds: &[&str], limit: u32) -> Result<Vec<AuditLine>, Error> {
        let mut statement = self.0.prepare_cached(
            "SELECT at, kind, detail FROM audit INDEXED BY audit_by_kind
             WHERE kind IN (SELECT value FROM json_each(?1)) ORDER BY id DESC LIMIT ?2",
        )?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(AuditLine {
                at: row.get::<_, Ms>(0)?.0,
                kind: row.get(1)?,
                detail: row.get(2)?,
            })
        };
        let kinds = json!(kinds).to_string();
        Ok(statement
            .query_map(params![kinds, limit], read)?
            .collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Adds a line: what kind of decision, about what, with what words.
    pub fn audit(
        &self,
        kind: &str,
        subject: &str,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT INTO audit (at, epoch, kind, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![Ms(now), self.epoch, kind, subject, detail])?;
        Ok(())
    }
}
