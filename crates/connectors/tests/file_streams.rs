//! Files read and written piece by piece through the Files port.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use std::os::unix::fs::{PermissionsExt as _, symlink};

use desk::Desk;
use errand_connectors::ports::IfTaken;
use errand_model::ErrorKind;

fn names(desk: &Desk, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(desk.at(folder)).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_written_in_pieces_has_no_name_before_it_is_whole() {
    let desk = Desk::with(&[]);
    let path = desk.at("Out/a.bin");
    let mut sink = desk.files().sink(&path).unwrap();
    sink.write(b"one, ").unwrap();
    assert!(!desk.has("Out/a.bin"));
    sink.write(b"two").unwrap();
    sink.put(&path, IfTaken::Refuse).unwrap();
    drop(sink);
    assert_eq!(desk.text("Out/a.bin"), "one, two");
    assert_eq!(names(&desk, "Out"), ["a.bin"]);
}

#[test]
fn a_file_that_is_never_finished_leaves_nothing() {
    let desk = Desk::with(&[("Out/b.bin", "other")]);
    let mut sink = desk.files().sink(&desk.at("Out/a.bin")).unwrap();
    sink.write(b"half").unwrap();
    drop(sink);
    assert_eq!(names(&desk, "Out"), ["b.bin"]);
}

#[test]
fn where_the_name_is_taken_another_one_may_be_tried() {
    let desk = Desk::with(&[("Out/a.bin", "old")]);
    let (path, other) = (desk.at("Out/a.bin"), desk.at("Out/a (2).bin"));
    let mut sink = desk.files().sink(&path).unwrap();
    sink.write(b"new").unwrap();
    let taken = sink.put(&path, IfTaken::Refuse).unwrap_err();
    assert_eq!(taken.kind, ErrorKind::Conflict);
    assert!(sink.put(&desk.at("In/a.bin"), IfTaken::Refuse).is_err());
    sink.put(&other, IfTaken::Refuse).unwrap();
    assert_eq!(
        (desk.text("Out/a.bin"), desk.text("Out/a (2).bin")),
        ("old".into(), "new".into())
    );
}

#[test]
fn a_file_that_is_replaced_keeps_its_rights() {
    let desk = Desk::with(&[("Out/a.bin", "old")]);
    let path = desk.at("Out/a.bin");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut sink = desk.files().sink(&path).unwrap();
    sink.write(b"new").unwrap();
    sink.put(&path, IfTaken::Replace).unwrap();
    assert_eq!(desk.text("Out/a.bin"), "new");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn neither_way_leads_out_of_the_grants() {
    let desk = Desk::with(&[("In/a.txt", "text")]);
    std::fs::create_dir_all(desk.outside()).unwrap();
    std::fs::write(desk.outside().join("secret"), "secret").unwrap();
    symlink(desk.outside(), desk.at("In/link")).unwrap();
    symlink(desk.outside().join("secret"), desk.at("In/secret")).unwrap();
    for path in [
        desk.outside().join("secret"),
        desk.at("In/link/secret"),
        desk.at("In/secret"),
        desk.at("In/../../outside/secret"),
    ] {
        assert!(desk.files().open(&path).is_err(), "{}", path.display());
    }
    for path in [
        desk.outside().join("new"),
        desk.at("In/link/new"),
        desk.at("In"),
    ] {
        assert!(desk.files().sink(&path).is_err(), "{}", path.display());
    }
    let mut opened = desk.files().open(&desk.at("In/a.txt")).unwrap();
    let mut text = String::new();
    opened.read.read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), opened.size), ("text", 4));
}
