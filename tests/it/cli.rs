//! The command line is a contract: its words, exit codes and JSON stay.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
};

use errand_testkit::Workspace;
use serde_json::{Value, json};

use crate::documents::{EVERY_EFFECT, MOVE};

#[test]
fn a_workflow_comes_out_as_it_went_in() {
    let workspace = Workspace::new();
    let first = workspace.import(EVERY_EFFECT, &[]);
    let exported = workspace.errand(&["workflow", "export", &first]).ok().out;
    let second = workspace.import(&exported, &[]);
    assert_ne!(first, second, "an import is always a new workflow");
    assert_eq!(
        workspace.errand(&["workflow", "export", &second]).ok().out,
        exported
    );
    for word in [
        "files.copy",
        "one_at_a_time",
        "~/Notes/log.txt",
        "{{ trigger.name }}",
    ] {
        assert!(exported.contains(word), "“{word}” got lost: {exported}");
    }
}

#[test]
fn a_workflow_can_be_listed_shown_switched_and_deleted() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let id = workspace.import(MOVE, &[]);
    let listed = || workspace.json(&["workflow", "list"]);
    assert_eq!(
        shape(&listed()[0]),
        json!([id, "File new PDFs", false, null]),
        "arrives off"
    );
    workspace.errand(&["workflow", "enable", &id]).ok();
    assert_eq!(shape(&listed()[0]), json!([id, "File new PDFs", true, 1]));
    let shown = workspace.json(&["workflow", "show", &id]);
    assert_eq!(shape(&shown), shape(&listed()[0]));
    workspace.errand(&["workflow", "disable", &id]).ok();
    assert_eq!(shape(&listed()[0]), json!([id, "File new PDFs", false, 1]));
    workspace.errand(&["workflow", "delete", &id]).ok();
    assert_eq!(listed(), json!([]));
    workspace
        .errand(&["workflow", "show", "0190a5a0-0000-7000-8000-000000000000"])
        .exits(1)
        .is_plain();
}

fn shape(workflow: &Value) -> Value {
    json!([
        workflow["id"],
        workflow["name"],
        workflow["enabled"],
        workflow["version"]
    ])
}

#[test]
fn an_import_prints_its_id_and_its_hooks() {
    let workspace = Workspace::new();
    let file = workspace.document(MOVE);
    let printed = workspace.errand(&["workflow", "import", &file]).ok().json();
    assert!(printed["id"].is_string());
    assert_eq!(printed["hook_urls"], json!([]));
}

#[test]
fn an_engine_gives_the_same_answers_as_no_engine() {
    let workspace = Workspace::new();
    workspace.folder("In");
    workspace.enable(MOVE);
    let calls: [&[&str]; 4] = [
        &["workflow", "list"],
        &["runs", "list"],
        &["connectors", "list"],
        &["connectors", "show", "files"],
    ];
    let without: Vec<Value> = calls.iter().map(|call| workspace.json(call)).collect();
    let engine = workspace.start();
    let with: Vec<Value> = calls.iter().map(|call| workspace.json(call)).collect();
    engine.stop();
    assert_eq!(with, without);
}

/// A workflow of one step, run at once.
fn run(workspace: &Workspace, step: &str, more: &[&str]) -> errand_testkit::Answer {
    let file = workspace.document(&format!(
        "format: 1\nname: Once\ntrigger: {{ on: manual.start }}\nsteps:\n  - {step}\n"
    ));
    let args: Vec<&str> = ["run", &file, "--json"]
        .iter()
        .chain(more)
        .copied()
        .collect();
    workspace.errand(&args)
}

#[test]
fn exit_codes_say_how_a_run_ended() {
    let workspace = Workspace::new();
    let ok = run(&workspace, "{ id: a, set: { x: 1 } }", &[])
        .exits(0)
        .json();
    assert_eq!(
        (&ok["state"], &ok["outcome"]),
        (&json!("done"), &json!("ok"))
    );
    let filtered = run(&workspace, "{ id: a, only_if: '{{ 1 > 2 }}' }", &[])
        .exits(0)
        .json();
    assert_eq!(filtered["outcome"], "filtered");
    let failed = run(
        &workspace,
        "{ id: a, stop: { reason: Enough, as: failed } }",
        &[],
    )
    .exits(1);
    assert_eq!(failed.json()["outcome"], "failed");
    assert_eq!(failed.json()["reason"], "Enough");
    let missing = "{ id: a, do: files.read_text, with: { file: ~/none.txt } }";
    let attention = run(&workspace, missing, &[]).exits(2).json();
    assert_eq!(attention["state"], "attention");
    assert_eq!(attention["steps"][0]["error"]["kind"], "not_found");
    workspace.errand(&["no-such-word"]).exits(64);
    workspace.errand(&["workflow", "show"]).exits(64);
    assert_eq!(
        workspace.json(&["workflow", "list"]),
        json!([]),
        "a file that is run isn't added"
    );
}

