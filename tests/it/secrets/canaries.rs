//! A secret of each kind, sent to a server that repeats all it is sent, through steps that succeed,
//! fail, are tried again and are cut off by a crash: afterwards it stands nowhere.

use std::{fs, time::Duration};

use errand_testkit::wait_until;

use super::{Asked, Echo, PASS_PHRASE, Person, SOON, Traces, begin, finish};

/// Every secret holds this.
const CANARY: &str = "c4nary";
/// The same in base64, where it begins with the text or after three letters (`me:`).
const IN_BASE64: &str = "YzRuYXJ5";

/// A connection: its name, what is set, which field is the secret, and the secret.
struct Kind {
    name: &'static str,
    connector: &'static str,
    set: &'static [&'static str],
    field: &'static str,
    secret: &'static str,
}

/// Those that sign a request in over plain HTTP.
const SENT: [Kind; 5] = [
    Kind {
        name: "Bearer",
        connector: "http",
        set: &["kind=bearer"],
        field: "token",
        secret: "c4nary-bearer/1+2~3==",
    },
    Kind {
        name: "Key in a header",
        connector: "http",
        set: &["kind=api_key", "name=X-Api-Key"],
        field: "key",
        secret: "c4nary \"key\" \\ in a header",
    },
    Kind {
        name: "Key in the address",
        connector: "http",
        set: &["kind=api_key", "name=api key", "place=query"],
        field: "key",
        secret: "c4nary & key/in the=addräss",
    },
    Kind {
        name: "Basic",
        connector: "http",
        set: &["kind=basic", "user=me"],
        field: "password",
        secret: "c4nary: pässword",
    },
    Kind {
        name: "Header",
        connector: "http",
        set: &["kind=header", "name=X-Token"],
        field: "value",
        secret: "c4nary<header>&'value'",
    },
];

/// Those that are only kept here.
const KEPT: [Kind; 2] = [
    Kind {
        name: "Certificate",
        connector: "http",
        set: &["kind=client_certificate", "certificate=none"],
        field: "key",
        secret: "-----BEGIN PRIVATE KEY-----\nc4naryc4naryc4naryc4nary\n-----END PRIVATE KEY-----",
    },
    Kind {
        name: "Signing secret",
        connector: "webhook",
        set: &["kind=signing_secret", "profile=github"],
        field: "secret",
        secret: "c4nary-signing-secret",
    },
];

fn add(person: &Person, kind: &Kind, address: &str) {
    let address = format!("address={address}");
    let mut args = vec!["connection", "add", kind.connector, "--name", kind.name];
    if kind.connector == "http" {
        args.extend(["--set", &address]);
    }
    args.extend(kind.set.iter().flat_map(|pair| ["--set", pair]));
    args.extend(["--secret", kind.field]);
    let lines: Vec<&str> = kind.secret.lines().chain([PASS_PHRASE]).collect();
    person.errand(&args, &lines).ok();
}

/// Asks, tells what it was answered, is refused and fails.
fn leaky(using: &str) -> String {
    format!(
        r#"
format: 1
name: Use {using}
trigger: {{ on: manual.start }}
steps:
  - id: ask
    do: http.request
    using: {using}
    with: {{ method: GET, url: "/who" }}
  - id: tell
    do: http.request
    using: {using}
    with: {{ method: POST, url: "/told", json: {{ answer: "{{{{ steps.ask.body }}}}" }}, repeat: safe }}
  - id: keep
    do: files.append_text
    with: {{ file: ~/answers.txt, text: "{{{{ steps.ask.body }}}} {{{{ steps.ask.headers }}}}" }}
  - id: rejected
    do: http.request
    using: {using}
    on_error: continue
    with: {{ method: GET, url: "/rejects" }}
  - id: fails
    do: http.request
    using: {using}
    on_error: continue
    retry: {{ tries: 2 }}
    with: {{ method: GET, url: "/fails" }}
"#
    )
}

