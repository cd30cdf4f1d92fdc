//! Connections and their sealed secrets: what is replaced or removed is gone from the file, and what
//! waited for a connection goes on.
#![allow(clippy::unwrap_used)]

mod common;

use common::{World, at, attempt, item, run_of, step};
use errand_model::{
    Connection, ConnectionId, ConnectionState, ErrorKind, RunState, StepError, StepRecord,
    StepState, WaitsFor,
};
use errand_store::{ConnectionRow, Kept, VaultRow};

const FIRST: &[u8] = b"the first sealed text, ";
const SECOND: &[u8] = b"the second sealed text, ";

fn row(name: &str, sealed: &[u8]) -> ConnectionRow {
    ConnectionRow {
        connection: Connection {
            id: ConnectionId::at(at(1)),
            name: name.to_owned(),
            connector: "http".to_owned(),
            kind: "bearer".to_owned(),
            fields: errand_model::Map::new(),
            state: ConnectionState::Untested,
            problem: None,
            checked: None,
            created: at(1),
        },
        // Longer than a page, so that part of it stands on pages of its own.
        sealed: sealed.repeat(400),
        generation: 1,
    }
}

#[tokio::test]
async fn a_replaced_or_removed_secret_is_wiped_from_the_disk() {
    let world = World::new().await;
    let kept = row("Shop", FIRST);
    let (added, id) = (kept.clone(), kept.connection.id);
    world
        .store
        .write(move |tx| tx.add_connection(&added))
        .await
        .unwrap();
    let replaced = ConnectionRow {
        sealed: SECOND.repeat(400),
        generation: 2,
        ..kept
    };
    let expected = replaced.clone();
    world
        .store
        .write(move |tx| tx.replace_connection(&replaced))
        .await
        .unwrap();
    let found = world.store.read(|view| view.connections()).await.unwrap();
    assert_eq!(found, [expected]);
    world
        .store
        .write(move |tx| tx.remove_connection(id, at(2)))
        .await
        .unwrap();
    assert!(
        world
            .store
            .read(|view| view.connections())
            .await
            .unwrap()
            .is_empty()
    );

    let World { folder, store, .. } = world;
    store.close().await;
    for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap();
        for sealed in [FIRST, SECOND] {
            let stays = bytes.windows(sealed.len()).any(|part| part == sealed);
            assert!(!stays, "{} still holds it", file.path().display());
        }
    }
}

#[tokio::test]
async fn a_name_is_free_again_once_its_connection_is_removed() {
    let world = World::new().await;
    let (first, second) = (row("Shop", FIRST), row("Shop", SECOND));
    let id = first.connection.id;
    let taken = second.clone();
    world
        .store
        .write(move |tx| tx.add_connection(&first))
        .await
        .unwrap();
    let refused = world.store.write(move |tx| tx.add_connection(&taken)).await;
    assert!(refused.is_err(), "two connections can't have one name");
    let added = world.store.write(move |tx| {
        tx.remove_connection(id, at(2))?;
        tx.add_connection(&second)
    });
    added.await.unwrap();
}

#[tokio::test]
async fn a_new_key_takes_the_place_of_the_one_before() {
    let world = World::new().await;
    assert_eq!(world.store.read(|view| view.vault()).await.unwrap(), None);
    for kept in [Kept::Keyring, Kept::File] {
        let row = VaultRow {
            kept,
            probe: vec![1, 2, 3],
            created: at(1),
        };
        let noted = row.clone();
        world
            .store
            .write(move |tx| tx.put_vault(&noted))
            .await
            .unwrap();
        let found = world.store.read(|view| view.vault()).await.unwrap();
        assert_eq!(found, Some(row));
    }
}

#[tokio::test]
async fn what_waits_for_a_connection_is_woken_and_nothing_else() {
    let world = World::new().await;
    let (trigger, workflow) = (world.trigger, world.workflow);
    let woken = world.store.write(move |tx| {
        let events = tx
            .accept(Some(trigger), workflow, &[item("a"), item("b")], at(1))?
            .events;
        let mut runs = Vec::new();
        for (event, waits_for) in events.iter().zip([WaitsFor::Connection, WaitsFor::Network]) {
            let mut run = run_of(event.seq, workflow, at(1));
            tx.create_run(&run)?;
            (run.state, run.wake_at) = (RunState::Waiting, Some(at(3600)));
            tx.update_run(&run)?;
            let error = StepError::new(ErrorKind::Reconnect, "no key").waits_for(waits_for);
            let waiting = StepRecord {
                state: StepState::RetryWait,
                wake_at: Some(at(3600)),
                error: Some(error),
                ..step("ask")
            };
            tx.put_step(run.id, 0, &waiting)?;
            tx.open_attempt(run.id, &attempt("ask", 1, Some(StepState::RetryWait)))?;
            runs.push(run.id);
        }
        assert_eq!(tx.blocked_steps()?.len(), 1);
        tx.wake_blocked(at(5))?;
        let wake = |run| {
            (
                tx.run(run).unwrap().unwrap().wake_at,
                tx.steps(run).unwrap()[0].wake_at,
            )
        };
        Ok((wake(runs[0]), wake(runs[1])))
    });
    let (connection, network) = woken.await.unwrap();
    assert_eq!(connection, (Some(at(5)), Some(at(5))));
    assert_eq!(network, (Some(at(3600)), Some(at(3600))));
}
