//! The command line as scripts see it: exit codes, JSON shapes and sentences, without and with an
//! engine that holds the folder.

use std::time::Duration;

use errand_testkit::{Workspace, wait_until};
use serde_json::Value;

const NOTE: &str = r#"
format: 1
name: Note
trigger: { on: manual.start, with: { inputs: [ { name: word, kind: text, required: true } ] } }
steps:
  - { id: fits, only_if: "{{ trigger.word != 'nothing' }}" }
  - { id: note, do: files.append_text, with: { file: ~/notes.txt, text: "{{ trigger.word }}\n" } }
"#;

const STOPS: &str = r#"
format: 1
name: Stops
trigger: { on: manual.start }
steps:
  - { id: no, stop: { reason: Not today, as: failed } }
"#;

const READS: &str = r#"
format: 1
name: Reads
trigger: { on: manual.start }
steps:
  - { id: content, do: files.read_text, with: { file: ~/missing.txt } }
"#;

#[test]
fn the_exit_code_says_how_a_run_ended() {
    let space = Workspace::new();
    let (note, stops, reads) = (
        space.document(NOTE),
        space.document(STOPS),
        space.document(READS),
    );
    space
        .errand(&["run", &note, "--event", r#"{"word":"a"}"#])
        .exits(0);
    assert_eq!(space.read("notes.txt"), "a\n");
    space
        .errand(&["run", &note, "--event", r#"{"word":"nothing"}"#])
        .exits(0);
    space.errand(&["run", &stops]).exits(1);
    space.errand(&["run", &reads]).exits(2);
    space
        .errand(&["run", "no-such-file.yaml"])
        .exits(1)
        .says(&["no-such-file.yaml"]);
    space
        .errand(&["run", &note, "--event", "[]"])
        .exits(1)
        .says(&["object"]);
    space.errand(&["run"]).exits(64);
    space.errand(&["runs", "show", "not-an-id"]).exits(64);
    space.errand(&["--help"]).exits(0);

    let _engine = space.start();
    let run = space.errand(&["run", &reads, "--json"]).exits(2).json();
    let id = run["id"].as_str().unwrap();
    space
        .errand(&["runs", "resolve", id, "content", "skip"])
        .exits(0);
    space.errand(&["runs", "cancel", id]).exits(0);
    space
        .errand(&["runs", "show", "00000000-0000-0000-0000-000000000000"])
        .exits(1);
}

#[test]
fn a_preview_touches_nothing_and_says_what_would_happen() {
    let space = Workspace::new();
    let file = space.document(NOTE);
    let args = [
        "run",
        file.as_str(),
        "--preview",
        "--event",
        r#"{"word":"a"}"#,
    ];
    let shown = space.json(&args);
    assert_eq!(shown["steps"][1]["would"]["kind"], "append", "{shown}");
    assert_eq!(space.read("notes.txt"), "");
    assert_eq!(space.json(&["runs", "list"]), Value::Array(Vec::new()));
}

#[test]
fn listings_have_the_promised_shapes() {
    let space = Workspace::new();
    let id = space.import(NOTE, &[]);
    let before = space.json(&["workflow", "list"]);
    let expected = serde_json::json!(
        [{ "id": id, "name": "Note", "enabled": false, "version": null }]
    );
    assert_eq!(before, expected);

    let _engine = space.start();
    space.errand(&["workflow", "enable", &id]).ok();
    space
        .errand(&["run", &id, "--event", r#"{"word":"b"}"#])
        .ok();
    let listed = space.json(&["workflow", "list"]);
    assert_eq!(
        (&listed[0]["enabled"], &listed[0]["version"]),
        (&true.into(), &1.into())
    );
    let run = &space.runs(&id)[0];
    for field in [
        "id", "workflow", "version", "state", "outcome", "reason", "created", "started",
    ] {
        assert!(run.get(field).is_some(), "{field} is missing: {run}");
    }
    assert_eq!(run["event"]["word"], "b");
    assert_eq!(run["steps"][1]["state"], "succeeded");
    assert!(
        space
            .errand(&["workflow", "export", &id])
            .ok()
            .out
            .contains("format: 1")
    );
    space.errand(&["workflow", "delete", &id]).ok();
    assert_eq!(space.json(&["workflow", "list"]), Value::Array(Vec::new()));
    space.errand(&["doctor"]).ok();
}

#[test]
fn check_names_place_and_remedy() {
    let space = Workspace::new();
    space.errand(&["check", &space.document(NOTE)]).ok();
    let unknown_word = space.document(&NOTE.replace("format: 1", "format: 1\nnmae: x"));
    space
        .errand(&["check", &unknown_word])
        .exits(1)
        .says(&[".yaml:3:", "nmae"]);
    let unknown_action = space.document(&NOTE.replace("append_text", "apend_text"));
    space.errand(&["check", &unknown_action]).exits(1).says(&[
        ".yaml:7:",
        "files.apend_text",
        "files.append_text",
    ]);
}

#[test]
fn a_second_engine_is_refused_and_the_first_goes_on() {
    let space = Workspace::new();
    let first = space.start();
    space.errand(&["serve"]).exits(1).says(&["already running"]);
    space.errand(&["workflow", "list"]).ok();
    first.stop();
    assert!(!space.data().join("engine.sock").exists());
}

#[test]
fn a_detached_run_goes_on_without_the_one_who_asked() {
    let space = Workspace::new();
    let id = space.import(NOTE, &["--enable"]);
    let _engine = space.start();
    let args = ["run", &id, "--event", r#"{"word":"later"}"#, "--detach"];
    let code = space.errand(&args).code;
    assert!(matches!(code, Some(0 | 3)), "{code:?}");
    wait_until("the run is done", Duration::from_secs(10), || {
        space.read("notes.txt") == "later\n"
    });
}
