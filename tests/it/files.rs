//! A folder is watched, and every file that appears is moved: once, none lost, none twice. The
//! folders themselves decide, not the engine's tables.

use std::{fs::File, io::Write, thread, time::Duration};

use errand_testkit::{
    Dice, Workspace, folders,
    wait::{holds_throughout, holds_within},
    wait_until,
};

use crate::{
    burst::Burst,
    documents::{COPY_AND_MOVE, MOVE},
};

const SOON: Duration = Duration::from_secs(30);
const LONG: Duration = Duration::from_secs(150);
/// Longer than a file must be quiet before it counts.
const SETTLED: Duration = Duration::from_secs(4);

#[test]
fn a_thousand_files_at_once_are_each_moved_once() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(MOVE);
    let burst = Burst::of(1000);
    burst.arrive(&workspace);
    burst.wait_until_moved(&workspace, &workflow, LONG);
    burst.is_in(&workspace, "Out");
    burst.has_one_good_run_each(&workspace, &workflow);
    assert_eq!(
        folders::count(&workspace.path("In")),
        0,
        "nothing is left behind"
    );
}

#[test]
fn a_thousand_files_survive_twenty_kills_and_none_is_moved_twice() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let workflow = workspace.enable(COPY_AND_MOVE);
    let burst = Burst::of(1000);
    let mut dice = Dice::new("twenty kills");
    thread::scope(|scope| {
        scope.spawn(|| trickle(&burst, &workspace));
        for _ in 0..20 {
            let engine = workspace.start();
            thread::sleep(Duration::from_millis(dice.between(1, 900)));
            engine.kill();
        }
    });
    let _engine = workspace.start();
    burst.wait_until_moved(&workspace, &workflow, LONG);
    burst.is_in(&workspace, "Out");
    burst.is_in(&workspace, "Copies");
    burst.has_one_good_run_each(&workspace, &workflow);
    assert_eq!(
        folders::count(&workspace.path("In")),
        0,
        "nothing is left behind"
    );
    workspace.errand(&["doctor"]).ok();
}

/// Lets the files arrive over several seconds, so that the kills fall into every stage.
fn trickle(burst: &Burst, workspace: &Workspace) {
    for number in 0..1000 {
        burst.one_arrives(workspace, number);
        if number % 50 == 0 {
            thread::sleep(Duration::from_millis(300));
        }
    }
}

#[test]
fn files_that_arrive_while_the_engine_is_down_are_found_at_its_start() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let workflow = workspace.enable(MOVE);
    workspace.start().stop();
    let burst = Burst::of(50);
    burst.arrive(&workspace);
    let _engine = workspace.start();
    burst.wait_until_moved(&workspace, &workflow, SOON);
    burst.is_in(&workspace, "Out");
    burst.has_one_good_run_each(&workspace, &workflow);
}

#[test]
fn files_that_were_there_at_the_first_switch_on_do_not_count() {
    let workspace = Workspace::new();
    workspace.write("In/old.pdf", "old");
    let _engine = workspace.start();
    let workflow = workspace.enable(MOVE);
    workspace.write("In/new.pdf", "new");
    wait_until("the new file is moved", SOON, || {
        workspace.read("Out/new.pdf") == "new"
    });
    let stays = holds_throughout(SETTLED, || workspace.read("In/old.pdf") == "old");
    assert!(stays, "the old file stays where it is");
    assert_eq!(workspace.runs(&workflow).len(), 1);
}

#[test]
fn files_that_were_there_count_when_the_workflow_says_so() {
    let workspace = Workspace::new();
    workspace.write("In/old.pdf", "old");
    let _engine = workspace.start();
    workspace.enable(&MOVE.replace("matching:", "existing: true, matching:"));
    wait_until("the old file is moved", SOON, || {
        workspace.read("Out/old.pdf") == "old"
    });
}

#[test]
fn switching_off_and_on_does_not_forget_which_files_were_seen() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(&MOVE.replace("files.move", "files.copy"));
    workspace.write("In/a.pdf", "a");
    wait_until("the file is copied", SOON, || {
        workspace.read("Out/a.pdf") == "a"
    });
    workspace.errand(&["workflow", "disable", &workflow]).ok();
    workspace.errand(&["workflow", "enable", &workflow]).ok();
    let once = holds_throughout(SETTLED, || workspace.runs(&workflow).len() == 1);
    assert!(once, "a file that was seen once is not new again");
}

