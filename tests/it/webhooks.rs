//! Webhooks through their port: the address lasts, whoever should be heard is heard once, and nobody
//! else is heard at all.

pub(crate) mod caller;
mod crashes;
mod storms;

use std::{
    io::{Read, Write},
    net::TcpListener,
    os::unix::net::UnixStream,
    process::Stdio,
    time::Duration,
};

use errand_testkit::{Engine, Workspace, wait::holds_throughout, wait_until};
use serde_json::{Value, json};

use self::caller::Hook;

const SOON: Duration = Duration::from_secs(30);

/// Notes what was sent.
const NOTE: &str = r#"
format: 1
name: Note calls
trigger: { on: webhook.received }
steps:
  - id: note_it
    do: files.append_text
    with: { file: ~/log.txt, text: "{{ trigger.body.name }}" }
"#;

/// Answers with what its steps made.
const ANSWER: &str = r#"
format: 1
name: Answer calls
trigger:
  on: webhook.received
  with: { reply: { greeting: "{{ steps.greet.words }}", path: "{{ trigger.path }}" } }
steps:
  - { id: known, only_if: "{{ trigger.body.name != 'nobody' }}" }
  - id: greet
    set: { words: "Hello {{ trigger.body.name }}", length: "{{ trigger.body.name | length }}" }
"#;

const SIGNED: &str = r#"
format: 1
name: Note signed calls
trigger: { on: webhook.received, using: Mine }
steps:
  - id: note_it
    do: files.append_text
    with: { file: ~/log.txt, text: "{{ trigger.body.name }}" }
"#;

/// A workspace with an engine and one webhook.
pub(crate) struct Called {
    workspace: Workspace,
    workflow: String,
    hook: Hook,
    engine: Engine,
}

impl Called {
    #[track_caller]
    fn with(document: &str) -> Self {
        let workspace = Workspace::new();
        let engine = workspace.start();
        let (workflow, hook) = Hook::enable(&workspace, document);
        Self {
            workspace,
            workflow,
            hook,
            engine,
        }
    }

    fn runs(&self) -> Vec<Value> {
        self.workspace.runs(&self.workflow)
    }

    fn show(&self) -> Value {
        self.workspace.json(&["workflow", "show", &self.workflow])
    }

