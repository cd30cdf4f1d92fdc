//! A preview changes nothing and shows later steps what earlier ones would have done.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use desk::Desk;
use errand_model::ErrorKind;
use serde_json::{Value, json};

#[tokio::test]
async fn no_action_changes_anything_in_a_preview() {
    let desk = Desk::with(&[
        ("In/a.txt", "text"),
        ("In/b.txt", "b"),
        ("In/t.csv", "n\n1\n"),
    ]);
    let actions = [
        (
            "files.write_text",
            json!({ "file": "~/Out/new/w.txt", "text": "w" }),
        ),
        (
            "files.write_text",
            json!({ "file": "~/In/b.txt", "text": "w", "if_exists": "replace" }),
        ),
        (
            "files.append_text",
            json!({ "file": "~/In/b.txt", "text": "w" }),
        ),
        (
            "files.append_text",
            json!({ "file": "~/Out/log.txt", "text": "w" }),
        ),
        (
            "files.create_folder",
            json!({ "folder": "~/Out/new/folder/" }),
        ),
        (
            "files.copy",
            json!({ "file": "~/In/a.txt", "to": "~/Out/" }),
        ),
        (
            "files.rename",
            json!({ "file": "~/In/a.txt", "name": "c.txt" }),
        ),
        (
            "files.move",
            json!({ "file": "~/In/c.txt", "to": "~/Out/" }),
        ),
        ("files.trash", json!({ "file": "~/In/b.txt" })),
        (
            "csv.append_row",
            json!({ "file": "~/In/t.csv", "row": { "n": 2 } }),
        ),
        (
            "csv.append_row",
            json!({ "file": "~/Out/t.csv", "row": { "n": 2 } }),
        ),
        (
            "csv.write",
            json!({ "file": "~/Out/new.csv", "rows": [{ "n": 2 }] }),
        ),
        ("notify.show", json!({ "title": "Done" })),
    ];
    let before = desk.snapshot();
    let (ports, cards) = desk.preview();
    for (action, with) in actions {
        let plan = desk.plan_by(&ports, action, with.clone()).await.unwrap();
        let refused = desk.run_by(&ports, action, with, &plan).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Cancelled, "{action}");
        let card = cards.take();
        assert_eq!(card.len(), 1, "{action}");
        let text = format!("{:?}", card[0]);
        assert!(!text.contains(desk.home.to_str().unwrap()), "{text}");
    }
    assert_eq!(desk.snapshot(), before);
}

#[tokio::test]
async fn later_steps_of_a_preview_see_what_earlier_ones_would_have_done() {
    let desk = Desk::with(&[("In/a.txt", "text")]);
    let (ports, cards) = desk.preview();
    let step = async |action: &str, with: Value| {
        let plan = desk.plan_by(&ports, action, with.clone()).await.unwrap();
        let _ = desk.run_by(&ports, action, with, &plan).await;
        plan.expected
    };
    let moved = step(
        "files.move",
        json!({ "file": "~/In/a.txt", "to": "~/Out/deep/" }),
    )
    .await;
    step(
        "files.append_text",
        json!({ "file": moved["path"], "text": "more" }),
    )
    .await;
    let copied = step(
        "files.copy",
        json!({ "file": moved["path"], "to": "~/Out/deep/" }),
    )
    .await;
    assert_eq!(copied["name"], "a (2).txt");
    let files = ports.files.as_ref();
    assert_eq!(
        files.read(&desk.at("Out/deep/a (2).txt"), 100).unwrap(),
        b"text\nmore\n"
    );
    assert!(files.look(&desk.at("Out/deep")).unwrap().unwrap().is_folder);
    assert_eq!(files.look(&desk.at("In/a.txt")).unwrap(), None);
    assert_eq!(files.list(&desk.at("Out/deep")).unwrap().len(), 2);
    let gone = desk
        .plan_by(&ports, "files.trash", json!({ "file": "~/In/a.txt" }))
        .await;
    assert_eq!(gone.unwrap_err().kind, ErrorKind::NotFound);
    let summaries: Vec<_> = cards.take().into_iter().map(|card| card.summary).collect();
    assert_eq!(summaries[0], "Would move a.txt to ~/Out/deep");
    assert_eq!(summaries[1], "Would add to ~/Out/deep/a.txt");
    assert_eq!(summaries[2], "Would copy a.txt to ~/Out/deep as a (2).txt");
}