/// Everything that the command line shows of a workflow and its runs.
fn shown(person: &Person, asked: &Asked, traces: Traces) -> Traces {
    let id = asked.workflow.as_str();
    let run = person.newest(asked).to_string();
    assert!(run.contains("•••"), "the server repeated the secret: {run}");
    let listed = person.json(&["runs", "list"]).to_string();
    let exported = person.errand(&["workflow", "export", id], &[]).ok().out;
    let workflow = person.json(&["workflow", "show", id]).to_string();
    let preview = person.errand(&["run", id, "--preview", "--json"], &[]).out;
    assert!(
        preview.contains("•••"),
        "a preview reads for real: {preview}"
    );
    traces
        .and("the run", &run)
        .and("the list of runs", &listed)
        .and("the export", &exported)
        .and("the workflow", &workflow)
        .and("the preview", &preview)
}

#[test]
fn canaries_of_each_kind_appear_nowhere() {
    let person = Person::without_keyring();
    let echo = Echo::start();
    for kind in &SENT {
        add(&person, kind, &echo.address());
    }
    let file = person.workspace.write("pass phrase", PASS_PHRASE);
    let serve = |fault: &str| {
        let mut command = person.command(&["serve"]);
        command
            .env("ERRAND_PASS_PHRASE_FILE", &file)
            .env("ERRAND_LOG", "trace");
        command.env("ERRAND_FAULT", fault);
        person.workspace.start_command(command)
    };

    // The first engine dies after a request whose answer held a secret.
    let mut doomed = serve("engine.after_effect:2");
    let limits = fs::read_to_string(format!("/proc/{}/limits", doomed.pid())).unwrap();
    let cores = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    assert!(cores.unwrap().contains(" 0 "), "no core dumps: {limits}");
    let workflows: Vec<Asked> = SENT
        .iter()
        .map(|kind| {
            let workflow = person.workspace.import(&leaky(kind.name), &["--enable"]);
            Asked { workflow }
        })
        .collect();
    person.run(&workflows[0].workflow);
    assert!(doomed.aborts_within(SOON), "it aborts: {}", doomed.said());

    let engine = serve("");
    for kind in &KEPT {
        add(&person, kind, &echo.address());
    }
    for asked in &workflows[1..] {
        person.run(&asked.workflow);
    }
    for asked in &workflows {
        wait_until("the run ends", Duration::from_secs(60), || {
            person.newest(asked)["state"] == "done"
        });
        let run = person.newest(asked);
        assert_eq!(run["outcome"], "ok_with_skips", "{run:#}");
    }
    for sent in [
        "authorization: Bearer c4nary-bearer/1+2~3==",
        "x-token: c4nary<header>&'value'",
    ] {
        assert!(echo.heard(sent), "the server got `{sent}`");
    }
    let mut traces = Traces::of(&person.workspace);
    for asked in &workflows {
        traces = shown(&person, asked, traces);
    }
    traces = traces.and(
        "the connections",
        &person.json(&["connection", "list"]).to_string(),
    );
    traces.have_none(&[CANARY, IN_BASE64, "canary of the pass phrase"]);
    engine.stop();
    Traces::of(&person.workspace).have_none(&[CANARY, IN_BASE64]);
}

#[test]
fn a_secret_that_is_typed_in_is_in_no_process_list() {
    let person = Person::without_keyring();
    let set = "address=https://a.example";
    let args = [
        "connection",
        "add",
        "http",
        "--name",
        "Shop",
        "--set",
        set,
        "--secret",
        "token",
    ];
    let mut child = begin(person.command(&args));
    let cmdline = format!("/proc/{}/cmdline", child.id());
    wait_until("the program reads", SOON, || {
        fs::read_to_string(&cmdline).is_ok_and(|line| line.contains("--secret"))
    });
    {
        use std::io::Write;
        let mut input = child.stdin.take().unwrap();
        writeln!(input, "c4nary").unwrap();
        // It waits for the pass phrase now, with the secret in hand.
        Traces::of_processes(&person.workspace).have_none(&[CANARY]);
        writeln!(input, "{PASS_PHRASE}").unwrap();
    }
    finish(child, "connection add").ok();
    Traces::of(&person.workspace).have_none(&[CANARY, PASS_PHRASE]);
}
