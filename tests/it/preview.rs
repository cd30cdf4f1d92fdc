//! A preview changes nothing and says what would happen, for every action there is.

use std::collections::BTreeSet;

use errand_testkit::{Workspace, folders};
use serde_json::Value;

/// Every action with fields that make it do something in the home of [`home`].
const ACTIONS: &[(&str, &str)] = &[
    (
        "csv.append_row",
        "{ file: ~/list.csv, row: { Name: a, Size: 1 } }",
    ),
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
