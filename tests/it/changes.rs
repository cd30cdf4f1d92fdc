//! A folder is watched for changes: each settled change of a file that was known is one run; new
//! files, renames and the workflow's own writes are none.

use std::{fs, thread, time::Duration};

use errand_testkit::{
    Dice, Workspace,
    wait::{holds_throughout, holds_within},
    wait_until,
};

use crate::burst::wait_until_quiet;

const SOON: Duration = Duration::from_secs(30);
const LONG: Duration = Duration::from_secs(120);
/// Longer than a file must be quiet before it counts.
const SETTLED: Duration = Duration::from_secs(4);

/// Notes the name of every text file that is changed.
const NOTE: &str = r#"
format: 1
name: Note changes
trigger:
  on: files.changed_file
  with: { folder: ~/In, matching: "*.txt" }
steps:
  - id: note_it
    do: files.append_text
    with: { file: ~/changes.log, text: "{{ trigger.name }}" }
"#;

/// The names noted so far, sorted.
fn noted(workspace: &Workspace) -> Vec<String> {
    let log = workspace.read("changes.log");
    let mut names: Vec<_> = log.lines().map(str::to_owned).collect();
    names.sort();
    names
}

#[track_caller]
fn wait_until_noted(workspace: &Workspace, names: &[&str]) {
    let noted_so = holds_within(SOON, || noted(workspace) == names);
    assert!(
        noted_so,
        "noted: {:?} instead of {names:?}",
        noted(workspace)
    );
    let nothing_more = holds_throughout(SETTLED, || noted(workspace) == names);
    assert!(nothing_more, "noted too much: {:?}", noted(workspace));
}

#[test]
fn each_change_of_a_known_file_counts_and_a_new_file_does_not() {
    let workspace = Workspace::new();
    workspace.write("In/old.txt", "one");
    let _engine = workspace.start();
    workspace.enable(NOTE);
    workspace.write("In/new.txt", "new");
    workspace.write("In/other.pdf", "other");
    wait_until_noted(&workspace, &[]);
    workspace.write("In/old.txt", "two");
    wait_until_noted(&workspace, &["old.txt"]);
    workspace.write("In/new.txt", "changed");
    workspace.write("In/other.pdf", "changed");
    wait_until_noted(&workspace, &["new.txt", "old.txt"]);
    workspace.write("In/old.txt", "three");
    wait_until_noted(&workspace, &["new.txt", "old.txt", "old.txt"]);
}

#[test]
fn saving_by_replacing_is_a_change_and_renaming_is_none() {
    let workspace = Workspace::new();
    for name in ["plain.txt", "hidden.txt", "backup.txt", "renamed.txt"] {
        workspace.write(&format!("In/{name}"), "one");
    }
    let _engine = workspace.start();
    workspace.enable(NOTE);
    let rename = |from: &str, to: &str| {
        fs::rename(
            workspace.path("In").join(from),
            workspace.path("In").join(to),
        )
        .unwrap();
    };
    workspace.write("In/plain new.txt", "two");
    let draft_lies_there = holds_throughout(SETTLED, || noted(&workspace).is_empty());
    assert!(draft_lies_there, "a new file is no change");
    rename("plain new.txt", "plain.txt");
    workspace.write("In/.hidden.txt.tmp", "two");
    rename(".hidden.txt.tmp", "hidden.txt");
    rename("backup.txt", "backup.txt~");
    workspace.write("In/backup.txt", "two");
    rename("renamed.txt", "another name.txt");
    wait_until_noted(&workspace, &["backup.txt", "hidden.txt", "plain.txt"]);
}

