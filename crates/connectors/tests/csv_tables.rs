//! Whole tables read from and written to CSV files.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use desk::Desk;
use errand_model::{ErrorKind, Value};
use serde_json::json;

async fn read(desk: &Desk, with: Value) -> Value {
    let plan = desk.plan("csv.read", with.clone()).await.unwrap();
    desk.run("csv.read", with, &plan).await.unwrap()
}

fn put_bytes(desk: &Desk, bytes: &[u8]) {
    std::fs::write(desk.at("In/t.csv"), bytes).unwrap();
}

#[tokio::test]
async fn rows_become_records_whatever_separates_and_quotes_them() {
    let desk = Desk::with(&[]);
    for (sign, text) in [
        (
            ',',
            "Name,Note,n\nAda,\"a, b\",1\n\"Bo \"\"X\"\"\",\"two\nlines\",2\n",
        ),
        (
            ';',
            "Name;Note;n\r\nAda;a, b;1\r\n\"Bo \"\"X\"\"\";\"two\nlines\";2\r\n",
        ),
        (
            '\t',
            "Name\tNote\tn\nAda\ta, b\t1\n\"Bo \"\"X\"\"\"\t\"two\nlines\"\t2",
        ),
    ] {
        desk.put("In/t.csv", text);
        let output = read(&desk, json!({ "file": "~/In/t.csv" })).await;
        let expected = json!({
            "rows": [
                { "Name": "Ada", "Note": "a, b", "n": "1" },
                { "Name": "Bo \"X\"", "Note": "two\nlines", "n": "2" },
            ],
            "columns": ["Name", "Note", "n"],
            "count": 2,
        });
        assert_eq!(output, expected, "separated by {sign:?}");
    }
}

#[tokio::test]
async fn a_table_is_read_in_whatever_letters_it_was_written() {
    let desk = Desk::with(&[]);
    let text = "Größe,€\nklein,1\n";
    let utf_16 = |unit: fn(u16) -> [u8; 2], mark: &[u8]| -> Vec<u8> {
        mark.iter()
            .copied()
            .chain(text.encode_utf16().flat_map(unit))
            .collect()
    };
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        utf_16(u16::to_le_bytes, b"\xff\xfe"),
        utf_16(u16::to_be_bytes, b"\xfe\xff"),
        b"Gr\xf6\xdfe,\x80\nklein,1\n".to_vec(),
    ] {
        put_bytes(&desk, &bytes);
        let output = read(&desk, json!({ "file": "~/In/t.csv" })).await;
        assert_eq!(output["rows"], json!([{ "Größe": "klein", "€": "1" }]));
    }
}

#[tokio::test]
async fn missing_and_doubled_names_get_numbers_and_ragged_rows_lose_nothing() {
    let desk = Desk::with(&[("In/t.csv", "a,a,,\n1,2\n1,2,3,4,5\n")]);
    let output = read(&desk, json!({ "file": "~/In/t.csv" })).await;
    let columns = json!(["a", "a_2", "column_3", "column_4", "column_5"]);
    assert_eq!(output["columns"], columns);
    assert_eq!(output["rows"][0]["column_5"], "");
    assert_eq!(output["rows"][1]["column_5"], "5");
    let output = read(&desk, json!({ "file": "~/In/t.csv", "has_header": false })).await;
    assert_eq!(
        (&output["count"], &output["rows"][0]["column_1"]),
        (&json!(3), &json!("a"))
    );
    desk.put("In/t.csv", "");
    let output = read(&desk, json!({ "file": "~/In/t.csv" })).await;
    assert_eq!(output, json!({ "rows": [], "columns": [], "count": 0 }));
}

#[tokio::test]
async fn what_is_no_table_or_too_large_is_refused_by_name() {
    let desk = Desk::with(&[]);
    let refused = async |bytes: &[u8]| {
        put_bytes(&desk, bytes);
        let with = json!({ "file": "~/In/t.csv" });
        let plan = desk.plan("csv.read", with.clone()).await.unwrap();
        let error = desk.run("csv.read", with, &plan).await.unwrap_err();
        assert!(
            error.message.contains("t.csv") && error.hint.is_some(),
            "{error:?}"
        );
        error.kind
    };
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n\0\0").await, ErrorKind::BadInput);
    assert_eq!(
        refused("x\n".repeat(100_002).as_bytes()).await,
        ErrorKind::TooLarge
    );
    assert_eq!(
        refused(",".repeat(1_001).as_bytes()).await,
        ErrorKind::TooLarge
    );
    assert_eq!(refused(&vec![b'x'; 10_000_001]).await, ErrorKind::TooLarge);
}

#[tokio::test]
async fn a_list_is_written_with_its_columns_and_read_back_the_same() {
    let desk = Desk::with(&[]);
    let rows = json!([
        { "name": "Ada", "note": "a, \"b\"\nc", "n": 1.5, "ok": true },
        { "name": "Bo", "more": "x", "n": -3, "note": null },
    ]);
    let with = json!({ "file": "~/Out/t.csv", "rows": rows });
    let output = desk.act("csv.write", with).await.unwrap();
    assert_eq!(output["count"], 2);
    let expected = "name,note,n,ok,more\nAda,\"a, \"\"b\"\"\nc\",1.5,true,\nBo,,-3,,x\n";
    assert_eq!(desk.text("Out/t.csv"), expected);
    let back = read(&desk, json!({ "file": "~/Out/t.csv" })).await;
    assert_eq!(back["columns"], json!(["name", "note", "n", "ok", "more"]));
    assert_eq!(back["rows"][0]["note"], "a, \"b\"\nc");
}

#[tokio::test]
async fn done_again_by_the_same_plan_a_table_is_written_once() {
    let desk = Desk::with(&[]);
    let with = json!({ "file": "~/Out/t.csv", "rows": [{ "a": "1" }] });
    let plan = desk.plan("csv.write", with.clone()).await.unwrap();
    for _ in 0..2 {
        let output = desk.run("csv.write", with.clone(), &plan).await.unwrap();
        assert_eq!(output, plan.expected);
    }
    assert!(!desk.has("Out/t (2).csv"));
    // Another event keeps both.
    let output = desk.act("csv.write", with.clone()).await.unwrap();
    assert_eq!(output["path"], json!(desk.at("Out/t (2).csv")));
    let mut replace = with;
    replace["if_exists"] = json!("replace");
    replace["rows"] = json!([]);
    desk.act("csv.write", replace).await.unwrap();
    assert_eq!(desk.text("Out/t.csv"), "");
}

#[tokio::test]
async fn cells_and_names_from_outside_never_become_formulas() {
    let desk = Desk::with(&[]);
    let rows = json!([{ "=evil": "=1+1", "b": "@SUM(A1)", "c": "-5", "d": -5, "e": "＝x" }]);
    desk.act("csv.write", json!({ "file": "~/Out/t.csv", "rows": rows }))
        .await
        .unwrap();
    assert_eq!(
        desk.text("Out/t.csv"),
        "'=evil,b,c,d,e\n'=1+1,'@SUM(A1),-5,-5,'＝x\n"
    );
}

#[tokio::test]
async fn rows_that_are_no_records_are_refused_before_anything_is_written() {
    let desk = Desk::with(&[]);
    for rows in [
        json!(["a"]),
        json!("text"),
        json!([{ "a": [1] }]),
        json!([[1, 2]]),
    ] {
        let with = json!({ "file": "~/Out/t.csv", "rows": rows });
        let error = desk.plan("csv.write", with).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("rows"), "{error:?}");
    }
    assert!(!desk.has("Out"));
}