#[test]
fn a_run_prints_its_event_and_its_steps() {
    let workspace = Workspace::new();
    let step = "{ id: save, do: files.write_text, with: { file: ~/a.txt, text: hello } }";
    let run = run(&workspace, step, &[]).ok().json();
    for field in [
        "id", "workflow", "version", "state", "outcome", "created", "started", "ended", "event",
    ] {
        assert!(!run[field].is_null(), "{field} is missing: {run:#}");
    }
    let saved = &run["steps"][0];
    assert_eq!(
        (&saved["path"], &saved["state"]),
        (&json!("save"), &json!("succeeded"))
    );
    assert_eq!(saved["effect"], "idempotent");
    assert_eq!(saved["input"]["text"], "hello");
    assert!(
        saved["output"]["path"]
            .as_str()
            .unwrap_or_default()
            .ends_with("/a.txt")
    );
    assert!(
        saved["attempts"].is_array() || saved["attempts"] == 1,
        "{saved:#}"
    );
    assert_eq!(workspace.read("a.txt"), "hello");
    let listed = workspace.json(&["runs", "list"]);
    assert_eq!(listed[0]["id"], run["id"]);
    assert_eq!(
        workspace.json(&["runs", "show", run["id"].as_str().unwrap()])["steps"],
        run["steps"]
    );
}

