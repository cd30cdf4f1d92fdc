//! Whatever is wrong is said in a plain sentence with what to do, and nothing is lost.

use std::{fs, time::Duration};

use errand_testkit::{Answer, Workspace, folders, wait_until};

use crate::documents::MOVE;

const SOON: Duration = Duration::from_secs(40);

/// The document is wrong at `line`: a check and an import say where, a run says at least what.
#[track_caller]
fn is_refused(document: &str, line: u32, words: &[&str]) {
    let workspace = Workspace::new();
    let file = workspace.document(document);
    let place = format!(".yaml:{line}:");
    for call in [
        &["check", &file][..],
        &["workflow", "import", &file, "--enable"],
    ] {
        workspace
            .errand(call)
            .exits(1)
            .is_plain()
            .says(words)
            .says(&[&place]);
    }
    workspace
        .errand(&["run", &file])
        .exits(1)
        .is_plain()
        .says(words);
    assert_eq!(
        workspace
            .json(&["workflow", "list"])
            .as_array()
            .map(Vec::len),
        Some(0)
    );
}

#[test]
fn an_unknown_word_is_named_with_its_place_and_a_suggestion() {
    is_refused(
        &MOVE.replace("trigger:\n", "tirgger:\n"),
        4,
        &["tirgger", "trigger"],
    );
    is_refused(
        &MOVE.replace("files.move", "files.mov"),
        9,
        &["files.mov", "files.move"],
    );
    is_refused(&MOVE.replace("folder:", "foldr:"), 6, &["foldr", "folder"]);
    is_refused(
        &MOVE.replace("trigger.path", "trigger.pth"),
        10,
        &["trigger.pth", "trigger.path"],
    );
    is_refused(
        &MOVE.replace("files.new_file", "files.new_fil"),
        5,
        &["files.new_fil", "files.new_file"],
    );
}

#[test]
fn a_kind_of_step_that_comes_later_is_refused_as_such() {
    let later = MOVE.replace("do: files.move", "wait: 2d").replace(
        "    with: { file: \"{{ trigger.path }}\", to: ~/Out/ }\n",
        "",
    );
    is_refused(&later, 8, &["not available in this version"]);
}

#[test]
fn a_document_that_is_not_one_is_refused() {
    let workspace = Workspace::new();
    let file = workspace.document("{{{ what");
    workspace.errand(&["check", &file]).exits(1).is_plain();
    let missing = workspace.errand(&["check", "no-such-file.yaml"]);
    missing.exits(1).is_plain().says(&["no-such-file.yaml"]);
}

#[test]
fn a_field_that_is_missing_at_run_time_is_named() {
    let workspace = Workspace::new();
    let file = workspace.document(
        r#"
format: 1
name: Note an amount
trigger:
  on: manual.start
  with: { inputs: [ { name: amount, kind: text, required: false } ] }
steps:
  - { id: note, do: files.append_text, with: { file: ~/log.txt, text: "{{ trigger.amount }}" } }
"#,
    );
    let run = workspace
        .errand(&["run", &file, "--event", "{}", "--json"])
        .exits(2)
        .json();
    let error = &run["steps"][0]["error"];
    assert_eq!(error["kind"], "bad_input", "{run:#}");
    assert!(
        error["message"]
            .as_str()
            .unwrap_or_default()
            .contains("trigger.amount"),
        "{run:#}"
    );
    assert!(error["hint"].is_string(), "it says what to do: {run:#}");
    assert!(!workspace.path("log.txt").exists(), "nothing was written");
}

