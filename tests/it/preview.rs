//! A preview changes nothing and says what would happen, for every action there is.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use errand_testkit::{
    Workspace, folders,
    site::{Reply, site},
};
use serde_json::{Value, json};

/// Every action with fields that make it do something in the home of [`home`].
const ACTIONS: &[(&str, &str)] = &[
    (
        "csv.append_row",
        "{ file: ~/list.csv, row: { Name: a, Size: 1 } }",
    ),
    ("csv.read", "{ file: ~/list.csv }"),
    ("csv.write", "{ file: ~/Out/new.csv, rows: [{ Name: a }] }"),
    ("files.append_text", "{ file: ~/log.txt, text: more }"),
    ("files.copy", "{ file: ~/In/a.pdf, to: ~/Out/new/ }"),
    ("files.create_folder", "{ folder: ~/Out/one/two }"),
    ("files.move", "{ file: ~/In/a.pdf, to: ~/Out/new/ }"),
    ("files.read_text", "{ file: ~/In/a.pdf }"),
    ("files.rename", "{ file: ~/In/a.pdf, name: b.pdf }"),
    ("files.trash", "{ file: ~/In/a.pdf }"),
    (
        "files.write_text",
        "{ file: ~/Out/new/b.txt, text: hello, if_exists: replace }",
    ),
    (
        "http.request",
        "{ method: POST, url: 'http://127.0.0.1:9/orders', json: { id: 1 } }",
    ),
    ("notify.show", "{ title: Hello, text: there }"),
];

fn home() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("In/a.pdf", "content");
    workspace.write("list.csv", "Name,Size\n");
    workspace.write("log.txt", "first\n");
    workspace.folder("Out");
    workspace
}

fn document(actions: &[(&str, &str)]) -> String {
    let mut text = String::from("format: 1\nname: All\ntrigger: { on: manual.start }\nsteps:\n");
    for (number, (action, with)) in actions.iter().enumerate() {
        text += &format!("  - {{ id: s{number}, do: {action}, with: {with} }}\n");
    }
    text
}

#[test]
fn a_preview_of_any_action_changes_nothing_and_says_what_would_happen() {
    for action in ACTIONS {
        let workspace = home();
        let before = folders::snapshot(&workspace.home());
        let run = preview(&workspace, &[*action]);
        assert_eq!(
            folders::snapshot(&workspace.home()),
            before,
            "{} changed something",
            action.0
        );
        assert_says(&run["steps"][0], action.0);
    }
}

#[test]
fn a_preview_asks_a_server_and_sends_it_nothing() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listening = Arc::clone(&heard);
    let address = site(move |asked| {
        listening.lock().unwrap().push(asked.method.clone());
        Reply::json(&json!({ "id": 7 }))
    });
    let get = format!("{{ method: GET, url: '{address}/orders' }}");
    let mut actions = vec![("http.request", get)];
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let with = format!("{{ method: {method}, url: '{address}/orders', json: {{ id: 7 }} }}");
        actions.push(("http.request", with));
    }
    let actions: Vec<_> = actions
        .iter()
        .map(|(id, with)| (*id, with.as_str()))
        .collect();
    let run = preview(&home(), &actions);
    assert_eq!(run["steps"][0]["output"]["body"]["id"], 7);
    assert_says(&run["steps"][1], "http.request");
    assert_eq!(run["steps"][1]["would"]["details"]["Body"], r#"{"id":7}"#);
    assert_eq!(*heard.lock().unwrap(), ["GET"]);
}

#[test]
fn a_preview_goes_on_with_what_each_step_would_give() {
    let workspace = home();
    let file = workspace.document(
        r#"
format: 1
name: Chain
trigger: { on: manual.start }
steps:
  - { id: copy, do: files.copy, with: { file: ~/In/a.pdf, to: "~/Out/{{ now | date('%Y') }}/" } }
  - { id: tell, do: notify.show, with: { title: "{{ steps.copy.name }}", text: "{{ steps.copy.path }}" } }
"#,
    );
    let before = folders::snapshot(&workspace.home());
    let run = workspace.json(&["run", &file, "--preview"]);
    assert_eq!(folders::snapshot(&workspace.home()), before);
    let tells = run["steps"][1]["would"]["summary"]
        .as_str()
        .unwrap_or_default();
    assert!(
        tells.contains("a.pdf"),
        "later steps see the expected result: {run:#}"
    );
}

#[test]
fn a_preview_leaves_no_run_and_no_workflow_behind() {
    let workspace = home();
    preview(&workspace, ACTIONS);
    assert_eq!(workspace.json(&["workflow", "list"]), Value::Array(vec![]));
    assert_eq!(workspace.json(&["runs", "list"]), Value::Array(vec![]));
}

#[test]
fn every_action_is_previewed_here() {
    let workspace = Workspace::new();
    let connectors = workspace.json(&["connectors", "list"]);
    let actions = connectors
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|c| c["actions"].as_array().unwrap());
    let ids = actions.map(|action| action["id"].as_str().unwrap());
    let found: BTreeSet<&str> = ids.filter(|id| !id.starts_with("testing.")).collect();
    let here: BTreeSet<&str> = ACTIONS.iter().map(|(id, _)| *id).collect();
    assert_eq!(here, found);
}

fn preview(workspace: &Workspace, actions: &[(&str, &str)]) -> Value {
    let file = workspace.document(&document(actions));
    workspace
        .errand(&["run", &file, "--preview", "--json"])
        .json()
}

#[track_caller]
fn assert_says(step: &Value, action: &str) {
    let summary = step["would"]["summary"].as_str().unwrap_or_default();
    if step["effect"] == "read" {
        assert!(
            step["output"].is_object(),
            "{action} only reads, so it can be done: {step:#}"
        );
    } else {
        assert!(
            summary.starts_with("Would "),
            "{action} doesn't say what it would do: {step:#}"
        );
    }
}
