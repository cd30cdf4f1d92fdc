//! The real disk: nothing ever lands outside a grant, and crashes leave nothing behind.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use std::{
    fs,
    os::unix::fs::symlink,
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use desk::Desk;
use errand_connectors::ports::{DiskFiles, Files, Grant, Grants, IfTaken};
use errand_model::ErrorKind;
use rustix::fs::{CWD, FlockOperation, RenameFlags, flock, renameat_with};

#[test]
fn nothing_lands_outside_while_a_folder_is_swapped_for_a_link() {
    let desk = Desk::with(&[("Out/box/keep.txt", "")]);
    fs::create_dir(desk.outside()).unwrap();
    symlink(desk.outside(), desk.at("Out/door")).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (real, door) = (desk.at("Out/box"), desk.at("Out/door"));
            while !stop.load(Ordering::Relaxed) {
                renameat_with(CWD, &real, CWD, &door, RenameFlags::EXCHANGE).unwrap();
            }
        });
        for number in 0..400 {
            let name = format!("{number}.txt");
            desk.put(&format!("In/{name}"), "x");
            let to = desk.at("Out/box").join(&name);
            let _ = desk
                .files()
                .rename(&desk.at("In").join(&name), &to, IfTaken::Refuse);
            let _ = desk
                .files()
                .write(&to.with_extension("md"), b"y", IfTaken::Replace);
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(fs::read_dir(desk.outside()).unwrap().count(), 0);
    let (real, door) = (desk.at("Out/box"), desk.at("Out/door"));
    let folder = if real.is_symlink() { door } else { real };
    assert!(
        fs::read_dir(folder).unwrap().count() > 1,
        "some moves hit the real folder"
    );
}

#[test]
fn links_are_reported_and_never_followed() {
    let desk = Desk::with(&[("In/a.txt", "x")]);
    fs::create_dir(desk.outside()).unwrap();
    fs::write(desk.outside().join("secret"), "s").unwrap();
    symlink(desk.outside().join("secret"), desk.at("In/link")).unwrap();
    symlink(desk.outside(), desk.at("In/door")).unwrap();
    assert!(
        desk.files()
            .look(&desk.at("In/link"))
            .unwrap()
            .unwrap()
            .is_link
    );
    assert_eq!(
        desk.files().read(&desk.at("In/link"), 10).unwrap_err().kind,
        ErrorKind::Rejected
    );
    let through = desk
        .files()
        .read(&desk.at("In/door/secret"), 10)
        .unwrap_err();
    assert_eq!(through.kind, ErrorKind::Rejected);
    assert!(
        desk.files()
            .write(&desk.at("In/door/new"), b"x", IfTaken::Refuse)
            .is_err()
    );
    desk.files()
        .write(&desk.at("In/link"), b"mine", IfTaken::Replace)
        .unwrap();
    assert_eq!(
        fs::read_to_string(desk.outside().join("secret")).unwrap(),
        "s"
    );
    assert_eq!(desk.text("In/link"), "mine");
}

#[test]
fn a_path_outside_every_grant_is_refused_by_name() {
    let desk = Desk::with(&[]);
    let error = desk.files().look(&desk.at("Private/a.txt")).unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadInput);
    assert!(error.message.contains("~/Private/a.txt") && error.hint.is_some());
    for path in ["In/../Private/a.txt", "In/a\0b"] {
        let error = desk
            .files()
            .write(&desk.at(path), b"x", IfTaken::Refuse)
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::BadInput, "{path:?}");
    }
    let long = desk.at("In").join("x".repeat(300));
    let error = desk
        .files()
        .write(&long, b"x", IfTaken::Refuse)
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadInput);
}

