//! Who may write: each start raises the epoch, and every transaction checks that the epoch is
//! still the one it started with. It also remembers the installation and whether the last end was
//! an orderly one.

use errand_model::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Error, columns::Ms};

/// What a start learns.
pub(crate) struct Lease {
    pub(crate) epoch: i64,
    pub(crate) install: [u8; 16],
    pub(crate) was_clean: bool,
}

/// Takes the database over for this start.
pub(crate) fn take(connection: &Connection, now: Timestamp) -> Result<Lease, Error> {
    let was_clean = connection
        .query_row("SELECT clean_exit FROM engine_lease", [], |row| row.get(0))
        .optional()?
        .unwrap_or(true);
    let (epoch, install) = connection.query_row(
        "INSERT INTO engine_lease (one, epoch, install, pid, started, clean_exit)
         VALUES (1, 1, randomblob(16), ?1, ?2, 0)
         ON CONFLICT (one) DO UPDATE SET
           epoch = epoch + 1, pid = excluded.pid, started = excluded.started, clean_exit = 0
         RETURNING epoch, install",
        params![std::process::id(), Ms(now)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Lease {
        epoch,
        install,
        was_clean,
    })
}

/// Fails once another start has taken over.
pub(crate) fn check(connection: &Connection, epoch: i64) -> Result<(), Error> {
    let current: i64 = connection
        .prepare_cached("SELECT epoch FROM engine_lease")?
        .query_row([], |row| row.get(0))?;
    if current == epoch {
        Ok(())
    } else {
        Err(Error::Fenced)
    }
}

/// Notes an orderly end.
pub(crate) fn give_back(connection: &Connection, epoch: i64) -> Result<(), Error> {
    connection.execute(
        "UPDATE engine_lease SET clean_exit = 1 WHERE epoch = ?1",
        [epoch],
    )?;
    Ok(())
}
