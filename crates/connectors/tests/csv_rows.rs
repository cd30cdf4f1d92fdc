//! Rows added to CSV tables.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use desk::Desk;
use errand_connectors::Looked;
use errand_model::ErrorKind;
use serde_json::json;

#[tokio::test]
async fn a_new_table_gets_a_header_and_an_old_one_keeps_its_columns_and_manners() {
    let desk = Desk::with(&[(
        "In/old.csv",
        "\u{feff}Date;Amount;Note\r\n2026-01-01;5;\"a;\nb\"",
    )]);
    let new = |file: &str| json!({ "file": "~/In/new.csv", "row": { "File": file, "n": 7 } });
    assert_eq!(
        desk.act("csv.append_row", new("a.pdf")).await.unwrap()["row_number"],
        1
    );
    assert_eq!(
        desk.act("csv.append_row", new("b, c.pdf")).await.unwrap()["row_number"],
        2
    );
    assert_eq!(desk.text("In/new.csv"), "File,n\na.pdf,7\n\"b, c.pdf\",7\n");
    let row = json!({ "file": "~/In/old.csv", "row": { "note": "x;y", "date": "2026-02-02" } });
    assert_eq!(
        desk.act("csv.append_row", row).await.unwrap()["row_number"],
        2
    );
    let expected = "\u{feff}Date;Amount;Note\r\n2026-01-01;5;\"a;\nb\"\r\n2026-02-02;;\"x;y\"\r\n";
    assert_eq!(desk.text("In/old.csv"), expected);
}

#[tokio::test]
async fn an_unknown_column_is_named_and_nothing_is_added() {
    let desk = Desk::with(&[("In/a.csv", "date,amount\n")]);
    let row = json!({ "file": "~/In/a.csv", "row": { "date": "x", "amuont": 5 } });
    let error = desk.act("csv.append_row", row).await.unwrap_err();
    assert!(error.message.contains("amuont") && error.message.contains("a.csv"));
    assert_eq!(error.hint.as_deref(), Some("Did you mean “amount”?"));
    assert_eq!(desk.text("In/a.csv"), "date,amount\n");
}

#[tokio::test]
async fn values_from_outside_never_become_formulas() {
    let desk = Desk::with(&[]);
    let row =
        json!({ "a": "=HYPERLINK(\"http://x\")", "b": "-5", "c": "@x", "d": -3, "=e": "\tx" });
    desk.act(
        "csv.append_row",
        json!({ "file": "~/In/a.csv", "row": row }),
    )
    .await
    .unwrap();
    let expected = "a,b,c,d,'=e\n\"'=HYPERLINK(\"\"http://x\"\")\",-5,'@x,-3,'\tx\n";
    assert_eq!(desk.text("In/a.csv"), expected);
}

#[tokio::test]
async fn a_row_planned_while_another_was_added_must_be_planned_anew() {
    let desk = Desk::with(&[]);
    let row = |n: u32| json!({ "file": "~/Out/t.csv", "row": { "n": n } });
    let one = desk.plan("csv.append_row", row(1)).await.unwrap();
    let two = desk.plan("csv.append_row", row(2)).await.unwrap();
    desk.run("csv.append_row", row(1), &one).await.unwrap();
    let late = desk.run("csv.append_row", row(2), &two).await.unwrap_err();
    assert_eq!(late.kind, ErrorKind::Conflict);
    desk.act("csv.append_row", row(2)).await.unwrap();
    assert_eq!(desk.text("Out/t.csv"), "n\n1\n2\n");
    assert_eq!(
        desk.look("csv.append_row", row(1), &one).await,
        Looked::Done(one.expected.clone()),
        "a row after ours doesn't matter"
    );
}

#[tokio::test]
async fn a_torn_row_is_completed() {
    let desk = Desk::with(&[("In/t.csv", "n,text\n1,x\n")]);
    let row = json!({ "file": "~/In/t.csv", "row": { "n": 2, "text": "hello" } });
    let plan = desk.plan("csv.append_row", row.clone()).await.unwrap();
    desk.put("In/t.csv", "n,text\n1,x\n2,he");
    assert_eq!(
        desk.look("csv.append_row", row, &plan).await,
        Looked::Done(plan.expected.clone())
    );
    assert_eq!(desk.text("In/t.csv"), "n,text\n1,x\n2,hello\n");
}
