//! Group commit, fencing and closing: what was answered is durable, what failed left no trace.

mod common;

use std::time::Duration;

use common::{World, at, item};
use errand_store::{DATABASE, Error};
use serde_json::json;

#[tokio::test]
async fn a_failing_command_takes_only_itself_back() {
    let world = World::new().await;
    // Holds the writer until the other three are queued, so that all share one transaction.
    let (open, gate) = std::sync::mpsc::channel::<()>();
    let slow = world.store.write(move |tx| {
        gate.recv_timeout(Duration::from_secs(10)).unwrap();
        tx.put_setting("slow", &json!(1))
    });
    let good = world.store.write(|tx| tx.put_setting("good", &json!(2)));
    let bad = world.store.write(|tx| {
        tx.put_setting("bad", &json!(3))?;
        tx.set_baseline(errand_model::TriggerId::at(at(9)))
    });
    let broken = world.store.write(|tx| -> Result<(), Error> {
        tx.put_setting("broken", &json!(4))?;
        panic!("a fault in a command");
    });
    let release = async move {
        tokio::task::yield_now().await;
        open.send(()).unwrap();
    };

    let (slow, good, bad, broken, ()) = tokio::join!(slow, good, bad, broken, release);

    assert_eq!((slow, good), (Ok(()), Ok(())));
    assert!(matches!(bad, Err(Error::Missing { .. })), "{bad:?}");
    assert!(matches!(broken, Err(Error::Failed { .. })), "{broken:?}");
    let world = world.reopened().await;
    for (key, kept) in [
        ("slow", true),
        ("good", true),
        ("bad", false),
        ("broken", false),
    ] {
        let value = world
            .store
            .read(move |view| view.setting(key))
            .await
            .unwrap();
        assert_eq!(value.is_some(), kept, "{key}");
    }
}

#[tokio::test]
async fn what_was_answered_survives_without_an_orderly_end() {
    let world = World::new().await;
    let (trigger, workflow) = (world.trigger, world.workflow);
    let accepted = world
        .store
        .write(move |tx| tx.accept(Some(trigger), workflow, &[item("a.pdf")], at(1)))
        .await
        .unwrap();
    // A copy of the files as they are now is what a power cut would leave.
    let copy = tempfile::tempdir().unwrap();
    for name in [DATABASE.to_owned(), format!("{DATABASE}-wal")] {
        std::fs::copy(world.folder.path().join(&name), copy.path().join(&name)).unwrap();
    }
    let after = errand_store::Store::open(copy.path(), at(2)).unwrap();
    let open = after.read(|view| view.open_events(10)).await.unwrap();
    assert_eq!(open, accepted.events);
    assert!(!after.was_clean());
}

#[tokio::test]
async fn a_store_that_was_taken_over_writes_nothing_more() {
    let world = World::new().await;
    let raw = rusqlite::Connection::open(world.folder.path().join(DATABASE)).unwrap();
    raw.execute("UPDATE engine_lease SET epoch = epoch + 1", [])
        .unwrap();
    let result = world
        .store
        .write(|tx| tx.put_setting("late", &json!(1)))
        .await;
    assert_eq!(result, Err(Error::Fenced));
    assert_eq!(
        world.store.read(|view| view.setting("late")).await,
        Ok(None)
    );
}

#[tokio::test]
async fn a_closed_store_says_so_and_frees_the_folder() {
    let world = World::new().await;
    world.store.close().await;
    assert_eq!(world.store.write(|_| Ok(())).await, Err(Error::Closed));
    assert_eq!(world.store.read(|_| Ok(())).await, Err(Error::Closed));
    assert!(errand_store::Store::open(world.folder.path(), at(1)).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_and_readers_at_once_all_get_their_own_answer() {
    let world = World::new().await;
    let tasks: Vec<_> = (0..600)
        .map(|number| {
            let store = world.store.clone();
            tokio::spawn(async move {
                let key = format!("key {number}");
                let written = key.clone();
                store
                    .write(move |tx| tx.put_setting(&written, &json!(number)))
                    .await?;
                store.read(move |view| view.setting(&key)).await
            })
        })
        .collect();
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap(), Ok(Some(json!(number))));
    }
}

#[tokio::test]
async fn a_pause_is_used_to_move_the_log_into_the_database() {
    let world = World::new().await;
    world
        .store
        .write(|tx| tx.put_setting("key", &json!(1)))
        .await
        .unwrap();
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(
            world.folder.path().join(DATABASE),
            copy.path().join(DATABASE),
        )
        .unwrap();
        let Ok(alone) = errand_store::Store::open(copy.path(), at(1)) else {
            continue;
        };
        if alone.read(|view| view.setting("key")).await == Ok(Some(json!(1))) {
            return;
        }
    }
    panic!("the database file alone never held what was saved");
}

#[tokio::test]
async fn callers_that_give_up_waiting_take_nothing_from_the_others() {
    let world = World::new().await;
    for _ in 0..20 {
        let store = world.store.clone();
        let slow = tokio::spawn(async move {
            store
                .read(|_| {
                    std::thread::sleep(Duration::from_millis(20));
                    Ok(())
                })
                .await
        });
        tokio::task::yield_now().await;
        slow.abort();
        assert_eq!(
            world.store.read(|view| view.setting("none")).await,
            Ok(None)
        );
    }
}
