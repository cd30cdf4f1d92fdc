//! The disk that holds Errand's data is full for a while: what was accepted isn't lost, it goes on
//! by itself when there is room again, and the log says so once.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use errand_testkit::{
    Engine, Workspace, folders,
    wait::{holds_throughout, holds_within},
    wait_until,
};

use crate::{burst::Burst, documents::MOVE};

const SOON: Duration = Duration::from_secs(40);
const LONG: Duration = Duration::from_secs(120);
const FILES: usize = 400;

/// A data folder that can be filled up: a small disk of its own where this computer lets us mount
/// one, or else an engine that is told that its disk is full.
struct SmallDisk {
    data: PathBuf,
    is_mounted: bool,
}

impl SmallDisk {
    fn below(workspace: &Workspace) -> Self {
        let data = workspace.data();
        let small = ["-t", "tmpfs", "-o", "size=6m", "tmpfs"];
        let mounted = Command::new("mount").args(small).arg(&data).output();
        let is_mounted = mounted.is_ok_and(|it| it.status.success());
        println!("a real small disk: {is_mounted}");
        Self { data, is_mounted }
    }

    fn start(&self, workspace: &Workspace) -> Engine {
        let mut command = workspace.command(&["serve"]);
        if !self.is_mounted {
            command.env("ERRAND_FAULT_FULL", self.filler());
        }
        workspace.start_command(command)
    }

    fn filler(&self) -> PathBuf {
        self.data.join("filler")
    }

    fn fill(&self) {
        let mut filler = File::create(self.filler()).unwrap();
        while self.is_mounted && filler.write_all(&[0; 4096]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if self.is_mounted {
            let _ = Command::new("umount").arg("-l").arg(&self.data).status();
        }
    }
}

fn said(engine: &Engine, words: &str) -> usize {
    engine.said().matches(words).count()
}

#[test]
fn a_full_disk_delays_what_was_accepted_and_loses_nothing() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let disk = SmallDisk::below(&workspace);
    let workflow = workspace.enable(MOVE);
    let engine = disk.start(&workspace);
    let burst = Burst::of(FILES);
    burst.arrive(&workspace);
    let moved = || folders::count(&workspace.path("Out"));
    wait_until("the first are moved", SOON, || moved() > 20);
    disk.fill();
    wait_until("the log says that the disk is full", SOON, || {
        said(&engine, "is full") > 0
    });
    let stuck = holds_within(SOON, || {
        let before = moved();
        holds_throughout(Duration::from_secs(2), || moved() == before)
    });
    assert!(stuck && moved() < FILES, "{} moved", moved());
    disk.free();
    let moved_all = holds_within(LONG, || moved() == FILES);
    assert!(moved_all, "{} moved: {}", moved(), engine.said());
    burst.wait_until_moved(&workspace, &workflow, LONG);
    burst.is_in(&workspace, "Out");
    burst.has_one_good_run_each(&workspace, &workflow);
    println!("{}", engine.said());
    assert_eq!(said(&engine, "is full"), 1, "{}", engine.said());
    assert_eq!(
        said(&engine, "room on the disk again"),
        1,
        "{}",
        engine.said()
    );
    assert_eq!(engine.said().lines().count(), 2, "{}", engine.said());
}

#[test]
fn a_target_folder_that_was_removed_is_made_again() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(MOVE);
    workspace.write("In/one.pdf", "one");
    let is_there = |name: &str| Path::new(&workspace.path("Out")).join(name).exists();
    wait_until("the first is moved", SOON, || is_there("one.pdf"));
    fs::rename(workspace.path("Out"), workspace.path("Elsewhere")).unwrap();
    workspace.write("In/two.pdf", "two");
    wait_until("the second is moved", SOON, || is_there("two.pdf"));
    fs::remove_dir_all(workspace.path("Out")).unwrap();
    fs::rename(workspace.path("Elsewhere"), workspace.path("Out")).unwrap();
    workspace.write("In/three.pdf", "three");
    wait_until("the third is moved", SOON, || is_there("three.pdf"));
    assert!(is_there("one.pdf"));
    let runs = workspace.runs(&workflow);
    assert!(runs.iter().all(|run| run["outcome"] == "ok"), "{runs:#?}");
}