#[test]
fn a_half_written_file_is_not_taken_before_it_is_finished() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    workspace.enable(MOVE);
    let mut file = File::create(workspace.path("In/slow.pdf")).unwrap();
    for _ in 0..8 {
        file.write_all(&[b'x'; 1000]).unwrap();
        let waits = holds_throughout(Duration::from_millis(500), || {
            workspace.path("In/slow.pdf").exists() && !workspace.path("Out/slow.pdf").exists()
        });
        assert!(waits, "the file was taken while it was being written");
    }
    drop(file);
    let out = || workspace.read("Out/slow.pdf").len() == 8000;
    wait_until("the finished file is moved whole", SOON, out);
}

#[test]
fn a_workflow_is_not_started_by_its_own_output() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let within = MOVE
        .replace("~/Out/", "~/In/Done/")
        .replace("matching:", "subfolders: true, matching:");
    let workflow = workspace.enable(&within);
    workspace.write("In/a.pdf", "a");
    wait_until("the file is moved", SOON, || {
        workspace.read("In/Done/a.pdf") == "a"
    });
    let once = holds_throughout(SETTLED, || {
        workspace.runs(&workflow).len() == 1 && folders::count(&workspace.path("In")) == 1
    });
    assert!(once, "the moved file must not count as new");
}

#[test]
fn a_copy_beside_the_original_does_not_start_the_workflow_again() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let beside = MOVE
        .replace("files.move", "files.copy")
        .replace("~/Out/", "~/In/");
    let workflow = workspace.enable(&beside);
    workspace.write("In/a.pdf", "a");
    let in_folder = || folders::count(&workspace.path("In"));
    wait_until("the copy is made", SOON, || in_folder() == 2);
    let once = holds_throughout(SETTLED, || {
        in_folder() == 2 && workspace.runs(&workflow).len() == 1
    });
    assert!(once, "the copy must not count as new");
}

#[test]
fn a_renamed_subfolder_does_not_make_its_files_new_but_a_new_file_at_an_old_path_is() {
    let workspace = Workspace::new();
    workspace.folder("In/Old");
    let _engine = workspace.start();
    let copy = MOVE
        .replace("files.move", "files.copy")
        .replace("matching:", "subfolders: true, matching:");
    let workflow = workspace.enable(&copy);
    workspace.write("In/Old/a.pdf", "a");
    workspace.write("In/Old/b.pdf", "b");
    let runs = || workspace.runs(&workflow).len();
    wait_until("both files are seen", SOON, || runs() == 2);
    std::fs::rename(workspace.path("In/Old"), workspace.path("In/New")).unwrap();
    let known = holds_throughout(SETTLED, || runs() == 2);
    assert!(known, "files of a renamed folder are not new");
    workspace.folder("In/Old");
    workspace.write("In/Old/a.pdf", "another");
    wait_until("the new file is seen", SOON, || runs() == 3);
}

#[test]
fn a_file_renamed_while_it_was_being_written_counts_under_its_new_name() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(MOVE);
    let mut file = File::create(workspace.path("In/first.pdf")).unwrap();
    file.write_all(b"whole").unwrap();
    let waits = holds_throughout(Duration::from_millis(500), || {
        workspace.path("In/first.pdf").exists()
    });
    assert!(waits, "the file was taken while it was being written");
    std::fs::rename(
        workspace.path("In/first.pdf"),
        workspace.path("In/last.pdf"),
    )
    .unwrap();
    drop(file);
    wait_until("the file is moved under its new name", SOON, || {
        workspace.read("Out/last.pdf") == "whole"
    });
    assert_eq!(workspace.runs(&workflow).len(), 1);
}

#[test]
fn a_download_counts_once_it_has_its_final_name() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(&MOVE.replace("*.pdf", "*"));
    let part = workspace.write("In/big.pdf.part", "half");
    let left_alone = holds_throughout(SETTLED, || part.exists());
    assert!(left_alone, "a download under way must not be touched");
    std::fs::rename(&part, workspace.path("In/big.pdf")).unwrap();
    wait_until("the download is moved", SOON, || {
        workspace.read("Out/big.pdf") == "half"
    });
    assert_eq!(workspace.runs(&workflow).len(), 1);
}

#[test]
fn unusual_names_are_moved_as_they_are() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    workspace.enable(&MOVE.replace("*.pdf", "*"));
    let long = "ä".repeat(127);
    let names = [
        "-rf",
        "a b  c",
        "{{ trigger.path }}",
        "it's “quoted”",
        "a\nb",
        "%s$HOME;ls",
        "日本.pdf",
        &long,
    ];
    for name in names {
        workspace.write(&format!("In/{name}"), name);
    }
    for name in names {
        let moved = holds_within(SOON, || workspace.read(&format!("Out/{name}")) == name);
        assert!(
            moved,
            "{name:?} wasn't moved; there is {:?}",
            folders::contents(&workspace.home())
        );
    }
}
