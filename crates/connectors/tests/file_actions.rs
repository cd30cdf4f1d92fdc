//! What the file actions do on a real disk, and what a look says after an interruption.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use desk::Desk;
use errand_connectors::Looked;
use errand_model::ErrorKind;
use serde_json::json;

#[tokio::test]
async fn a_move_into_a_folder_makes_it_and_keeps_both_where_the_name_is_taken() {
    let desk = Desk::with(&[("In/a.pdf", "first"), ("In/more/a.pdf", "second")]);
    let to = "~/Out/2026-11/";
    desk.act("files.move", json!({ "file": "~/In/a.pdf", "to": to }))
        .await
        .unwrap();
    let second = json!({ "file": desk.at("In/more/a.pdf"), "to": to });
    let output = desk.act("files.move", second).await.unwrap();
    assert_eq!(output["name"], "a (2).pdf");
    assert_eq!(desk.text("Out/2026-11/a.pdf"), "first");
    assert_eq!(desk.text("Out/2026-11/a (2).pdf"), "second");
    assert!(!desk.has("In/a.pdf") && !desk.has("In/more/a.pdf"));
}

#[tokio::test]
async fn two_plans_for_one_name_both_find_a_place() {
    let desk = Desk::with(&[("In/a.pdf", "first"), ("In/more/a.pdf", "second")]);
    let one = json!({ "file": "~/In/a.pdf", "to": "~/Out/" });
    let other = json!({ "file": "~/In/more/a.pdf", "to": "~/Out/" });
    let plan_one = desk.plan("files.move", one.clone()).await.unwrap();
    let plan_other = desk.plan("files.move", other.clone()).await.unwrap();
    desk.run("files.move", one, &plan_one).await.unwrap();
    desk.run("files.move", other.clone(), &plan_other)
        .await
        .unwrap();
    assert_eq!(desk.text("Out/a (2).pdf"), "second");
    let looked = desk.look("files.move", other, &plan_other).await;
    assert!(matches!(looked, Looked::Done(output) if output["name"] == "a (2).pdf"));
}

#[tokio::test]
async fn replace_puts_the_old_file_into_the_trash_and_skip_leaves_everything() {
    let desk = Desk::with(&[("In/a.txt", "new"), ("Out/a.txt", "old")]);
    let with = |choice| json!({ "file": "~/In/a.txt", "to": "~/Out/", "if_exists": choice });
    let skipped = desk.act("files.move", with("skip")).await.unwrap();
    assert_eq!(skipped["path"], json!(desk.at("In/a.txt")));
    let failed = desk.act("files.move", with("fail")).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Conflict);
    assert_eq!(desk.text("Out/a.txt"), "old");
    desk.act("files.move", with("replace")).await.unwrap();
    assert_eq!(desk.text("Out/a.txt"), "new");
    assert_eq!(desk.text("Trash/files/a.txt"), "old");
}

#[tokio::test]
async fn a_look_tells_a_move_that_was_done_from_one_that_was_not() {
    let desk = Desk::with(&[("In/a.pdf", "text"), ("In/b.pdf", "other")]);
    let with = json!({ "file": "~/In/a.pdf", "to": "~/Out/" });
    let plan = desk.plan("files.move", with.clone()).await.unwrap();
    assert_eq!(
        desk.look("files.move", with.clone(), &plan).await,
        Looked::NotDone
    );
    desk.run("files.move", with.clone(), &plan).await.unwrap();
    let done = Looked::Done(plan.expected.clone());
    assert_eq!(desk.look("files.move", with.clone(), &plan).await, done);
    // A new file under the old name doesn't hide that the old one was moved.
    desk.put("In/a.pdf", "somebody else's");
    assert_eq!(desk.look("files.move", with.clone(), &plan).await, done);
    std::fs::remove_file(desk.at("Out/a.pdf")).unwrap();
    assert_eq!(
        desk.look("files.move", with, &plan).await,
        Looked::CannotTell
    );
}

