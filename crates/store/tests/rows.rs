//! What each table remembers, through the public door.

mod common;

use common::{World, at, attempt, item, step};
use errand_model::{
    EventState, NewEvent, Outcome, Resolution, Run, RunId, RunState, StepError, StepRecord,
    StepState, TriggerId, WorkflowId,
};
use errand_store::{Error, OwnWrite, RunFilter, WatchEntry, WatchState};
use serde_json::json;

#[tokio::test]
async fn the_same_item_is_one_event_even_after_a_restart() {
    let world = World::new().await;
    let (trigger, workflow) = (world.trigger, world.workflow);
    let first = world
        .store
        .write(move |tx| {
            tx.accept(
                Some(trigger),
                workflow,
                &[item("a"), item("b"), item("a")],
                at(1),
            )
        })
        .await
        .unwrap();
    assert_eq!((first.events.len(), first.duplicates), (2, 1));

    let world = world.reopened().await;
    let again = world
        .store
        .write(move |tx| {
            tx.set_trigger_enabled(trigger, false)?;
            tx.accept(Some(trigger), workflow, &[item("b"), item("c")], at(2))
        })
        .await
        .unwrap();
    assert_eq!((again.events.len(), again.duplicates), (1, 1));
    let open = world.store.read(|view| view.open_events(10)).await.unwrap();
    assert_eq!(open, [first.events, again.events].concat());
}

#[tokio::test]
async fn items_without_a_key_are_never_the_same() {
    let world = World::new().await;
    let workflow = world.workflow;
    let by_hand = NewEvent {
        same_as: None,
        ..item("x")
    };
    let accepted = world
        .store
        .write(move |tx| tx.accept(None, workflow, &[by_hand.clone(), by_hand], at(1)))
        .await
        .unwrap();
    let [one, two] = &accepted.events[..] else {
        panic!("{accepted:?}")
    };
    assert_ne!(one.source_key, two.source_key);
}

#[tokio::test]
async fn a_run_and_its_steps_come_back_as_they_were_put() {
    let world = World::new().await;
    let run = world.run("a", at(1)).await;
    let first = StepRecord {
        state: StepState::RetryWait,
        wake_at: Some(at(60)),
        error: Some(StepError::bad_input("to", "the folder is missing").hint("Choose a folder.")),
        idempotency_key: Some("key".to_owned()),
        plan: json!({ "from": 1 }),
        resolved: Some(Resolution::Again),
        started: Some(at(1)),
        ..step("move")
    };
    let second = step("notify");
    let done = StepRecord {
        state: StepState::Succeeded,
        output: json!([1, "two"]),
        ended: Some(at(3)),
        ..second.clone()
    };
    let id = run.id;
    let (put_first, put_second, put_done) = (first.clone(), second, done.clone());
    world
        .store
        .write(move |tx| {
            tx.put_step(id, 2, &put_second)?;
            tx.put_step(id, 1, &put_first)?;
            tx.open_attempt(id, &attempt("notify", 1, None))?;
            tx.put_step(id, 9, &put_done)?;
            tx.close_attempt(id, "notify", 1, at(2), StepState::Succeeded, None)?;
            tx.note_undo(id, "move", &json!({ "back": "a" }))
        })
        .await
        .unwrap();

    let world = world.reopened().await;
    world
        .store
        .read(move |view| {
            assert_eq!(view.run(id)?, Some(run));
            assert_eq!(view.steps(id)?, [first, done]);
            assert_eq!(
                view.attempts(id)?,
                [attempt("notify", 1, Some(StepState::Succeeded))]
            );
            assert_eq!(
                view.undo_of(id)?,
                [("move".to_owned(), json!({ "back": "a" }))]
            );
            Ok(())
        })
        .await
        .unwrap();

    world
        .store
        .write(move |tx| tx.remove_steps(id, &["notify".to_owned()]))
        .await
        .unwrap();
    let left = world
        .store
        .read(move |v| Ok((v.steps(id)?.len(), v.attempts(id)?.len())))
        .await;
    assert_eq!(left, Ok((1, 0)));
}

