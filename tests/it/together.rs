//! Several runs and several workflows at the same time, over the same files.

use std::{collections::BTreeSet, fs, os::unix::ffi::OsStrExt, thread, time::Duration};

use errand_testkit::{
    Dice, Workspace, folders,
    wait::{holds_throughout, holds_within},
    wait_until,
};

use crate::{
    burst::{Burst, wait_until_quiet},
    documents::MOVE,
};

const SOON: Duration = Duration::from_secs(40);
const LONG: Duration = Duration::from_secs(120);
const SETTLED: Duration = Duration::from_secs(4);
const FILES: usize = 200;

/// Notes every file in one list, several runs at a time.
const LIST: &str = r#"
format: 1
name: List new files
trigger:
  on: files.new_file
  with: { folder: ~/In, matching: "*.pdf" }
steps:
  - id: list_it
    do: csv.append_row
    with: { file: ~/list.csv, row: { Name: "{{ trigger.name }}", Size: "{{ trigger.size }}" } }
"#;

/// The same with a line, the same from each run, in another file before.
const LIST_AND_COUNT: &str = r#"
format: 1
name: List and count new files
trigger:
  on: files.new_file
  with: { folder: ~/In, matching: "*.pdf" }
steps:
  - id: count_it
    do: files.append_text
    with: { file: ~/tally.txt, text: one more }
  - id: list_it
    do: csv.append_row
    with: { file: ~/list.csv, row: { Name: "{{ trigger.name }}", Size: "{{ trigger.size }}" } }
"#;
const MANY_FILES: usize = 500;

/// The names in the list, one for each row.
fn listed(workspace: &Workspace) -> Vec<String> {
    let list = workspace.read("list.csv");
    let name = |row: &str| row.split(',').next().unwrap_or_default().to_owned();
    list.lines().skip(1).map(name).collect()
}

#[test]
fn runs_at_the_same_time_each_add_their_row_to_one_list() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(LIST);
    let burst = Burst::of(FILES);
    burst.arrive(&workspace);
    wait_until("every file is listed", LONG, || {
        listed(&workspace).len() >= FILES
    });
    wait_until_quiet(&workspace, &workflow, LONG);
    assert_eq!(
        BTreeSet::from_iter(listed(&workspace)).len(),
        FILES,
        "each file once"
    );
    assert_eq!(listed(&workspace).len(), FILES, "no row twice");
    burst.has_one_good_run_each(&workspace, &workflow);
}

#[test]
fn lines_that_many_runs_add_to_the_same_files_are_there_once_each_after_twenty_kills() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let workflow = workspace.enable(LIST_AND_COUNT);
    let burst = Burst::of(MANY_FILES);
    burst.arrive(&workspace);
    let mut dice = Dice::new("kills while rows are added");
    for _ in 0..20 {
        let before = listed(&workspace).len();
        let engine = workspace.start();
        // The first rows come when the files have settled.
        let more = before + dice.between(1, 15) as usize;
        holds_within(SETTLED, || listed(&workspace).len() >= more);
        thread::sleep(Duration::from_millis(dice.between(0, 20)));
        engine.kill();
    }
    assert!(
        listed(&workspace).len() < MANY_FILES,
        "the kills came while rows were added"
    );
    let _engine = workspace.start();
    wait_until("every file is listed", LONG, || {
        listed(&workspace).len() >= MANY_FILES
    });
    wait_until_quiet(&workspace, &workflow, LONG);
    burst.has_one_good_run_each(&workspace, &workflow);
    let rows = listed(&workspace);
    assert_eq!(rows.len(), MANY_FILES, "no row twice");
    assert_eq!(
        BTreeSet::from_iter(rows).len(),
        MANY_FILES,
        "each file once"
    );
    let tally = workspace.read("tally.txt");
    assert_eq!(
        tally,
        "one more\n".repeat(MANY_FILES),
        "lines that are all the same"
    );
}

#[test]
fn two_workflows_that_want_the_same_file_do_not_lose_it() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let one = workspace.enable(&MOVE.replace("~/Out/", "~/One/"));
    let two = workspace.enable(&MOVE.replace("~/Out/", "~/Two/"));
    workspace.write("In/a.pdf", "a");
    let both_ran = || {
        let ended = |id| {
            workspace
                .runs(id)
                .iter()
                .any(|run| run["state"] == "done" || run["state"] == "attention")
        };
        ended(&one) && ended(&two)
    };
    wait_until("both have had their turn", SOON, both_ran);
    let places = ["One/a.pdf", "Two/a.pdf"].map(|place| workspace.read(place) == "a");
    assert_eq!(
        places.iter().filter(|there| **there).count(),
        1,
        "in one place: {places:?}"
    );
    assert_eq!(folders::count(&workspace.home()), 1);
}

#[test]
fn one_workflow_may_start_another_but_two_can_not_play_ping_pong_for_ever() {
    let workspace = Workspace::new();
    for name in ["In", "Out"] {
        workspace.folder(name);
    }
    let _engine = workspace.start();
    let there = workspace.enable(MOVE);
    let back = workspace.enable(
        &MOVE
            .replace("~/Out/", "~/BACK/")
            .replace("~/In", "~/Out")
            .replace("BACK", "In"),
    );
    workspace.write("In/ball.pdf", "ball");
    wait_until("it comes back", LONG, || !workspace.runs(&back).is_empty());
    let count = || workspace.runs(&there).len() + workspace.runs(&back).len();
    let mut last = 0;
    let stops = holds_within(LONG, || {
        last = count();
        holds_throughout(2 * SETTLED, || count() == last)
    });
    assert!(stops, "still going after {} runs", count());
    assert!(last <= 10, "{last} runs");
    assert_eq!(
        folders::count(&workspace.home()),
        1,
        "the file is still there"
    );
}

