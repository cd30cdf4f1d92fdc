//! The route of an event through an engine in this process: real files, real database.

mod surroundings;

use std::{fs, path::Path, sync::Arc, time::Duration};

use errand_connectors::Registry;
use errand_engine::{Engine, Handle, Parts};
use errand_model::{Map, Outcome, RunState, Timestamp, Workflow};
use errand_store::{RunFilter, Store};
use surroundings::{NoDesktop, SystemClock};

async fn start(home: &Path) -> Engine {
    let store = Store::open(&home.join("data"), Timestamp::now()).expect("the database opens");
    let parts = Parts {
        store,
        registry: Arc::new(Registry::builtin()),
        ports: Arc::new(NoDesktop(home.to_owned())),
        clock: Arc::new(SystemClock),
        home: home.to_owned(),
    };
    Engine::start(parts).await.expect("the engine starts")
}

fn workflow(yaml: &str) -> Workflow {
    errand_model::document::parse(yaml).expect("the document is right")
}

const FILE_INVOICES: &str = r#"
format: 1
name: File invoices
trigger: { on: files.new_file, with: { folder: ~/Downloads, matching: "*.pdf" } }
steps:
  - id: file_it
    do: files.move
    with: { file: "{{ trigger.path }}", to: "~/Invoices/{{ now | date('%Y') }}/" }
  - id: tell
    do: notify.show
    with: { title: "Filed", text: "{{ steps.file_it.name }}" }
"#;

async fn until<F: AsyncFnMut() -> bool>(mut holds: F) {
    let tries = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), tries)
        .await
        .expect("it comes true in time");
}

async fn done_runs(handle: &Handle) -> usize {
    let filter = RunFilter {
        workflow: None,
        state: Some(RunState::Done),
        before: None,
        limit: 100,
    };
    let runs = handle
        .store()
        .read(move |view| view.list_runs(&filter))
        .await;
    runs.expect("the list can be read").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_is_moved_and_told_and_files_of_before_are_left_alone() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let home = home.path();
    fs::create_dir(home.join("Downloads")).unwrap();
    fs::write(home.join("Downloads/old.pdf"), "old").unwrap();
    let engine = start(home).await;
    let handle = engine.handle();
    let id = handle.create(workflow(FILE_INVOICES), true).await.unwrap();
    handle.enable(id, true).await.unwrap();

    fs::write(home.join("Downloads/new.pdf"), "new").unwrap();
    fs::write(home.join("Downloads/note.txt"), "no").unwrap();
    until(async || done_runs(&handle).await == 1).await;

    let year = Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::system())
        .strftime("%Y")
        .to_string();
    assert_eq!(
        fs::read(home.join("Invoices").join(year).join("new.pdf")).unwrap(),
        b"new"
    );
    assert!(
        home.join("Downloads/old.pdf").exists(),
        "it was there before the switch-on"
    );
    assert!(home.join("Downloads/note.txt").exists(), "it doesn't match");
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_what_would_happen_and_changes_nothing() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let home = home.path();
    fs::create_dir(home.join("Downloads")).unwrap();
    fs::write(home.join("Downloads/a.pdf"), "a").unwrap();
    let engine = start(home).await;
    let document = workflow(FILE_INVOICES);
    let samples = engine.handle().samples(&document).await.unwrap();
    let event = samples[0].as_object().cloned().unwrap_or_else(Map::new);
    let preview = engine.handle().preview(&document, event).await.unwrap();
    let cards: Vec<String> = preview
        .steps
        .iter()
        .filter_map(|step| Some(step.would.as_ref()?.kind.clone()))
        .collect();
    assert_eq!(cards, ["move", "notify"], "{preview:?}");
    assert_eq!(preview.outcome, Some(Outcome::Ok));
    assert!(home.join("Downloads/a.pdf").exists());
    assert!(!home.join("Invoices").exists());
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_arrive_while_it_is_off_wait_and_a_missing_folder_is_told() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let home = home.path();
    let engine = start(home).await;
    let handle = engine.handle();
    let id = handle.create(workflow(FILE_INVOICES), true).await.unwrap();
    let refused = handle
        .enable(id, true)
        .await
        .expect_err("there is no such folder");
    assert!(refused.message.contains("isn't there"), "{refused:?}");

    fs::create_dir(home.join("Downloads")).unwrap();
    handle.enable(id, true).await.unwrap();
    handle.enable(id, false).await.unwrap();
    fs::write(home.join("Downloads/late.pdf"), "late").unwrap();
    handle.enable(id, true).await.unwrap();
    until(async || done_runs(&handle).await == 1).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_folder_that_takes_the_name_is_listened_to() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let home = home.path();
    fs::create_dir(home.join("Downloads")).unwrap();
    let engine = start(home).await;
    let handle = engine.handle();
    let id = handle.create(workflow(FILE_INVOICES), true).await.unwrap();
    handle.enable(id, true).await.unwrap();

    fs::rename(home.join("Downloads"), home.join("Aside")).unwrap();
    fs::create_dir(home.join("Downloads")).unwrap();
    fs::write(home.join("Downloads/after.pdf"), "after").unwrap();
    until(async || done_runs(&handle).await == 1).await;
    engine.stop().await;
}