/// The system's memory disk is another drive than the temporary folder nearly everywhere; where
/// it is missing, the parts of such a move are still tested one by one.
#[tokio::test]
async fn a_move_across_drives_is_found_again_and_finished_after_a_crash() {
    let Ok(other_drive) = tempfile::tempdir_in("/dev/shm") else {
        return;
    };
    let desk = Desk::with(&[("In/a.pdf", "text"), ("In/b.pdf", "text b")]);
    std::os::unix::fs::symlink(other_drive.path(), desk.at("Out")).unwrap();
    let with = json!({ "file": "~/In/a.pdf", "to": "~/Out/" });
    let plan = desk.plan("files.move", with.clone()).await.unwrap();
    // The crash: the copy is finished, the source is still there.
    std::fs::copy(desk.at("In/a.pdf"), desk.at("Out/a.pdf")).unwrap();
    assert_eq!(
        desk.look("files.move", with.clone(), &plan).await,
        Looked::HalfDone
    );
    desk.run("files.move", with.clone(), &plan).await.unwrap();
    assert!(!desk.has("In/a.pdf") && !desk.has("Out/a (2).pdf"));
    assert_eq!(
        desk.look("files.move", with, &plan).await,
        Looked::Done(plan.expected)
    );
    desk.act(
        "files.move",
        json!({ "file": "~/In/b.pdf", "to": "~/Out/" }),
    )
    .await
    .unwrap();
    assert_eq!(desk.text("Out/b.pdf"), "text b");
    assert_eq!(std::fs::read_dir(other_drive.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn rename_takes_a_name_and_nothing_else() {
    let desk = Desk::with(&[("In/a.pdf", "text")]);
    let with = |name: &str| json!({ "file": "~/In/a.pdf", "name": name });
    for name in [
        "../x",
        "/etc/x",
        "a/b",
        "..",
        "a\0b",
        "a\nb",
        "a\u{202e}fdp.exe",
        "CON",
        "nul.pdf",
        ".pdf",
    ] {
        let error = desk.act("files.rename", with(name)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::BadInput, "{name:?}");
    }
    let error = desk
        .act("files.rename", with(&"x".repeat(300)))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadInput);
    assert!(desk.has("In/a.pdf"));
    let output = desk.act("files.rename", with("Invoice.pdf")).await.unwrap();
    assert_eq!(output["path"], json!(desk.at("In/Invoice.pdf")));
}

#[tokio::test]
async fn a_file_that_is_gone_is_said_to_be_gone() {
    let desk = Desk::with(&[]);
    for (action, rest) in [
        ("files.move", json!({ "to": "~/Out/" })),
        ("files.copy", json!({ "to": "~/Out/" })),
        ("files.rename", json!({ "name": "b" })),
        ("files.trash", json!({})),
    ] {
        let mut with = rest.as_object().unwrap().clone();
        with.insert("file".into(), "~/In/a.pdf".into());
        let error = desk.act(action, with.into()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound, "{action}");
        assert!(error.message.contains("a.pdf"), "{action}");
    }
}

#[tokio::test]
async fn what_a_step_can_not_use_is_named_as_what_it_is() {
    use std::os::unix::ffi::OsStrExt as _;
    let desk = Desk::with(&[("In/a.pdf", "text")]);
    std::os::unix::fs::symlink(desk.at("In/a.pdf"), desk.at("In/link.pdf")).unwrap();
    let latin = std::ffi::OsStr::from_bytes(b"caf\xe9.pdf");
    std::fs::write(desk.at("In").join(latin), "latin").unwrap();
    let copy = |file: &str| json!({ "file": file, "to": "~/Out/" });

    let link = desk.act("files.copy", copy("~/In/link.pdf")).await;
    let link = link.unwrap_err();
    assert!(link.message.contains("“link.pdf” is a link"), "{link}");

    let odd = desk.act("files.copy", copy("~/In/caf\u{fffd}.pdf")).await;
    let odd = odd.unwrap_err();
    assert_eq!(odd.kind, ErrorKind::BadInput);
    assert!(odd.message.contains("aren't text"), "{odd}");
}

#[tokio::test]
async fn copy_and_write_done_again_after_a_crash_leave_one_file() {
    let desk = Desk::with(&[("In/a.pdf", "text"), ("Out/a.pdf", "other")]);
    let copy = json!({ "file": "~/In/a.pdf", "to": "~/Out/" });
    let write = json!({ "file": "~/Out/note.txt", "text": "hello" });
    for (action, with) in [("files.copy", copy), ("files.write_text", write)] {
        let plan = desk.plan(action, with.clone()).await.unwrap();
        let first = desk.run(action, with.clone(), &plan).await.unwrap();
        assert_eq!(desk.run(action, with, &plan).await.unwrap(), first);
    }
    let names: Vec<_> = desk.files().list(&desk.at("Out")).unwrap();
    assert_eq!(names.len(), 3, "a.pdf, a (2).pdf and note.txt");
    assert_eq!(desk.text("Out/a (2).pdf"), "text");
}

#[tokio::test]
async fn folders_are_copied_and_moved_whole() {
    let desk = Desk::with(&[
        ("In/project/plan.txt", "plan"),
        ("In/project/deep/x.txt", "x"),
    ]);
    let with = |to| json!({ "file": "~/In/project", "to": to });
    desk.act("files.copy", with("~/Out/")).await.unwrap();
    assert_eq!(desk.text("Out/project/deep/x.txt"), "x");
    let output = desk.act("files.move", with("~/Out/")).await.unwrap();
    assert_eq!(output["name"], "project (2)");
    let inside = desk.act(
        "files.move",
        json!({ "file": "~/Out/project", "to": "~/Out/project/" }),
    );
    assert_eq!(inside.await.unwrap_err().kind, ErrorKind::BadInput);
}

#[tokio::test]
async fn trash_follows_the_desktops_rules_and_can_be_looked_up() {
    let desk = Desk::with(&[
        ("In/old file.zip", "zip"),
        ("Trash/files/old file.zip", "older"),
    ]);
    let with = json!({ "file": "~/In/old file.zip" });
    let plan = desk.plan("files.trash", with.clone()).await.unwrap();
    assert_eq!(
        desk.look("files.trash", with.clone(), &plan).await,
        Looked::NotDone
    );
    desk.run("files.trash", with.clone(), &plan).await.unwrap();
    assert_eq!(desk.text("Trash/files/old file (2).zip"), "zip");
    let note = desk.text("Trash/info/old file (2).zip.trashinfo");
    let path = desk.at("In/old%20file.zip");
    assert!(note.starts_with("[Trash Info]\n") && note.contains("DeletionDate=20"));
    assert!(note.contains(&format!("Path={}", path.display())), "{note}");
    let looked = desk.look("files.trash", with, &plan).await;
    assert_eq!(looked, Looked::Done(plan.expected));
}

#[tokio::test]
async fn trash_goes_on_where_a_crash_left_only_the_note() {
    let desk = Desk::with(&[("In/a.zip", "zip")]);
    let with = json!({ "file": "~/In/a.zip" });
    let plan = desk.plan("files.trash", with.clone()).await.unwrap();
    let note = format!("[Trash Info]\nPath={}\n", desk.at("In/a.zip").display());
    desk.put("Trash/info/a.zip.trashinfo", &note);
    desk.run("files.trash", with, &plan).await.unwrap();
    assert_eq!(desk.text("Trash/files/a.zip"), "zip");
}

#[tokio::test]
async fn added_text_goes_onto_lines_of_its_own() {
    let desk = Desk::with(&[("In/log.txt", "written by hand")]);
    for text in ["one", "two\n", "three"] {
        let with = json!({ "file": "~/In/log.txt", "text": text });
        desk.act("files.append_text", with).await.unwrap();
    }
    assert_eq!(
        desk.text("In/log.txt"),
        "written by hand\none\ntwo\nthree\n"
    );
}

#[tokio::test]
async fn a_look_tells_whether_text_was_added_also_when_others_added_since() {
    let desk = Desk::with(&[("In/log.txt", "begin\n")]);
    let with = json!({ "file": "~/In/log.txt", "text": "a line" });
    let plan = desk.plan("files.append_text", with.clone()).await.unwrap();
    let look = || desk.look("files.append_text", with.clone(), &plan);
    assert_eq!(look().await, Looked::NotDone);
    desk.run("files.append_text", with.clone(), &plan)
        .await
        .unwrap();
    assert_eq!(look().await, Looked::Done(plan.expected.clone()));
    desk.put("In/log.txt", "begin\na line\nanother\n");
    assert_eq!(look().await, Looked::Done(plan.expected.clone()));
    for other in ["begin\nsomebody else's line\n", "beg", "begin\na lie"] {
        desk.put("In/log.txt", other);
        assert_eq!(look().await, Looked::CannotTell);
        assert_eq!(desk.text("In/log.txt"), other);
    }
}

#[tokio::test]
async fn a_look_completes_text_that_a_crash_has_torn() {
    let desk = Desk::with(&[("In/log.txt", "begin\n")]);
    let with = json!({ "file": "~/In/log.txt", "text": "a longer line" });
    let plan = desk.plan("files.append_text", with.clone()).await.unwrap();
    desk.put("In/log.txt", "begin\na long");
    let found = desk.look("files.append_text", with, &plan).await;
    assert_eq!(found, Looked::Done(plan.expected));
    assert_eq!(desk.text("In/log.txt"), "begin\na longer line\n");
}

#[tokio::test]
async fn a_plan_to_add_text_that_came_too_late_adds_nothing() {
    let desk = Desk::with(&[("In/log.txt", "begin\n")]);
    let with = json!({ "file": "~/In/log.txt", "text": "late" });
    let plan = desk.plan("files.append_text", with.clone()).await.unwrap();
    desk.put("In/log.txt", "begin\nfaster\n");
    let error = desk.run("files.append_text", with, &plan).await;
    assert_eq!(error.unwrap_err().kind, ErrorKind::Conflict);
    assert_eq!(desk.text("In/log.txt"), "begin\nfaster\n");
}

#[tokio::test]
async fn read_text_gives_text_and_refuses_what_is_none() {
    let desk = Desk::with(&[("In/a.txt", "hello"), ("In/b.bin", "\0\0")]);
    let with = json!({ "file": "~/In/a.txt" });
    let text = desk
        .run("files.read_text", with, &errand_connectors::Plan::default())
        .await;
    assert_eq!(text.unwrap(), json!({ "text": "hello" }));
    let with = json!({ "file": "~/In/b.bin" });
    let refused = desk
        .run("files.read_text", with, &errand_connectors::Plan::default())
        .await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::BadInput);
}

#[tokio::test]
async fn a_notification_without_a_desktop_is_no_failure() {
    let desk = Desk::with(&[]);
    let plan = desk
        .plan("notify.show", json!({ "title": "Hi" }))
        .await
        .unwrap();
    let output = desk
        .run("notify.show", json!({ "title": "Hi" }), &plan)
        .await
        .unwrap();
    assert_eq!(output, json!({ "shown": false }));
}