#[test]
fn an_event_can_come_from_a_file() {
    let workspace = Workspace::new();
    let event = workspace.write("event.json", r#"{ "word": "hello" }"#);
    let file = workspace.document(
        r#"
format: 1
name: Say a word
trigger:
  on: manual.start
  with: { inputs: [ { name: word, kind: text, required: true } ] }
steps:
  - { id: save, do: files.append_text, with: { file: ~/a.txt, text: "{{ trigger.word | upper }}" } }
"#,
    );
    workspace
        .errand(&["run", &file, "--event", &format!("@{}", event.display())])
        .ok();
    assert_eq!(workspace.read("a.txt"), "HELLO\n");
    workspace
        .errand(&["run", &file, "--event", "{not json"])
        .is_plain();
}

#[test]
fn a_failed_run_can_be_tried_again_after_the_cause_is_gone() {
    let workspace = Workspace::new();
    let read = "{ id: read, do: files.read_text, with: { file: ~/late.txt } }";
    let run = run(&workspace, read, &[]).exits(2).json();
    workspace.write("late.txt", "here now");
    let _engine = workspace.start();
    let id = run["id"].as_str().unwrap();
    workspace.errand(&["runs", "retry", id]).ok();
    let ended = || workspace.json(&["runs", "show", id])["outcome"] == "ok";
    errand_testkit::wait_until("it ends well", std::time::Duration::from_secs(20), ended);
}

#[test]
fn a_run_that_needs_attention_can_be_cancelled() {
    let workspace = Workspace::new();
    let read = "{ id: read, do: files.read_text, with: { file: ~/late.txt } }";
    let run = run(&workspace, read, &[]).exits(2).json();
    let id = run["id"].as_str().unwrap();
    workspace.errand(&["runs", "cancel", id]);
    assert_eq!(
        workspace.json(&["runs", "show", id])["outcome"],
        "cancelled"
    );
    let waiting = workspace.json(&["runs", "list", "--state", "attention"]);
    assert_eq!(waiting, json!([]));
}

#[test]
fn a_check_runs_the_samples() {
    let workspace = Workspace::new();
    let sample =
        "samples: [ { event: { path: ~/In/a.pdf, name: a.pdf }, expect: { outcome: ok } } ]\n";
    let steps = MOVE.split_once("steps:").unwrap().0.to_owned();
    let good = format!(
        "{steps}steps: [ {{ id: a, only_if: \"{{{{ trigger.name == 'a.pdf' }}}}\" }} ]\n{sample}"
    );
    workspace
        .errand(&["check", &workspace.document(&good)])
        .ok();
    let bad = good.replace("== 'a.pdf'", "== 'b.pdf'");
    workspace
        .errand(&["check", &workspace.document(&bad)])
        .exits(1)
        .is_plain()
        .says(&["filtered"]);
}

#[test]
fn the_doctor_finds_nothing_wrong() {
    let workspace = Workspace::new();
    workspace.folder("In");
    workspace.enable(MOVE);
    let findings = workspace.json(&["doctor"]);
    let findings = findings.as_array().unwrap();
    assert!(
        findings.len() > 3,
        "it looks at several things: {findings:#?}"
    );
    assert!(
        findings.iter().all(|finding| finding["ok"] == true),
        "{findings:#?}"
    );
}

/// A command over the socket, for which the command line has no word.
fn ask(workspace: &Workspace, command: &str, payload: &Value) {
    let mut socket = UnixStream::connect(workspace.data().join("engine.sock")).unwrap();
    let call = json!({ "id": 1, "cmd": command, "payload": payload });
    socket.write_all(format!("{call}\n").as_bytes()).unwrap();
    socket.read_exact(&mut [0]).unwrap();
}

#[test]
fn answers_that_do_not_fit_a_run_are_refused_and_change_nothing() {
    let workspace = Workspace::new();
    let done = run(&workspace, "{ id: a, set: { x: 1 } }", &[]).ok().json();
    let read = "{ id: a, do: files.read_text, with: { file: ~/late.txt } }";
    let stopped = run(&workspace, read, &[]).exits(2).json();
    let stopped = stopped["id"].as_str().unwrap();
    workspace
        .errand(&["runs", "resolve", stopped, "nope", "skip"])
        .exits(1)
        .is_plain();
    for _ in 0..2 {
        workspace.errand(&["runs", "cancel", stopped]).ok();
    }
    for id in [done["id"].as_str().unwrap(), stopped] {
        let show = || workspace.json(&["runs", "show", id]);
        let before = show();
        for _ in 0..2 {
            for answer in ["done", "again", "skip"] {
                let call = ["runs", "resolve", id, "a", answer];
                workspace
                    .errand(&call)
                    .exits(1)
                    .is_plain()
                    .says(&["has ended"]);
            }
        }
        assert_eq!(show(), before);
    }
    let id = done["id"].as_str().unwrap();
    workspace.errand(&["runs", "retry", id]).exits(1).is_plain();
    workspace
        .errand(&["runs", "cancel", id])
        .ok()
        .is_plain()
        .says(&["already ended"]);
}

#[test]
fn what_is_queued_keeps_its_version_and_is_carried_out_though_its_workflow_goes() {
    let workspace = Workspace::new();
    let document = "format: 1\nname: Note\ntrigger: { on: manual.start, with: { inputs: [ { name: text, kind: text } ] } }\nsettings: { mode: one_at_a_time }\nsteps:\n  \
         - { id: a, do: files.append_text, with: { file: ~/log.txt, text: \"{{ trigger.text }}\" } }\n";
    let _engine = workspace.start();
    ask(&workspace, "engine_pause", &json!({ "paused": true }));
    let queue = |workflow: &str, text: &str| {
        let event = json!({ "text": text }).to_string();
        let call = ["run", workflow, "--event", &event, "--detach", "--json"];
        workspace.errand(&call).exits(3).json()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (off, gone) = (workspace.enable(document), workspace.enable(document));
    let runs = [
        queue(&off, "1"),
        queue(&off, "2"),
        queue(&gone, "3"),
        queue(&gone, "4"),
    ];
    workspace.errand(&["workflow", "disable", &off]).ok();
    workspace.errand(&["workflow", "delete", &gone]).ok();
    workspace
        .errand(&["workflow", "delete", &gone])
        .exits(1)
        .is_plain();
    for more in [&["--from-start"][..], &[]] {
        let call: Vec<&str> = [&["runs", "retry", &runs[0]], more].concat();
        workspace
            .errand(&call)
            .exits(1)
            .is_plain()
            .says(&["hasn't begun"]);
    }
    workspace.errand(&["runs", "cancel", &runs[1]]).ok();
    ask(&workspace, "engine_pause", &json!({ "paused": false }));
    let outcome = |id: &String| workspace.json(&["runs", "show", id])["outcome"].clone();
    errand_testkit::wait_until("all have ended", std::time::Duration::from_secs(20), || {
        runs.iter().all(|id| !outcome(id).is_null())
    });
    assert_eq!(
        runs.each_ref().map(outcome),
        ["ok", "cancelled", "ok", "ok"]
    );
    let mut noted: Vec<String> = workspace
        .read("log.txt")
        .lines()
        .map(str::to_owned)
        .collect();
    noted.sort();
    assert_eq!(noted, ["1", "3", "4"]);
}