#[test]
fn a_file_of_the_same_name_later_is_a_new_file() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(MOVE);
    for times in 1..=3 {
        workspace.write("In/a.pdf", "the same content");
        wait_until("it is moved", SOON, || {
            folders::count(&workspace.path("Out")) == times
        });
    }
    assert_eq!(workspace.runs(&workflow).len(), 3);
}

#[test]
fn a_file_that_is_gone_before_its_turn_is_nobodys_failure() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let workflow = workspace.enable(MOVE);
    let mut engine = workspace.start_doomed("engine.after_accept");
    let file = workspace.write("In/a.pdf", "a");
    wait_until("the event is accepted", SOON, || engine.ended().is_some());
    fs::remove_file(file).unwrap();
    let _engine = workspace.start();
    workspace.write("In/b.pdf", "b");
    wait_until("the next file is moved", SOON, || {
        workspace.read("Out/b.pdf") == "b"
    });
    let gone = workspace
        .runs(&workflow)
        .into_iter()
        .find(|run| run["event"]["name"] == "a.pdf");
    if let Some(run) = gone {
        assert_eq!(
            run["state"], "attention",
            "it says that the file is gone: {run:#}"
        );
    }
}

#[test]
fn a_file_whose_name_is_not_text_is_left_alone_and_told_of_until_it_is_renamed() {
    let workspace = Workspace::new();
    let folder = workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(MOVE);
    let odd = folder.join(std::ffi::OsStr::from_bytes(b"odd \xff.pdf"));
    fs::write(&odd, "odd").unwrap();
    workspace.write("In/plain.pdf", "plain");
    wait_until("the others are moved", SOON, || {
        workspace.read("Out/plain.pdf") == "plain"
    });
    let problem = || {
        let shown = workspace.json(&["workflow", "show", &workflow]);
        shown["trigger"]["problem"].as_str().map(str::to_owned)
    };
    let is_told = || problem().is_some_and(|text| text.contains("odd \u{fffd}.pdf"));
    wait_until("the trigger tells of the name", SOON, is_told);
    let left_alone = holds_throughout(SETTLED, || odd.exists() && is_told());
    assert!(left_alone, "{:?}", folders::contents(&workspace.home()));
    assert_eq!(workspace.runs(&workflow).len(), 1);
    fs::rename(&odd, folder.join("even.pdf")).unwrap();
    wait_until("it is moved", SOON, || {
        workspace.read("Out/even.pdf") == "odd"
    });
    wait_until("the trigger is well", SOON, || problem().is_none());
}

#[test]
fn an_engine_that_is_asked_to_end_in_the_middle_loses_nothing() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let workflow = workspace.enable(MOVE);
    let burst = Burst::of(FILES);
    let mut engine = workspace.start();
    burst.arrive(&workspace);
    for part in 1..=4 {
        let enough = part * FILES / 5;
        wait_until("some are moved", SOON, || {
            folders::count(&workspace.path("Out")) > enough
        });
        engine.stop();
        engine = workspace.start();
    }
    burst.wait_until_moved(&workspace, &workflow, LONG);
    burst.is_in(&workspace, "Out");
    burst.has_one_good_run_each(&workspace, &workflow);
}

#[test]
fn a_move_to_another_file_system_survives_kills() {
    let workspace = Workspace::new();
    workspace.folder("In");
    // Memory rather than disk: another file system wherever there is one.
    let elsewhere = tempfile::TempDir::with_prefix_in("errand-", "/dev/shm").unwrap();
    let to = format!("{}/Out/", elsewhere.path().display());
    let workflow = workspace.enable(&MOVE.replace("~/Out/", &to));
    let mut dice = Dice::new("kills while files are copied");
    let content = |number: usize| vec![number as u8; 3_000_000];
    for number in 0..40 {
        workspace.write(&format!("In/{number}.pdf"), content(number));
    }
    let out = elsewhere.path().join("Out");
    for part in 0..8 {
        let engine = workspace.start();
        holds_within(SETTLED, || folders::count(&out) > part * 4);
        thread::sleep(Duration::from_millis(dice.between(0, 60)));
        engine.kill();
    }
    let _engine = workspace.start();
    wait_until("all are moved", LONG, || {
        folders::count(&workspace.path("In")) == 0
    });
    wait_until("all runs end", LONG, || {
        let runs = workspace.runs(&workflow);
        runs.len() == 40 && runs.iter().all(|run| run["outcome"] == "ok")
    });
    let found = folders::contents(&out);
    assert_eq!(found.len(), 40, "each once: {:?}", found.keys());
    for number in 0..40 {
        let path = std::path::PathBuf::from(format!("{number}.pdf"));
        assert_eq!(
            found[&path],
            folders::hash(&content(number)),
            "{number}.pdf is whole"
        );
    }
}
