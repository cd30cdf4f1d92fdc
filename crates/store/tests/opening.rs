//! Opening the data folder: one Errand at a time, never a newer database, never readable by others.

mod common;

use common::{World, at};
use errand_store::{DATABASE, Error, LOCK, Store};

#[tokio::test]
async fn a_second_errand_is_refused_with_the_name_of_the_folder() {
    let world = World::new().await;
    let error = Store::open(world.folder.path(), at(1)).err().unwrap();
    assert_eq!(
        error,
        Error::AlreadyRunning {
            folder: world.folder.path().to_owned()
        }
    );
    assert!(
        error
            .to_string()
            .contains(&world.folder.path().display().to_string())
    );
    let pid = std::fs::read_to_string(world.folder.path().join(LOCK)).unwrap();
    assert_eq!(pid.trim(), std::process::id().to_string());
}

#[tokio::test]
async fn each_start_raises_the_epoch_and_keeps_the_installation() {
    let world = World::new().await;
    let (epoch, install) = (world.store.epoch(), world.store.install_id());
    assert!(world.store.was_clean());
    let world = world.reopened().await;
    assert_eq!(world.store.epoch(), epoch + 1);
    assert_eq!(world.store.install_id(), install);
    assert!(world.store.was_clean());

    let World { folder, store, .. } = world;
    drop(store); // Without closing: as if the process had ended.
    let store = Store::open(folder.path(), at(200)).unwrap();
    assert!(!store.was_clean());
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_untouched() {
    let World { folder, store, .. } = World::new().await;
    store.close().await;
    drop(store);
    let file = folder.path().join(DATABASE);
    let raw = rusqlite::Connection::open(&file).unwrap();
    raw.execute_batch("PRAGMA user_version = 99; PRAGMA journal_mode = DELETE;")
        .unwrap();
    drop(raw);
    let before = std::fs::read(&file).unwrap();

    let error = Store::open(folder.path(), at(1)).err().unwrap();

    assert!(matches!(error, Error::Newer { found: 99, .. }), "{error:?}");
    assert!(error.hint().contains("Update Errand"));
    assert!(before == std::fs::read(&file).unwrap());
    assert!(!file.with_extension("db-wal").exists());
}

#[tokio::test]
async fn a_newer_database_is_recognised_in_the_log_too() {
    let World { folder, store, .. } = World::new().await;
    store.close().await;
    drop(store);
    let file = folder.path().join(DATABASE);
    let raw = rusqlite::Connection::open(&file).unwrap();
    raw.set_db_config(
        rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
        true,
    )
    .unwrap();
    raw.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(raw);
    let before = std::fs::read(&file).unwrap();

    let error = Store::open(folder.path(), at(1)).err().unwrap();

    assert!(matches!(error, Error::Newer { found: 99, .. }), "{error:?}");
    assert!(before == std::fs::read(&file).unwrap());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_look_into_the_folder_and_its_files() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(world.folder.path()), 0o700);
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn a_database_that_was_lost_or_damaged_is_refused_with_the_way_back() {
    type Harm = fn(&std::path::Path);
    let harms: [Harm; 5] = [
        |file| std::fs::write(file, "").unwrap(),
        |file| std::fs::write(file, [0x5a; 9000]).unwrap(),
        |file| std::fs::write(file, "not a database\n".repeat(3)).unwrap(),
        |file| {
            let whole = std::fs::read(file).unwrap();
            std::fs::write(file, &whole[..whole.len() - 4096]).unwrap();
        },
        |file| std::fs::remove_file(file).unwrap(),
    ];
    for harm in harms {
        let World { folder, store, .. } = World::new().await;
        store.close().await;
        drop(store);
        let file = folder.path().join(DATABASE);
        let copy = folder.path().join("backups/pre-v9.db");
        std::fs::create_dir(copy.parent().unwrap()).unwrap();
        std::fs::copy(&file, &copy).unwrap();
        harm(&file);
        let harmed = std::fs::read(&file).ok();

        let error = Store::open(folder.path(), at(1)).err().unwrap();

        assert!(matches!(error, Error::Unsound { .. }), "{error:?}");
        assert!(error.to_string().contains(&file.display().to_string()));
        assert!(error.hint().contains(&copy.display().to_string()));
        assert_eq!(std::fs::read(&file).ok(), harmed, "nothing was changed");

        // What the hint says works.
        std::fs::copy(&copy, &file).unwrap();
        Store::open(folder.path(), at(2)).unwrap();
    }
}

#[test]
fn a_first_start_that_was_cut_short_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    for rest in ["errand.new", "errand.new-wal", "errand.new-journal"] {
        std::fs::write(folder.path().join(rest), "half").unwrap();
    }
    assert!(Store::open(folder.path(), at(0)).unwrap().was_clean());
    assert!(!folder.path().join("errand.new").exists());
}