#[test]
fn an_input_that_is_required_is_asked_for() {
    let workspace = Workspace::new();
    let file = workspace.document(
        r#"
format: 1
name: Note an amount
trigger:
  on: manual.start
  with: { inputs: [ { name: amount, kind: text, required: true } ] }
steps:
  - { id: note, do: files.append_text, with: { file: ~/log.txt, text: "{{ trigger.amount }}" } }
"#,
    );
    workspace
        .errand(&["run", &file])
        .exits(1)
        .is_plain()
        .says(&["amount"]);
    workspace
        .errand(&["run", &file, "--event", r#"{"amount": "7"}"#])
        .ok();
    assert_eq!(workspace.read("log.txt"), "7\n");
}

#[test]
fn a_watched_folder_that_goes_is_said_and_comes_back_by_itself() {
    let workspace = Workspace::new();
    let folder = workspace.folder("In");
    let _engine = workspace.start();
    let workflow = workspace.enable(MOVE);
    fs::remove_dir(&folder).unwrap();
    let show = || workspace.json(&["workflow", "show", &workflow]);
    wait_until("the problem is shown", SOON, || {
        show()["trigger"]["problem"].is_string()
    });
    let shown = show();
    assert_eq!(shown["enabled"], true, "it stays on: {shown:#}");
    assert!(
        shown["trigger"]["problem"].as_str().unwrap().contains("In"),
        "{shown:#}"
    );
    workspace.write("In/a.pdf", "a");
    wait_until("the file is moved", SOON, || {
        workspace.read("Out/a.pdf") == "a"
    });
    wait_until("the problem is gone", SOON, || {
        show()["trigger"]["problem"].is_null()
    });
}

#[test]
fn a_folder_that_is_not_there_can_not_be_switched_on() {
    let workspace = Workspace::new();
    let file = workspace.document(MOVE);
    let answer = workspace.errand(&["workflow", "import", &file, "--enable"]);
    if answer.code == Some(0) {
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        let _engine = workspace.start();
        let show = || workspace.json(&["workflow", "show", &id]);
        wait_until("the problem is shown", SOON, || {
            show()["trigger"]["problem"].is_string()
        });
    } else {
        answer.exits(1).is_plain().says(&["In"]);
    }
}

#[test]
fn a_place_where_nothing_may_be_written_is_named() {
    let workspace = Workspace::new();
    workspace.write("In/a.pdf", "a");
    workspace.write("Out", "a file where a folder is wanted");
    // Nobody may make files in /sys, not even root.
    for place in ["/sys/errand-test/", "~/Out/"] {
        let run = workspace
            .errand(&["run", &move_to(&workspace, place), "--json"])
            .exits(2)
            .json();
        let error = &run["steps"][0]["error"];
        let message = error["message"].as_str().unwrap_or_default();
        let name = place.trim_matches(['~', '/']).split('/').next().unwrap();
        assert!(message.contains(name), "the place isn't named: {run:#}");
        assert!(!message.contains("os error"), "not for people: {run:#}");
        assert!(error["hint"].is_string(), "it says what to do: {run:#}");
    }
    assert_eq!(workspace.read("In/a.pdf"), "a", "nothing is lost");
}

fn move_to(workspace: &Workspace, to: &str) -> String {
    workspace.document(&format!(
        "format: 1\nname: Move\ntrigger: {{ on: manual.start }}\nsteps:\n  \
         - {{ id: go, do: files.move, with: {{ file: ~/In/a.pdf, to: {to} }} }}\n"
    ))
}

/// Writes a file named by data, with this name.
#[track_caller]
fn write_named(workspace: &Workspace, name: &str) -> Answer {
    let file = workspace.document(
        r#"
format: 1
name: Save by name
trigger:
  on: manual.start
  with: { inputs: [ { name: name, kind: text, required: true } ] }
steps:
  - { id: save, do: files.write_text, with: { file: "~/Out/{{ trigger.name }}.txt", text: saved } }
"#,
    );
    let event = serde_json::json!({ "name": name }).to_string();
    workspace.errand(&["run", &file, "--event", &event, "--json"])
}

#[test]
fn a_name_from_data_never_leaves_its_folder() {
    let long = "n".repeat(300);
    let wide = "ä".repeat(300);
    let names = [
        "../evil",
        "../../../../tmp/evil",
        "..",
        "/etc/evil",
        "a/b",
        "a\0b",
        "a\nb",
        &long,
        &wide,
    ];
    for name in names {
        let workspace = Workspace::new();
        let before = folders::contents(&workspace.home()).len();
        let answer = write_named(&workspace, name);
        let home = folders::contents(&workspace.home());
        let outside: Vec<_> = home
            .keys()
            .filter(|path| path.parent() != Some("Out".as_ref()))
            .collect();
        assert!(outside.is_empty(), "{name:?} led outside: {outside:?}");
        if answer.code == Some(0) {
            assert_eq!(home.len(), before + 1, "{name:?}: one file");
            let file = home.keys().next().unwrap();
            assert_eq!(
                file.extension(),
                Some("txt".as_ref()),
                "{name:?} keeps its ending"
            );
        } else {
            let error = answer.exits(2).json()["steps"][0]["error"].clone();
            assert!(
                error["hint"].is_string(),
                "{name:?} is refused with what to do: {error:#}"
            );
        }
    }
    assert!(!std::path::Path::new("/tmp/evil.txt").exists());
    assert!(!std::path::Path::new("/etc/evil.txt").exists());
}

#[test]
fn a_path_from_data_outside_the_workflows_folders_is_refused() {
    let workspace = Workspace::new();
    let secret = workspace.write("Private/secret.txt", "secret");
    let file = workspace.document(
        r#"
format: 1
name: Move what is named
trigger:
  on: manual.start
  with: { inputs: [ { name: path, kind: text, required: true } ] }
steps:
  - { id: go, do: files.move, with: { file: "{{ trigger.path }}", to: ~/Out/ } }
"#,
    );
    for path in [
        secret.display().to_string(),
        workspace
            .path("Out/../Private/secret.txt")
            .display()
            .to_string(),
    ] {
        let event = serde_json::json!({ "path": path }).to_string();
        let run = workspace
            .errand(&["run", &file, "--event", &event, "--json"])
            .exits(2)
            .json();
        assert!(run["steps"][0]["error"]["hint"].is_string(), "{run:#}");
        assert_eq!(workspace.read("Private/secret.txt"), "secret");
    }
}

#[test]
fn a_second_engine_says_that_one_is_running() {
    let workspace = Workspace::new();
    let _engine = workspace.start();
    workspace
        .errand(&["serve"])
        .exits(1)
        .is_plain()
        .says(&["already", "running"]);
    assert_eq!(
        workspace
            .json(&["workflow", "list"])
            .as_array()
            .map(Vec::len),
        Some(0)
    );
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let workspace = Workspace::new();
    workspace.import(MOVE, &[]);
    make_newer(&workspace);
    let before = folders::contents(&workspace.data());
    for call in [&["workflow", "list"][..], &["serve"]] {
        workspace.errand(call).exits(1).is_plain().says(&["newer"]);
    }
    for (path, content) in folders::contents(&workspace.data()) {
        if path.extension().is_some_and(|extension| extension == "db") {
            assert_eq!(
                before.get(&path),
                Some(&content),
                "{} was changed",
                path.display()
            );
        }
    }
}

#[test]
fn a_database_that_was_lost_or_damaged_is_explained_and_left_alone() {
    for harm in [Vec::new(), vec![0x5a; 9000]] {
        let workspace = Workspace::new();
        workspace.import(MOVE, &[]);
        let database = workspace.data().join("errand.db");
        fs::write(&database, &harm).unwrap();
        let path = database.display().to_string();
        for call in [&["workflow", "list"][..], &["serve"], &["doctor"]] {
            let words = [&path, "nothing was deleted", "start Errand again"];
            let answer = workspace.errand(call).exits(1).is_plain().says(&words);
            assert!(!answer.err.contains("newer"), "{answer:#?}");
        }
        assert_eq!(fs::read(&database).unwrap(), harm, "it was changed");
        // What is said to do works.
        fs::remove_file(&database).unwrap();
        workspace.errand(&["workflow", "list"]).ok();
    }
}

#[test]
fn what_is_no_ordinary_file_of_text_is_refused_at_once() {
    let workspace = Workspace::new();
    let pipe = workspace.path("pipe").display().to_string();
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let large = workspace.write("large.yaml", vec![b'x'; 5 * 1024 * 1024 + 1]);
    let large = large.display().to_string();
    let latin = workspace.write("latin.yaml", b"name: caf\xe9\n");
    let latin = latin.display().to_string();
    let fine = workspace.document(ONE_INPUT);
    for (file, words) in [
        ("/dev/zero", "not a file"),
        (&pipe, "not a file"),
        (&large, "5 MB"),
        (&latin, "isn't text"),
        ("/", "is a folder"),
    ] {
        let event = format!("@{file}");
        for call in [
            &["check", file][..],
            &["workflow", "import", file],
            &["run", file],
            &["run", &fine, "--event", &event],
        ] {
            let answer = workspace.errand(call).exits(1).is_plain();
            answer.says(&[file, words]);
        }
    }
}

const ONE_INPUT: &str = r#"
format: 1
name: Take a name
trigger:
  on: manual.start
  with: { inputs: [ { name: name, kind: text, required: true } ] }
steps:
  - { id: take, set: { name: "{{ trigger.name }}" } }
"#;

#[test]
fn documents_that_try_to_break_the_reader_are_refused_with_place_and_hint() {
    let bomb = format!("a: &a [x]\nb: &b [*a, *a]\n{ONE_INPUT}");
    let deep = ONE_INPUT.replace("\"{{ trigger.name }}\"", &"[".repeat(5000));
    let escape = ONE_INPUT.replace("Take a name", "\"a\\e[2J\\u202eb\"");
    let long = ONE_INPUT.replace("Take a name", &"x".repeat(1_000_000));
    for (document, place, words) in [
        (bomb, ".yaml:2:8:", "aliases"),
        (deep, ".yaml:8:", "nested"),
        (
            ONE_INPUT.replace("steps:", "name: x\nsteps:"),
            ".yaml:7:1:",
            "twice",
        ),
        (ONE_INPUT.replace("Take a", "\0"), ".yaml:3:", "no text has"),
        (escape, ".yaml:3:7:", "can't be seen"),
        (long, ".yaml:3:7:", "200 at most"),
    ] {
        let workspace = Workspace::new();
        let file = workspace.document(&document);
        let answer = workspace.errand(&["check", &file]).exits(1).is_plain();
        let answer = answer.says(&[place, words]);
        assert!(answer.err.contains("\n  "), "no hint: {answer:#?}");
        let unseen = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(
            !answer.err.contains(unseen),
            "it steers the terminal: {answer:#?}"
        );
        workspace
            .errand(&["workflow", "import", &file])
            .exits(1)
            .is_plain()
            .says(&[words]);
        assert_eq!(workspace.json(&["workflow", "list"]), serde_json::json!([]));
    }
    let workspace = Workspace::new();
    for document in [
        format!("\u{feff}{}", ONE_INPUT.trim_start()),
        ONE_INPUT.replace('\n', "\r\n"),
    ] {
        workspace
            .errand(&["check", &workspace.document(&document)])
            .ok();
    }
}

#[test]
fn an_event_that_is_no_json_is_refused_in_plain_words() {
    let workspace = Workspace::new();
    let file = workspace.document(ONE_INPUT);
    let deep = "[".repeat(500);
    for (event, words) in [
        ("", "ends too early"),
        ("{\"name\": \"a\"} x", "follows after its end"),
        ("{\"name\": \"\\ud800\"}", "half of a character"),
        (&deep, "nested too deeply"),
        ("[]", "object"),
    ] {
        let answer = workspace.errand(&["run", &file, "--event", event]);
        answer
            .exits(1)
            .is_plain()
            .says(&[words, "Give a JSON object"]);
    }
}

#[test]
fn an_empty_value_never_makes_a_hidden_file() {
    let workspace = Workspace::new();
    let save = "{ id: save, do: files.write_text, with: { file: \"~/Out/{{ trigger.name }}.txt\", text: x } }";
    let take = "{ id: take, set: { name: \"{{ trigger.name }}\" } }";
    let file = ONE_INPUT.replace("required: true", "required: false");
    let file = workspace.document(&file.replace(take, save));
    let run = workspace.errand(&["run", &file, "--event", r#"{"name": " "}"#, "--json"]);
    let error = run.exits(2).json()["steps"][0]["error"].clone();
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("`{{ trigger.name }}` is empty"),
        "{error:#}"
    );
    assert!(error["hint"].is_string(), "{error:#}");
    assert!(!workspace.path("Out/.txt").exists());
}

/// Says in the database's header that a newer program wrote it (SQLite's `user_version`).
fn make_newer(workspace: &Workspace) {
    let files = fs::read_dir(workspace.data())
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with("-wal") || name.ends_with("-shm") {
            // Everything is in the database itself after a clean end.
            fs::remove_file(&path).unwrap();
        } else if fs::read(&path)
            .unwrap_or_default()
            .starts_with(b"SQLite format 3")
        {
            let mut content = fs::read(&path).unwrap();
            content[60..64].copy_from_slice(&9999_u32.to_be_bytes());
            fs::write(&path, content).unwrap();
        }
    }
}