#[tokio::test]
async fn states_that_contradict_themselves_are_refused_by_name() {
    let world = World::new().await;
    let run = world.run("a", at(1)).await;
    let cases = [
        (
            Run {
                state: RunState::Done,
                ended: Some(at(2)),
                ..run.clone()
            },
            "has an outcome",
        ),
        (
            Run {
                outcome: Some(Outcome::Ok),
                ..run.clone()
            },
            "has an outcome",
        ),
        (
            Run {
                state: RunState::Waiting,
                ..run.clone()
            },
            "a time to go on",
        ),
        (
            Run {
                ended: Some(at(2)),
                ..run.clone()
            },
            "has an end",
        ),
    ];
    for (wrong, rule) in cases {
        let error = world
            .store
            .write(move |tx| tx.update_run(&wrong))
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::Refused { rule: r } if r.contains(rule)),
            "{error}"
        );
    }
    let ended_but_ready = StepRecord {
        ended: Some(at(2)),
        ..step("move")
    };
    let id = run.id;
    let error = world
        .store
        .write(move |tx| tx.put_step(id, 0, &ended_but_ready))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("a step has an end"), "{error}");

    let twin = Run {
        id: RunId::at(at(5)),
        ..run.clone()
    };
    assert!(
        world
            .store
            .write(move |tx| tx.create_run(&twin))
            .await
            .is_err()
    );
    let without_version = Run {
        id: RunId::at(at(5)),
        generation: 1,
        version: 7,
        ..run
    };
    assert!(
        world
            .store
            .write(move |tx| tx.create_run(&without_version))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn live_due_and_attention_follow_the_runs() {
    let world = World::new().await;
    let (a, b, c) = (
        world.run("a", at(1)).await,
        world.run("b", at(2)).await,
        world.run("c", at(3)).await,
    );
    let waits = Run {
        state: RunState::Waiting,
        wake_at: Some(at(50)),
        ..a.clone()
    };
    let asks = Run {
        state: RunState::Attention,
        reason: Some("Which one?".to_owned()),
        ..b
    };
    let done = Run {
        state: RunState::Done,
        outcome: Some(Outcome::Failed),
        ended: Some(at(4)),
        ..c.clone()
    };
    let (workflow, changed) = (world.workflow, [waits.clone(), asks.clone(), done]);
    world
        .store
        .write(move |tx| changed.iter().try_for_each(|r| tx.update_run(r)))
        .await
        .unwrap();

    world
        .store
        .read(move |view| {
            assert_eq!(view.live_runs()?, [waits.clone(), asks]);
            assert_eq!((view.live_count()?, view.live_run_count(workflow)?), (2, 2));
            assert_eq!(view.attention_count()?, 1);
            assert_eq!(view.next_wake()?, Some(at(50)));
            assert_eq!(view.due_runs(at(49), 9)?, []);
            assert_eq!(view.due_runs(at(50), 9)?, [waits]);
            assert_eq!(view.run_counts(workflow, at(0))?, [(at(0), 0, 2)]);
            assert_eq!(view.run_counts(workflow, at(2))?, [(at(2), 0, 2)]);
            assert_eq!(view.latest_run(workflow)?.unwrap().id, c.id);
            assert_eq!(view.runs_of_event(a.event_seq)?.len(), 1);
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn pages_of_runs_follow_each_other_without_gaps_or_repeats() {
    let world = World::new().await;
    let mut made = Vec::new();
    for number in 0..7 {
        // Two runs for each moment, so that the order needs more than the time.
        made.push(world.run(&format!("file {number}"), at(number / 2)).await);
    }
    made.reverse();
    let mut filter = RunFilter {
        workflow: Some(world.workflow),
        limit: 3,
        ..RunFilter::default()
    };
    for with_workflow in [true, false] {
        filter.workflow = with_workflow.then_some(world.workflow);
        filter.before = None;
        let mut listed = Vec::new();
        loop {
            let asked = filter.clone();
            let page = world
                .store
                .read(move |view| view.list_runs(&asked))
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            filter.before = Some(last.id);
            listed.extend(page);
        }
        assert_eq!(listed, made);
    }
    let queued = RunFilter {
        state: Some(RunState::Queued),
        limit: 99,
        ..RunFilter::default()
    };
    assert_eq!(
        world
            .store
            .read(move |v| v.list_runs(&queued))
            .await
            .unwrap()
            .len(),
        7
    );
    let done = RunFilter {
        state: Some(RunState::Done),
        limit: 99,
        ..RunFilter::default()
    };
    assert_eq!(
        world.store.read(move |v| v.list_runs(&done)).await.unwrap(),
        []
    );
}

#[tokio::test]
async fn a_trigger_keeps_its_identity_and_loses_its_baseline_only_when_its_fields_change() {
    let world = World::new().await;
    let (workflow, trigger) = (world.workflow, world.trigger);
    world
        .store
        .write(move |tx| {
            tx.set_baseline(trigger)?;
            tx.set_trigger_enabled(trigger, true)?;
            tx.note_trigger(trigger, None, at(3), Some(at(3)))?;
            tx.note_trigger(trigger, Some("The folder is missing."), at(4), None)?;
            let put = |folder: &str| {
                let config = json!({ "folder": folder });
                tx.put_trigger(TriggerId::at(at(9)), workflow, "files.new_file", &config)
            };
            let same = put("~/Downloads")?;
            assert!(same.id == trigger && same.baseline && same.enabled);
            assert_eq!((same.checked, same.found), (Some(at(4)), Some(at(3))));
            let other = put("~/Desktop")?;
            assert!(other.id == trigger && !other.baseline && other.enabled);
            assert_eq!(tx.triggers_of(workflow)?, std::slice::from_ref(&other));
            assert_eq!(tx.enabled_triggers()?, [other]);
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn workflows_are_published_in_versions_and_deleted_only_from_sight() {
    let world = World::new().await;
    let (workflow, unlisted) = (world.workflow, WorkflowId::at(at(1)));
    let second = json!({ "format": 1, "name": "Bills" });
    let document = second.clone();
    world
        .store
        .write(move |tx| {
            tx.create_workflow(unlisted, "Once", &json!({}), false, at(1))?;
            assert!(tx.set_enabled(unlisted, true).is_err(), "it has no version");
            let save = |id, based_on| tx.save_draft(id, "Bills", &document, based_on, at(2));
            assert_eq!((save(workflow, Some(0))?, save(workflow, None)?), (1, 2));
            assert_eq!(save(workflow, Some(1)), Err(Error::Stale));
            let nowhere = save(WorkflowId::at(at(9)), Some(1));
            assert!(matches!(nowhere, Err(Error::Missing { .. })), "{nowhere:?}");
            assert_eq!(tx.publish(workflow, &document, at(2))?, 2);
            tx.set_enabled(workflow, true)
        })
        .await
        .unwrap();
    let listed = world.store.read(|view| view.workflows()).await.unwrap();
    let [row] = &listed[..] else {
        panic!("{listed:?}")
    };
    assert_eq!(
        (row.name.as_str(), row.version, row.enabled),
        ("Bills", Some(2), true)
    );
    assert_eq!(
        world
            .store
            .read(move |v| v.version_document(workflow, 2))
            .await,
        Ok(Some(second))
    );

    world
        .store
        .write(move |tx| tx.delete_workflow(workflow, at(3)))
        .await
        .unwrap();
    assert_eq!(world.store.read(|view| view.workflows()).await, Ok(vec![]));
    let row = world
        .store
        .read(move |view| view.workflow(workflow))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.deleted, row.enabled), (Some(at(3)), false));
    world
        .store
        .write(move |tx| tx.restore_workflow(workflow))
        .await
        .unwrap();
    assert_eq!(
        world
            .store
            .read(|view| view.workflows())
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn folder_entries_and_own_writes_keep_any_bytes() {
    let world = World::new().await;
    let trigger = world.trigger;
    let entry = |rel: &[u8], state| WatchEntry {
        rel: rel.to_vec(),
        file_id: "8:1".to_owned(),
        size: 7,
        modified_ns: 1_700_000_000_123_456_789,
        state,
        since: at(1),
    };
    let entries = [
        entry(b"a", WatchState::Baseline),
        entry(b"\xff.pdf", WatchState::Settling),
    ];
    let write = OwnWrite {
        path: b"/home/\xff".to_vec(),
        size: 7,
        modified_ns: -1,
        workflow: world.workflow,
        run: RunId::at(at(1)),
        depth: 1,
        at: at(1),
    };
    world
        .store
        .write(move |tx| {
            tx.put_watch_entries(trigger, &entries)?;
            assert_eq!(tx.watch_entries(trigger)?, entries);
            tx.put_watch_entries(trigger, &[entry(b"a", WatchState::Gone)])?;
            tx.remove_watch_entries(trigger, &[b"\xff.pdf".to_vec()])?;
            assert_eq!(tx.watch_entries(trigger)?, [entry(b"a", WatchState::Gone)]);
            tx.clear_watch_entries(trigger)?;
            assert_eq!(tx.watch_entries(trigger)?, []);
            tx.note_own_write(&OwnWrite {
                size: 1,
                ..write.clone()
            })?;
            tx.note_own_write(&write)?;
            assert_eq!(tx.own_write(b"/home/\xff")?, Some(write));
            tx.audit("switched_on", "Invoices", "by a person", at(1))
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn the_doctor_finds_what_was_broken_on_purpose() {
    let world = World::new().await;
    let run = world.run("a", at(1)).await;
    let id = run.id;
    world
        .store
        .write(move |tx| {
            tx.put_step(id, 0, &step("move"))?;
            tx.open_attempt(id, &attempt("move", 1, None))
        })
        .await
        .unwrap();
    let healthy = world
        .store
        .read(|view| view.broken_invariants())
        .await
        .unwrap();
    assert_eq!(healthy.iter().find(|(_, broken)| broken.is_some()), None);

    let broken = world.folder.path().join(errand_store::DATABASE);
    let raw = rusqlite::Connection::open(broken).unwrap();
    raw.execute_batch(
        "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
         UPDATE runs SET outcome = 'ok', version = 9;
         UPDATE steps SET state = 'sending';
         UPDATE attempts SET number = 2;
         UPDATE events SET state = 'skipped';",
    )
    .unwrap();
    let found = world
        .store
        .read(|view| view.broken_invariants())
        .await
        .unwrap();
    let broken: Vec<_> = found
        .iter()
        .filter_map(|(name, found)| found.as_ref().map(|_| name.as_str()))
        .collect();
    assert_eq!(
        broken,
        [
            "every dispatched event has a run, and only those",
            "a step is in flight only in a run that is going on",
            "a run is done exactly when it has an outcome and an end",
            "a step is tried once at a time, and its attempts are numbered without gaps",
            "every run has its version",
            "no row refers to one that is missing",
        ],
        "{found:?}"
    );
}

#[tokio::test]
async fn events_that_wait_for_a_person_are_counted_and_listed() {
    let world = World::new().await;
    let (trigger, workflow) = (world.trigger, world.workflow);
    world
        .store
        .write(move |tx| {
            let items = [item("a"), item("b"), item("c")];
            let events = tx.accept(Some(trigger), workflow, &items, at(1))?.events;
            tx.mark_event(events[0].seq, EventState::Held, Some("Too many at once."))?;
            tx.mark_event(events[1].seq, EventState::Poison, None)?;
            assert_eq!(tx.held_or_poison_events(9)?.len(), 2);
            assert_eq!(tx.attention_count()?, 1, "a held event waits for a switch");
            assert_eq!(tx.open_events(9)?, events[2..]);
            assert_eq!(tx.release_held(workflow, "Another reason.")?, 0);
            assert_eq!(tx.release_held(workflow, "Too many at once.")?, 1);
            assert_eq!(tx.open_events(1)?, events[..1]);
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn the_doctor_finds_a_scribbled_page() {
    let world = World::new().await;
    world
        .store
        .write(|tx| {
            (0..100).try_for_each(|n| tx.put_setting(&n.to_string(), &json!("x".repeat(1000))))
        })
        .await
        .unwrap();
    let World { folder, store, .. } = world;
    store.close().await;
    drop(store);
    let file = folder.path().join(errand_store::DATABASE);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes
        .windows(500)
        .rposition(|window| window == [b'x'; 500])
        .unwrap()
        / 4096;
    bytes[middle * 4096..][..64].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();

    let store = errand_store::Store::open(folder.path(), at(1)).unwrap();
    let found = store.read(|view| view.broken_invariants()).await.unwrap();
    let (name, sound) = found.last().unwrap();
    assert_eq!(name, "the database file is sound");
    assert!(sound.is_some());
}
