//! The relay that messages for this computer wait at, if the person chose one.

use rusqlite::{OptionalExtension, params};

use crate::{
    Error, Tx, View,
    columns::{signed, unsigned},
    error::changed_one,
};

/// One relay; there is at most one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayRow {
    /// Where it is, such as `https://relay.example.com`.
    pub address: String,
    /// This computer's channel there.
    pub channel: String,
    /// What senders know.
    pub token: String,
    /// This computer's keys, sealed.
    pub sealed: Vec<u8>,
    /// The last message that is in the inbox.
    pub after: u64,
}

impl View<'_> {
    /// The relay in use.
    pub fn relay(&self) -> Result<Option<RelayRow>, Error> {
        let mut statement = self
            .0
            .prepare_cached("SELECT address, channel, token, sealed, after FROM relay")?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(RelayRow {
                address: row.get("address")?,
                channel: row.get("channel")?,
                token: row.get("token")?,
                sealed: row.get("sealed")?,
                after: unsigned(row.get("after")?),
            })
        };
        Ok(statement.query_row([], read).optional()?)
    }
}

impl Tx<'_> {
    /// Uses this relay in place of the one before.
    pub fn put_relay(&self, row: &RelayRow) -> Result<(), Error> {
        self.0
            .prepare_cached(
                "INSERT OR REPLACE INTO relay (one, address, channel, token, sealed, after)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                row.address,
                row.channel,
                row.token,
                row.sealed,
                signed(row.after),
            ])?;
        Ok(())
    }

    /// Notes that every message up to this one is in the inbox.
    pub fn move_relay(&self, channel: &str, after: u64) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached("UPDATE relay SET after = ?2 WHERE channel = ?1")?
            .execute(params![channel, signed(after)])?;
        changed_one(rows, "relay channel", channel)
    }

    /// Uses no relay any more; its keys are gone.
    pub fn drop_relay(&self) -> Result<(), Error> {
        self.0.prepare_cached("DELETE FROM relay")?.execute([])?;
        Ok(())
    }
}
