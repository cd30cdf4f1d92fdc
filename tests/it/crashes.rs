//! The engine aborts at every fault point of an event's route; after its next start every file is
//! where it belongs, done once and recorded. The points are read from the sources, so a new one is
//! tested without being listed anywhere.

use std::{
    collections::BTreeSet, fs, os::unix::fs::MetadataExt, path::Path, sync::Mutex, thread,
    time::Duration,
};

use errand_testkit::{Engine, Workspace, folders, wait::holds_within, wait_until};

use crate::{
    burst::Burst,
    documents::{EVERY_EFFECT, MOVE},
};

const SOON: Duration = Duration::from_secs(60);
/// How long after its last effect an engine may still come past a point.
const AFTERWARDS: Duration = Duration::from_secs(2);
const FILES: usize = 3;

#[test]
fn a_crash_at_any_fault_point_loses_nothing_and_repeats_nothing() {
    let points = points();
    assert!(
        points.len() >= 4,
        "the sources name only these fault points: {points:?}"
    );
    let occasions = points
        .iter()
        .flat_map(|point| [1, 2, 4, 7, 11].map(|time| format!("{point}:{time}")));
    let waiting = Mutex::new(occasions.collect::<Vec<_>>());
    let missed = Mutex::new(BTreeSet::from_iter(points));
    let next = || waiting.lock().unwrap().pop();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(fault) = next() {
                    if crash_at(&fault) {
                        let point = fault.rsplit_once(':').unwrap().0;
                        missed.lock().unwrap().remove(point);
                    }
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    assert!(
        missed.is_empty(),
        "never reached, so not tested: {missed:?}"
    );
}

/// Whether the engine came past the point and aborted; either way the end must be right.
fn crash_at(fault: &str) -> bool {
    println!("crash at {fault}");
    let workspace = Workspace::new();
    workspace.folder("In");
    let workflow = workspace.enable(EVERY_EFFECT);
    let mut engine = workspace.start_doomed(fault);
    let burst = Burst::of(FILES);
    burst.arrive(&workspace);
    let aborted = aborts_or_finishes(&mut engine, &workspace);
    drop(engine);
    let _engine = workspace.start();
    burst.wait_until_moved(&workspace, &workflow, SOON);
    assert_every_trace_is_there_once(&workspace, &workflow, &burst);
    aborted
}

/// Asks only the folders, since the command line would do the engine's work once it is gone.
fn aborts_or_finishes(engine: &mut Engine, workspace: &Workspace) -> bool {
    let is_finished = || workspace.read("Notes/list.csv").lines().count() == 1 + FILES;
    let over = holds_within(SOON, || engine.ended().is_some() || is_finished());
    assert!(over, "neither crashed nor finished: {}", engine.said());
    holds_within(AFTERWARDS, || engine.ended().is_some())
}

#[track_caller]
fn assert_every_trace_is_there_once(workspace: &Workspace, workflow: &str, burst: &Burst) {
    burst.is_in(workspace, "Out");
    burst.is_in(workspace, "Copies");
    burst.has_one_good_run_each(workspace, workflow);
    assert_eq!(
        folders::count(&workspace.path("In")),
        0,
        "nothing is left behind"
    );
    let mut log: Vec<_> = workspace
        .read("Notes/log.txt")
        .lines()
        .map(str::to_owned)
        .collect();
    log.sort();
    let names: Vec<_> = (0..FILES)
        .map(|number| format!("invoice {number:04}.pdf"))
        .collect();
    assert_eq!(log, names, "each file is noted once");
    let list = workspace.read("Notes/list.csv");
    assert_eq!(
        list.lines().count(),
        1 + FILES,
        "one header and a row for each file: {list}"
    );
    workspace.errand(&["doctor"]).ok();
}

#[test]
fn a_crash_between_a_files_rename_and_its_record_ends_in_moved_once_and_recorded() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let workflow = workspace.enable(MOVE);
    let mut engine = workspace.start_doomed("engine.after_effect");
    workspace.write("In/a.pdf", "a");
    assert!(
        engine.aborts_within(SOON),
        "the engine aborts after the rename"
    );
    assert!(
        !workspace.path("In/a.pdf").exists(),
        "the file is renamed already"
    );
    let renamed = fs::metadata(workspace.path("Out/a.pdf")).unwrap();
    let _engine = workspace.start();
    wait_until("the run ends", SOON, || {
        workspace
            .runs(&workflow)
            .iter()
            .all(|r| r["state"] == "done")
    });
    let now = fs::metadata(workspace.path("Out/a.pdf")).unwrap();
    assert_eq!(
        (now.ino(), now.ctime_nsec()),
        (renamed.ino(), renamed.ctime_nsec()),
        "left alone"
    );
    assert_eq!(
        folders::count(&workspace.home()),
        1,
        "one file, in one place"
    );
    let runs = workspace.runs(&workflow);
    assert_eq!(runs.len(), 1);
    let run = workspace.json(&["runs", "show", runs[0]["id"].as_str().unwrap()]);
    assert_eq!(run["outcome"], "ok");
    assert_eq!(run["steps"][0]["state"], "succeeded");
    let place = run["steps"][0]["output"]["path"]
        .as_str()
        .unwrap_or_default();
    assert!(
        place.ends_with("Out/a.pdf"),
        "the record says where the file is: {run:#}"
    );
}

/// Every point that the sources name, but those that no file comes past (`webhooks/crashes.rs` and
/// `relay.rs` go there).
fn points() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut found = BTreeSet::new();
    for name in ["store", "engine", "connectors"] {
        add_points(&crates.join(name).join("src"), &mut found);
    }
    let is_elsewhere = |point: &str| {
        ["engine.hook_", "engine.relay_"]
            .iter()
            .any(|it| point.starts_with(it))
    };
    found.retain(|point| !is_elsewhere(point));
    found
}

fn add_points(folder: &Path, found: &mut BTreeSet<String>) {
    for path in fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
    {
        if path.is_dir() {
            add_points(&path, found);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let after_calls = text.split("faults::hit(\"").skip(1);
            found.extend(after_calls.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
}