#[test]
fn a_file_that_is_written_for_a_while_counts_once_it_is_finished() {
    let workspace = Workspace::new();
    workspace.write("In/long.txt", "one");
    let _engine = workspace.start();
    let sizes = NOTE.replace("trigger.name", "trigger.size");
    workspace.enable(&sizes);
    let writes = |times| {
        let mut file = fs::File::create(workspace.path("In/long.txt")).unwrap();
        for _ in 0..times {
            std::io::Write::write_all(&mut file, &[b'x'; 1000]).unwrap();
            thread::sleep(Duration::from_millis(300));
        }
    };
    writes(8);
    wait_until_noted(&workspace, &["8000"]);
    writes(9);
    wait_until_noted(&workspace, &["8000", "9000"]);
}

#[test]
fn what_the_workflow_writes_itself_is_no_change() {
    let workspace = Workspace::new();
    workspace.write("In/a.txt", "one\n");
    let _engine = workspace.start();
    let same_file = NOTE.replace("~/changes.log", r#""{{ trigger.path }}""#);
    let workflow = workspace.enable(&same_file);
    for count in 1..=2 {
        workspace.write("In/a.txt", "by hand\n".repeat(count));
        wait_until("the change is noted", SOON, || {
            workspace.read("In/a.txt").ends_with("a.txt\n")
        });
        let once = holds_throughout(SETTLED, || workspace.runs(&workflow).len() == count);
        assert!(once, "{} runs", workspace.runs(&workflow).len());
        assert_eq!(
            workspace.read("In/a.txt"),
            "by hand\n".repeat(count) + "a.txt\n"
        );
    }
}

#[test]
fn files_that_are_there_count_when_the_workflow_says_so() {
    let workspace = Workspace::new();
    workspace.write("In/old.txt", "one");
    let _engine = workspace.start();
    workspace.enable(&NOTE.replace("matching:", "existing: true, matching:"));
    wait_until_noted(&workspace, &["old.txt"]);
    workspace.write("In/old.txt", "two");
    wait_until_noted(&workspace, &["old.txt", "old.txt"]);
}

#[test]
fn changes_while_the_engine_is_down_are_found_at_its_start() {
    let workspace = Workspace::new();
    for name in ["changed.txt", "same.txt", "gone.txt"] {
        workspace.write(&format!("In/{name}"), "one");
    }
    let workflow = workspace.enable(NOTE);
    workspace.start().stop();
    workspace.write("In/changed.txt", "two");
    workspace.write("In/new.txt", "new");
    fs::remove_file(workspace.path("In/gone.txt")).unwrap();
    let _engine = workspace.start();
    wait_until_noted(&workspace, &["changed.txt"]);
    workspace.errand(&["workflow", "disable", &workflow]).ok();
    workspace.errand(&["workflow", "enable", &workflow]).ok();
    wait_until_noted(&workspace, &["changed.txt"]);
}

#[test]
fn every_change_counts_once_although_the_engine_is_killed_again_and_again() {
    const FILES: usize = 200;
    let workspace = Workspace::new();
    let names: Vec<String> = (0..FILES).map(|n| format!("{n:03}.txt")).collect();
    for name in &names {
        workspace.write(&format!("In/{name}"), "one");
    }
    let workflow = workspace.enable(NOTE);
    let mut dice = Dice::new("kills while files change");
    thread::scope(|scope| {
        scope.spawn(|| {
            for name in &names {
                workspace.write(&format!("In/{name}"), "another");
                thread::sleep(Duration::from_millis(40));
            }
        });
        for _ in 0..15 {
            let engine = workspace.start();
            thread::sleep(Duration::from_millis(dice.between(1, 900)));
            engine.kill();
        }
    });
    let _engine = workspace.start();
    wait_until("every change is noted", LONG, || {
        noted(&workspace).len() >= FILES
    });
    wait_until_quiet(&workspace, &workflow, LONG);
    assert!(holds_throughout(SETTLED, || noted(&workspace) == names));
    let runs = workspace.runs(&workflow);
    assert_eq!(runs.len(), FILES);
    assert!(runs.iter().all(|run| run["outcome"] == "ok"), "{runs:#?}");
}
