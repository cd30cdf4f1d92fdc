//! A record of decisions: who switched, skipped or resolved what, and when.

use errand_model::Timestamp;
use rusqlite::params;

use crate::{Error, Tx, columns::Ms};

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
