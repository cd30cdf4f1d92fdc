//! The database's format: forward only, one numbered SQL file per step, a copy of the database
//! before anything changes, and no touching of a database that a newer Errand wrote.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, backup::Backup, config::DbConfig};

use crate::{
    Error, connection,
    folder::{BACKUPS, prepare, private_file, sync_folder},
    header::{self, Found},
};

/// Every step in order; the first makes version 1. Released files never change.
pub(crate) const STEPS: &[&str] = &[
    include_str!("../migrations/0001_initial.sql"),
    include_str!("../migrations/0002_doors.sql"),
    include_str!("../migrations/0003_draft_revision.sql"),
];
const KEPT_COPIES: usize = 3;

/// Refuses a newer database, and what isn't a sound one, before SQLite has so much as opened it.
pub(crate) fn refuse_unfit_file(file: &Path) -> Result<Found, Error> {
    let found = header::look(file)?;
    if let Found::Version(version) = found {
        refuse_newer(file, version, STEPS.len())?;
    }
    Ok(found)
}

/// A new database under its final name, or none: an empty file is never a beginning.
pub(crate) fn create(file: &Path) -> Result<(), Error> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let part = file.with_extension("new");
    let failed = |error: std::io::Error| Error::folder("create", file, &error);
    private_file(&part)?.set_len(0).map_err(failed)?;
    for ending in ["new-wal", "new-shm", "new-journal"] {
        // An earlier try may have left them; a fresh file has nothing to do with them.
        let _ = std::fs::remove_file(file.with_extension(ending));
    }
    let mut connection = connection::writer(&part)?;
    connection::make_durable(&connection)?;
    migrate(&mut connection, &part, STEPS)?;
    connection.close().map_err(|(_, error)| error)?;
    private_file(&part)?.sync_all().map_err(failed)?;
    std::fs::rename(&part, file).map_err(failed)?;
    sync_folder(folder)
}

fn refuse_newer(file: &Path, found: i64, steps: usize) -> Result<(), Error> {
    let known = i64::try_from(steps).unwrap_or(i64::MAX);
    if found > known {
        return Err(Error::Newer {
            file: file.to_owned(),
            found,
            known,
        });
    }
    Ok(())
}

/// Brings the database to the newest of `steps`.
pub(crate) fn migrate(
    connection: &mut Connection,
    file: &Path,
    steps: &[&str],
) -> Result<(), Error> {
    let done = usize::try_from(version(connection)?).unwrap_or_default();
    if done >= steps.len() {
        return Ok(());
    }
    if done == 0 && has_tables(connection)? {
        return Err(Error::unsound(file, "its version is missing"));
    }
    if done > 0 {
        keep_copy(connection, file, steps.len())?;
    }
    apply(connection, &steps[done..], steps.len())
}

/// The header can be behind what an interrupted newer Errand left in the write-ahead log.
pub(crate) fn refuse_newer_content(connection: &Connection, file: &Path) -> Result<(), Error> {
    let found = version(connection)?;
    refuse_newer(file, found, STEPS.len()).inspect_err(|_| {
        // Closing would otherwise move the log into the file.
        let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    })
}

fn version(connection: &Connection) -> Result<i64, Error> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn has_tables(connection: &Connection) -> Result<bool, Error> {
    Ok(connection
        .prepare("SELECT 1 FROM sqlite_schema")?
        .exists([])?)
}

/// All steps or none.
fn apply(connection: &mut Connection, steps: &[&str], newest: usize) -> Result<(), Error> {
    connection.execute_batch("PRAGMA foreign_keys = OFF;")?;
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for step in steps {
        transaction.execute_batch(step)?;
    }
    let dangling = transaction
        .prepare("PRAGMA foreign_key_check")?
        .exists([])?;
    if dangling {
        return Err(Error::Damaged {
            detail: "rows refer to rows that aren't there".to_owned(),
        });
    }
    transaction.pragma_update(
        None,
        "user_version",
        i64::try_from(newest).unwrap_or(i64::MAX),
    )?;
    transaction.commit()?;
    Ok(())
}

/// A whole copy under its final name, or none.
fn keep_copy(connection: &Connection, file: &Path, newest: usize) -> Result<(), Error> {
    let folder = file.with_file_name(BACKUPS);
    prepare(&folder)?;
    let target = folder.join(format!("pre-v{newest}.db"));
    let part = folder.join(format!("pre-v{newest}.part"));
    let failed =
        |error: std::io::Error| Error::folder("save a copy of the database as", &part, &error);
    private_file(&part)?.set_len(0).map_err(failed)?;
    let mut copy = Connection::open(&part)?;
    Backup::new(connection, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
    copy.close().map_err(|(_, error)| error)?;
    private_file(&part)?.sync_all().map_err(failed)?;
    std::fs::rename(&part, &target).map_err(failed)?;
    sync_folder(&folder)?;
    drop_old_copies(&folder);
    Ok(())
}

/// Old copies only cost room, so that one of them stays is no reason to stop.
fn drop_old_copies(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut copies: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?;
            let version = name
                .strip_prefix("pre-v")?
                .strip_suffix(".db")?
                .parse()
                .ok()?;
            Some((version, path))
        })
        .collect();
    copies.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    for (_, path) in copies.into_iter().skip(KEPT_COPIES) {
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(path = %path.display(), %error, "an old copy of the database stays");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connection::{make_durable, writer};

    const SECOND: &str = "CREATE TABLE second (id INTEGER PRIMARY KEY) STRICT;";

    fn database(folder: &Path, steps: &[&str]) -> (PathBuf, Connection) {
        let file = folder.join("errand.db");
        private_file(&file).unwrap();
        let mut connection = writer(&file).unwrap();
        make_durable(&connection).unwrap();
        migrate(&mut connection, &file, steps).unwrap();
        (file, connection)
    }

    #[test]
    fn a_migration_leaves_a_copy_of_the_database_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let (file, mut connection) = database(folder.path(), &STEPS[..1]);
        connection
            .execute("INSERT INTO settings VALUES ('a', '1')", [])
            .unwrap();
        assert!(
            !folder.path().join("backups").exists(),
            "a new database needs no copy"
        );

        migrate(&mut connection, &file, &[STEPS[0], SECOND]).unwrap();

        assert_eq!(version(&connection).unwrap(), 2);
        let copy = Connection::open(folder.path().join("backups/pre-v2.db")).unwrap();
        assert_eq!(version(&copy).unwrap(), 1);
        let value: String = copy
            .query_one("SELECT value FROM settings WHERE key = 'a'", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(value, "1");
        assert!(copy.prepare("SELECT * FROM second").is_err());
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (file, mut connection) = database(folder.path(), &STEPS[..1]);
        let steps = [STEPS[0], SECOND, "CREATE TABLE broken (;"];

        assert!(migrate(&mut connection, &file, &steps).is_err());

        assert_eq!(version(&connection).unwrap(), 1);
        assert!(connection.prepare("SELECT * FROM second").is_err());
    }

    #[test]
    fn only_the_three_newest_copies_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for version in [2, 9, 10, 11] {
            std::fs::write(folder.path().join(format!("pre-v{version}.db")), "").unwrap();
        }
        drop_old_copies(folder.path());
        let kept = [2, 9, 10, 11].map(|v| folder.path().join(format!("pre-v{v}.db")).exists());
        assert_eq!(kept, [false, true, true, true]);
    }
}