    /// What was noted, in alphabetical order: runs go on side by side.
    fn log(&self) -> Vec<String> {
        let log = self.workspace.read("log.txt");
        let mut lines: Vec<_> = log.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    #[track_caller]
    fn notes(&self, lines: &[&str]) {
        let mut lines = lines.to_vec();
        lines.sort_unstable();
        wait_until("the calls are noted", SOON, || self.log() == lines);
    }

    /// A command over the socket, for which the command line has no word.
    fn ask(&self, command: &str, payload: &Value) {
        let mut socket = UnixStream::connect(self.workspace.data().join("engine.sock")).unwrap();
        let call = json!({ "id": 1, "cmd": command, "payload": payload });
        socket.write_all(format!("{call}\n").as_bytes()).unwrap();
        let mut answer = [0];
        socket.read_exact(&mut answer).unwrap();
    }
}

#[test]
fn a_call_runs_the_workflow_once_and_hears_that_it_arrived() {
    let called = Called::with(NOTE);
    let heard = called.hook.post(&json!({ "name": "Ada" })).unwrap();
    assert_eq!((heard.status, heard.body.as_str()), (200, r#"{"ok":true}"#));
    assert!(!heard.head.contains("server:"), "no banner: {heard:?}");
    assert!(!heard.head.contains("access-control"), "{heard:?}");
    called.notes(&["Ada"]);
    assert_eq!(called.runs().len(), 1);
}

#[test]
fn what_a_sender_repeats_under_the_same_name_is_taken_once() {
    let called = Called::with(NOTE);
    for name in ["x-github-delivery", "webhook-id", "idempotency-key"] {
        for _ in 0..3 {
            let body = json!({ "name": name }).to_string();
            let heard = called.hook.send("POST", &[(name, "delivery-1")], body);
            assert_eq!(heard.unwrap().status, 200);
        }
    }
    called.notes(&["x-github-delivery", "webhook-id", "idempotency-key"]);
    assert_eq!(called.runs().len(), 3);
}

#[test]
fn the_address_outlives_publishing_switching_and_restarts() {
    let Called {
        workspace,
        workflow,
        hook,
        engine,
    } = Called::with(NOTE);
    workspace.errand(&["workflow", "disable", &workflow]).ok();
    assert!(
        hook.post(&json!({ "name": "off" }))
            .is_none_or(|heard| heard.status == 404)
    );
    engine.stop();
    let engine = workspace.start();
    assert_eq!(
        engine.ready["hooks"],
        Value::Null,
        "none is on, so no port is open"
    );
    assert!(hook.connect().is_none());
    workspace.errand(&["workflow", "enable", &workflow]).ok();
    assert_eq!(hook.post(&json!({ "name": "on" })).unwrap().status, 200);
    engine.stop();
    let engine = workspace.start();
    assert_eq!(engine.ready["hooks"], format!("http://{}", hook.host));
    assert_eq!(hook.post(&json!({ "name": "again" })).unwrap().status, 200);
    let shown = workspace.json(&["workflow", "show", &workflow]);
    assert_eq!(
        shown["hook_url"],
        format!("http://{}{}", hook.host, hook.path)
    );
    let called = Called {
        workspace,
        workflow,
        hook,
        engine,
    };
    called.notes(&["on", "again"]);
}

#[test]
fn a_deleted_workflow_hears_nothing_any_more() {
    let called = Called::with(NOTE);
    let other = Hook::enable(&called.workspace, ANSWER).1;
    called
        .workspace
        .errand(&["workflow", "delete", &called.workflow])
        .ok();
    let gone = called.hook.post(&json!({})).unwrap();
    let never_there = Hook {
        path: "/h/aaaabbbbccccddddeeeeffffgggghhhh".into(),
        ..other.clone()
    };
    let date = |heard: &str| heard.split("date:").next().unwrap().to_owned();
    let unknown = never_there.post(&json!({})).unwrap();
    assert_eq!((gone.status, date(&gone.head)), (404, date(&unknown.head)));
    assert_eq!(gone.body, unknown.body);
    assert_eq!(other.post(&json!({ "name": "Ada" })).unwrap().status, 200);
}

#[test]
fn an_answer_is_filled_in_with_what_the_run_made() {
    let called = Called::with(ANSWER);
    let more = Hook {
        path: format!("{}/orders", called.hook.path),
        ..called.hook.clone()
    };
    let heard = more.post(&json!({ "name": "Ada" })).unwrap();
    assert_eq!(heard.status, 200);
    assert_eq!(
        heard.json(),
        json!({ "greeting": "Hello Ada", "path": "/orders" })
    );
    let stopped = called.hook.post(&json!({ "name": "nobody" })).unwrap();
    assert_eq!(
        (stopped.status, &stopped.json()["outcome"]),
        (200, &json!("filtered"))
    );
    let stuck = called.hook.post(&json!({})).unwrap();
    assert_eq!(
        stuck.status, 202,
        "it waits for a person, who may take long: {stuck:?}"
    );
    let run = stuck.json()["run"].clone();
    assert!(
        called
            .runs()
            .iter()
            .any(|it| it["id"] == run && it["state"] == "attention")
    );
}

#[test]
fn an_answer_that_uses_what_no_step_gives_is_told_before_publishing() {
    let workspace = Workspace::new();
    let file = workspace.document(&ANSWER.replace("steps.greet.words", "steps.greet.word"));
    let refused = workspace.errand(&["check", &file]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    let said = format!("{}{}", refused.out, refused.err);
    assert!(
        said.contains("trigger.with.reply") && said.contains("steps.greet.words"),
        "{said}"
    );
}

#[test]
fn while_everything_is_paused_calls_are_taken_and_run_afterwards() {
    let called = Called::with(NOTE);
    let (_, answering) = Hook::enable(&called.workspace, ANSWER);
    called.ask("engine_pause", &json!({ "paused": true }));
    assert_eq!(
        called.hook.post(&json!({ "name": "Ada" })).unwrap().status,
        200
    );
    let later = answering.post(&json!({ "name": "Ada" })).unwrap();
    assert_eq!((later.status, &later.json()["ok"]), (202, &json!(true)));
    assert!(holds_throughout(Duration::from_millis(300), || called
        .log()
        .is_empty()));
    called.ask("engine_pause", &json!({ "paused": false }));
    called.notes(&["Ada"]);
}

#[test]
fn only_calls_signed_with_the_secret_become_events() {
    let called = Called::with(NOTE);
    add_signing_secret(&called.workspace);
    let (workflow, hook) = Hook::enable(&called.workspace, SIGNED);
    let called = Called {
        workflow,
        hook,
        ..called
    };
    // HMAC-SHA256 of the body with the key "a shared secret", made with another implementation.
    let signature = "sha256=b34dc1ce1a26f9a4392116c4a6b79f442b17aaafb05259cfb5d79eb66e459843";
    let body = r#"{"name":"signed"}"#;
    for wrong in [None, Some("sha256=00"), Some("sha256=zz")] {
        let headers: Vec<_> = wrong
            .map(|it| ("x-hub-signature-256", it))
            .into_iter()
            .collect();
        assert_eq!(
            called.hook.send("POST", &headers, body).unwrap().status,
            401
        );
    }
    let changed = r#"{"name":"forged"}"#;
    let signed = [("X-Hub-Signature-256", signature)];
    assert_eq!(
        called.hook.send("POST", &signed, changed).unwrap().status,
        401
    );
    let problem = called.show()["trigger"]["problem"].clone();
    let said = problem.as_str().unwrap();
    assert!(
        said.starts_with("4 calls were refused because the signature is wrong, last at "),
        "{said}"
    );
    assert!(called.runs().is_empty());
    assert_eq!(called.hook.send("POST", &signed, body).unwrap().status, 200);
    called.notes(&["signed"]);
    assert_eq!(called.show()["trigger"]["problem"], Value::Null);
    secrets_locked(called, &signed, body);
}

/// After a restart the pass phrase is needed before anything can be checked.
fn secrets_locked(called: Called, signed: &[(&str, &str)], body: &str) {
    called.engine.stop();
    let _engine = called.workspace.start();
    let heard = called.hook.send("POST", signed, body).unwrap();
    assert_eq!(heard.status, 503);
    let shown = called
        .workspace
        .json(&["workflow", "show", &called.workflow]);
    let problem = shown["trigger"]["problem"].as_str().unwrap();
    assert!(problem.contains("pass phrase"), "{problem}");
    assert!(heard.head.contains("retry-after: 60"), "{heard:?}");
    typed(
        &called.workspace,
        &["connection", "unlock"],
        "a pass phrase of a test\n",
    );
    assert_eq!(called.hook.send("POST", signed, body).unwrap().status, 200);
}

fn add_signing_secret(workspace: &Workspace) {
    let args = [
        "connection",
        "add",
        "webhook",
        "--name",
        "Mine",
        "--set",
        "profile=github",
        "--secret",
        "secret",
    ];
    let lines = "a shared secret\na pass phrase of a test\na pass phrase of a test\n";
    typed(workspace, &args, lines);
}

fn typed(workspace: &Workspace, args: &[&str], lines: &str) {
    let mut command = workspace.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success(), "errand {args:?}");
}

#[test]
fn a_port_that_another_program_has_is_said_with_its_name_and_waited_for() {
    let workspace = Workspace::new();
    let (workflow, hook) = Hook::enable(&workspace, NOTE);
    let thief = TcpListener::bind(&hook.host).unwrap();
    let engine = workspace.start();
    assert_eq!(engine.ready["hooks"], Value::Null);
    let shown = workspace.json(&["workflow", "show", &workflow]);
    let problem = shown["trigger"]["problem"].as_str().unwrap();
    let port = hook.host.rsplit(':').next().unwrap();
    for word in [port, &std::process::id().to_string()] {
        assert!(problem.contains(word), "{problem}");
    }
    engine.stop();
    let asked = workspace
        .errand(&["serve", "--hooks", &hook.host])
        .exits(1)
        .is_plain();
    assert!(
        asked.err.contains(&std::process::id().to_string()),
        "{asked:?}"
    );
    let engine = workspace.start();
    drop(thief);
    wait_until("the port is opened once it is free", SOON, || {
        hook.connect().is_some()
    });
    assert_eq!(hook.post(&json!({ "name": "Ada" })).unwrap().status, 200);
    drop(engine);
}

#[test]
fn a_port_asked_for_is_open_at_once_and_kept() {
    let workspace = Workspace::new();
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let engine = workspace.start_with(&["--hooks", &free.to_string()]);
    assert_eq!(engine.ready["hooks"], format!("http://{free}"));
    let (_, hook) = Hook::enable(&workspace, NOTE);
    assert_eq!(hook.host, free.to_string());
    assert_eq!(hook.post(&json!({ "name": "Ada" })).unwrap().status, 200);
    engine.stop();
    let engine = workspace.start();
    assert_eq!(
        engine.ready["hooks"],
        format!("http://{free}"),
        "the same without asking"
    );
    engine.stop();
    let refused = workspace
        .errand(&["serve", "--hooks", "0.0.0.0:0"])
        .exits(1)
        .is_plain();
    assert!(refused.err.contains("local network"), "{refused:?}");
}

#[test]
fn other_computers_can_call_only_while_the_person_wants_it() {
    let called = Called::with(NOTE);
    let outside =
        |hook: &Hook| Hook::of(called.show()["hook_url"].as_str().unwrap()).host != hook.host;
    let port: u16 = called
        .hook
        .host
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let listens = || listening_at(port);
    assert_eq!(listens(), ["0100007F"], "this computer only");
    let settings = |local_network: bool| json!({ "settings": { "hooks": { "local_network": local_network } } });
    called.ask("settings_save", &settings(true));
    wait_until("it is open to the local network", SOON, || {
        listens() == ["00000000"]
    });
    let there = Hook::of(called.show()["hook_url"].as_str().unwrap());
    assert_eq!(there.path, called.hook.path);
    assert_eq!(
        there.post(&json!({ "name": "outside" })).unwrap().status,
        200
    );
    assert_eq!(
        called
            .hook
            .post(&json!({ "name": "inside" }))
            .unwrap()
            .status,
        200
    );
    called.ask("settings_save", &settings(false));
    wait_until("it is closed again", SOON, || listens() == ["0100007F"]);
    assert!(!outside(&called.hook));
    called.notes(&["outside", "inside"]);
}

/// The addresses that are listened at with this port, as the system writes them.
fn listening_at(port: u16) -> Vec<String> {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let rows = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let ending = format!(":{port:04X}");
    let listening = rows.filter(|row| row.get(3) == Some(&"0A"));
    let here = listening.filter_map(|row| row.get(1)?.strip_suffix(&ending).map(str::to_owned));
    here.collect()
}

#[test]
fn nothing_but_a_plain_call_with_the_right_address_becomes_an_event() {
    let called = Called::with(NOTE);
    let hook = &called.hook;
    let elsewhere = |host: &str| {
        format!(
            "POST {} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\n\r\n{{}}",
            hook.path
        )
    };
    let two_lengths = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        hook.path, hook.host
    );
    let page = |name: &str, value: &str| hook.send("POST", &[(name, value)], "{}");
    let longer = Hook {
        path: format!("{}x", hook.path),
        ..hook.clone()
    };
    let shorter = Hook {
        path: hook.path[..hook.path.len() - 1].to_owned(),
        ..hook.clone()
    };
    for (heard, status) in [
        (hook.raw(elsewhere("evil.test").as_bytes()), 404),
        (hook.raw(elsewhere("localhost.").as_bytes()), 404),
        (hook.raw(two_lengths.as_bytes()), 400),
        (
            hook.raw(format!("POST {} HTTP/1.1\r\n\r\n", hook.path).as_bytes()),
            404,
        ),
        (page("Origin", "null"), 403),
        (page("Origin", "https://evil.test"), 403),
        (page("Sec-Fetch-Site", "cross-site"), 403),
        (page("Sec-Fetch-Site", "same-site"), 403),
        (hook.send("OPTIONS", &[], ""), 403),
        (hook.send("TRACE", &[], ""), 403),
        (longer.post(&json!({})), 404),
        (shorter.post(&json!({})), 404),
        (
            Hook {
                path: "/h/".into(),
                ..hook.clone()
            }
            .post(&json!({})),
            404,
        ),
        (
            Hook {
                path: "/".into(),
                ..hook.clone()
            }
            .post(&json!({})),
            404,
        ),
    ] {
        let heard = heard.unwrap();
        assert_eq!(heard.status, status, "{heard:?}");
        assert!(!heard.head.contains("access-control"), "{heard:?}");
    }
    assert_eq!(hook.post(&json!({ "name": "real" })).unwrap().status, 200);
    called.notes(&["real"]);
    assert_eq!(called.runs().len(), 1);
}

#[test]
fn what_came_to_the_address_are_the_samples_and_no_secret_header_is_kept() {
    let called = Called::with(NOTE);
    let headers = [
        ("Authorization", "Bearer canary"),
        ("Cookie", "id=canary"),
        ("X-Order", "7"),
    ];
    assert_eq!(
        called
            .hook
            .send("POST", &headers, r#"{"name":"Ada"}"#)
            .unwrap()
            .status,
        200
    );
    called.notes(&["Ada"]);
    let preview = called
        .workspace
        .json(&["run", &called.workflow, "--preview"]);
    assert_eq!(preview["event"]["headers"]["x-order"], "7", "{preview:#}");
    assert!(!preview.to_string().contains("canary"), "{preview:#}");
}
