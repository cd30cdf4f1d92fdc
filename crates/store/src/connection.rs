//! How connections to the database are set up, and why.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::Error;

/// The one connection that writes. The database's version has been checked before.
pub(crate) fn writer(file: &Path) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    harden(&connection)?;
    Ok(connection)
}

/// Makes the writer durable and fast. `auto_vacuum` must come before the first table.
pub(crate) fn make_durable(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch(
        "PRAGMA auto_vacuum = INCREMENTAL;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = 8388608;
         PRAGMA cache_size = -16384;
         PRAGMA secure_delete = FAST;",
    )?;
    Ok(())
}

/// One of the connections that read.
pub(crate) fn reader(file: &Path) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    harden(&connection)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// A broken or hostile file must not do more than give an error, and no data goes to /tmp.
fn harden(connection: &Connection) -> Result<(), Error> {
    connection.set_prepared_statement_cache_capacity(256);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.execute_batch(
        "PRAGMA mmap_size = 0;
         PRAGMA temp_store = MEMORY;
         PRAGMA cell_size_check = ON;
         PRAGMA busy_timeout = 5000;",
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::types::Value;

    #[test]
    fn a_new_database_is_set_up_to_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("errand.db");
        crate::folder::private_file(&file).unwrap();
        let connection = writer(&file).unwrap();
        make_durable(&connection).unwrap();
        connection.execute_batch(crate::migrate::STEPS[0]).unwrap();
        let setting = |name: &str| -> Value {
            connection
                .pragma_query_value(None, name, |row| row.get(0))
                .unwrap()
        };
        assert_eq!(setting("journal_mode"), Value::Text("wal".to_owned()));
        let numbers = [
            ("synchronous", 2),
            ("auto_vacuum", 2),
            ("wal_autocheckpoint", 0),
            ("trusted_schema", 0),
            ("cell_size_check", 1),
            ("temp_store", 2),
        ];
        for (name, wanted) in numbers {
            assert_eq!(setting(name), Value::Integer(wanted), "{name}");
        }
    }
}