#[test]
fn a_part_left_by_a_crash_is_removed_and_one_in_use_is_not() {
    let desk = Desk::with(&[]);
    let part_of = |desk: &Desk| {
        // Found out by making a write fail after its part was filled.
        fs::create_dir_all(desk.at("In/note.txt/x")).unwrap();
        let _ = desk
            .files()
            .write(&desk.at("In/note.txt"), b"x", IfTaken::Replace);
        fs::remove_dir_all(desk.at("In/note.txt")).unwrap();
    };
    part_of(&desk);
    assert_eq!(
        fs::read_dir(desk.at("In")).unwrap().count(),
        0,
        "a failed write leaves nothing"
    );
    let name = part_name(b"note.txt");
    desk.put(&format!("In/{name}"), "half");
    desk.files()
        .write(&desk.at("In/note.txt"), b"whole", IfTaken::Refuse)
        .unwrap();
    assert_eq!(
        fs::read_dir(desk.at("In")).unwrap().count(),
        1,
        "the leftover is gone"
    );
    desk.put(&format!("In/{name}"), "being written");
    let other = fs::File::open(desk.at(&format!("In/{name}"))).unwrap();
    flock(&other, FlockOperation::LockExclusive).unwrap();
    desk.files()
        .write(&desk.at("In/note.txt"), b"again", IfTaken::Replace)
        .unwrap();
    assert_eq!(desk.text(&format!("In/{name}")), "being written");
    assert_eq!(desk.text("In/note.txt"), "again");
}

fn part_name(target: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("errand part of a file");
    hasher.update(target).update(&[0]);
    format!(
        ".{}.{}.part",
        String::from_utf8_lossy(target),
        &hasher.finalize().to_hex()[..12]
    )
}

#[test]
fn a_granted_folder_that_does_not_exist_yet_is_made_on_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("not/there/yet");
    let only = Some("a.txt".to_owned());
    let grants = Grants(vec![Grant {
        folder: deep.clone(),
        only,
    }]);
    let disk = DiskFiles::new(grants, folder.path().join("Trash"));
    assert_eq!(disk.look(&deep.join("a.txt")).unwrap(), None);
    assert!(!deep.exists(), "looking makes nothing");
    disk.write(&deep.join("a.txt"), b"x", IfTaken::Refuse)
        .unwrap();
    assert_eq!(fs::read(deep.join("a.txt")).unwrap(), b"x");
    let taken = disk
        .write(&deep.join("a.txt"), b"y", IfTaken::Refuse)
        .unwrap_err();
    assert_eq!(taken.kind, ErrorKind::Conflict);
}

#[test]
fn a_literal_path_granted_as_itself_and_as_a_name_may_become_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/log.txt");
    let only = Some("log.txt".to_owned());
    let name = Grant {
        folder: path.parent().unwrap().to_owned(),
        only,
    };
    let grants = Grants(vec![name, Grant::folder(&path)]);
    let disk = DiskFiles::new(grants, folder.path().join("Trash"));
    disk.create_folder(&folder.path().join("new")).unwrap();
    disk.append(&path, 0, b"x").unwrap();
    assert_eq!(disk.read(&path, 10).unwrap(), b"x");
    let whole = DiskFiles::new(
        Grants(vec![Grant::folder(&path)]),
        folder.path().join("Trash"),
    );
    let error = whole.write(&path, b"y", IfTaken::Replace).unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadInput);
}

#[test]
fn an_addition_is_refused_when_the_file_changed_meanwhile() {
    let desk = Desk::with(&[("In/a.txt", "12345")]);
    let error = desk
        .files()
        .append(&desk.at("In/a.txt"), 3, b"x")
        .unwrap_err();
    assert_eq!(
        (error.kind, error.may_have_happened),
        (ErrorKind::Conflict, false)
    );
    desk.files().append(&desk.at("In/a.txt"), 5, b"6").unwrap();
    desk.files().truncate(&desk.at("In/a.txt"), 2).unwrap();
    assert_eq!(desk.text("In/a.txt"), "12");
}

#[test]
fn ten_thousand_files_are_listed_quickly_and_in_order() {
    let desk = Desk::with(&[]);
    for number in 0..10_000 {
        fs::write(desk.at("In").join(format!("{number:05}.txt")), "").unwrap();
    }
    let began = Instant::now();
    let listed = desk.files().list(&desk.at("In")).unwrap();
    let took = began.elapsed();
    assert_eq!(listed.len(), 10_000);
    assert!(listed.is_sorted_by_key(|info| info.path.clone()));
    assert!(took.as_millis() < 1_000, "{took:?}");
}
