//! Secrets stay where they belong: sealed in the database, with the key in a real keyring or behind
//! a pass phrase. Where the key can't be had, plain words say so, runs wait, and nothing else stops.

mod canaries;
mod echo;
mod keyring;
mod traces;

use std::{
    io::Write,
    process::{Child, Command, Stdio},
    time::Duration,
};

use errand_testkit::{Answer, Engine, Workspace, wait_until};
use serde_json::Value;

use self::{echo::Echo, keyring::Keyring, traces::Traces};

const SOON: Duration = Duration::from_secs(30);
const PASS_PHRASE: &str = "canary of the pass phrase";

/// A person with or without a keyring.
struct Person {
    workspace: Workspace,
    keyring: Option<Keyring>,
}

impl Person {
    fn with_keyring() -> Self {
        let workspace = Workspace::new();
        let keyring = Some(Keyring::start(&workspace));
        Self { workspace, keyring }
    }

    fn without_keyring() -> Self {
        Self {
            workspace: Workspace::new(),
            keyring: None,
        }
    }

    fn keyring(&mut self) -> &mut Keyring {
        self.keyring.as_mut().unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.workspace.command(args);
        if let Some(keyring) = &self.keyring {
            command.env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
        }
        command
    }

    /// `errand ARGS` with these lines on standard input.
    fn errand(&self, args: &[&str], lines: &[&str]) -> Answer {
        let mut child = begin(self.command(args));
        let mut input = child.stdin.take().unwrap();
        for line in lines {
            let _ = writeln!(input, "{line}");
        }
        drop(input);
        finish(child, &args.join(" "))
    }

    fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        self.errand(&args, &[]).ok().json()
    }

    fn start(&self) -> Engine {
        self.workspace.start_command(self.command(&["serve"]))
    }

    /// Adds a connection with a bearer token.
    fn add(&self, name: &str, address: &str, lines: &[&str]) -> Answer {
        let address = format!("address={address}");
        let args = [
            "connection",
            "add",
            "http",
            "--name",
            name,
            "--set",
            &address,
            "--secret",
            "token",
        ];
        self.errand(&args, lines)
    }

    fn connection(&self, name: &str) -> Value {
        let all = self.json(&["connection", "list"]);
        let mut all = all.as_array().unwrap().iter();
        all.find(|it| it["name"] == name).unwrap().clone()
    }

    /// Imports a workflow that asks `path` of a server with a connection, and starts a run of it.
    fn ask(&self, using: &str, path: &str) -> Asked {
        let workflow = self.workspace.import(&asking(using, path), &["--enable"]);
        self.run(&workflow);
        Asked { workflow }
    }

    fn run(&self, workflow: &str) {
        self.errand(&["run", workflow, "--detach"], &[]);
    }

    fn newest(&self, asked: &Asked) -> Value {
        let runs = self.json(&["runs", "list", "--workflow", &asked.workflow]);
        let id = runs[0]["id"].as_str().unwrap();
        self.json(&["runs", "show", id])
    }

    fn waits(&self, asked: &Asked, words: &[&str]) {
        wait_until("the run waits", SOON, || {
            self.newest(asked)["state"] == "waiting"
        });
        let run = self.newest(asked);
        let reason = run["reason"].as_str().unwrap_or_default();
        for word in words {
            assert!(reason.contains(word), "“{word}” isn't said: {run:#}");
        }
    }

    fn ends_well(&self, asked: &Asked) {
        wait_until("the run ends", SOON, || {
            matches!(
                self.newest(asked)["state"].as_str(),
                Some("done" | "attention")
            )
        });
        let run = self.newest(asked);
        assert_eq!(run["outcome"], "ok", "{run:#}");
    }
}

/// A workflow that was run.
struct Asked {
    workflow: String,
}

fn asking(using: &str, path: &str) -> String {
    format!(
        r#"
format: 1
name: Ask {using} for {path}
trigger: {{ on: manual.start }}
steps:
  - id: ask
    do: http.request
    using: {using}
    with: {{ method: GET, url: "{path}" }}
  - id: keep
    do: files.append_text
    with: {{ file: ~/answers.txt, text: "you {{{{ steps.ask.body.you }}}}" }}
settings: {{ mode: one_at_a_time }}
"#
    )
}

const NOTE: &str = r#"
format: 1
name: Note something
trigger: { on: manual.start }
steps:
  - id: note
    do: files.append_text
    with: { file: ~/notes.txt, text: noted }
"#;

fn begin(mut command: Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn finish(child: Child, call: &str) -> Answer {
    let output = child.wait_with_output().unwrap();
    Answer {
        call: format!("errand {call}"),
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn the_key_is_in_the_keyring_and_the_folder_holds_nothing_that_opens() {
    let mut person = Person::with_keyring();
    let echo = Echo::start();
    person.add("Shop", &echo.address(), &["canary-token"]).ok();
    assert_eq!(person.keyring().keys(), 1, "the keyring has the key");
    assert!(!person.workspace.data().join("secrets.key").exists());
    person.add("Other", &echo.address(), &["canary-other"]).ok();
    assert_eq!(person.keyring().keys(), 1, "one key for all");

    let _engine = person.start();
    let asked = person.ask("Shop", "/who");
    person.ends_well(&asked);
    assert!(
        echo.heard("authorization: Bearer canary-token"),
        "the server got it"
    );
    Traces::of(&person.workspace).have_none(&["canary-token", "canary-other"]);
}

#[test]
fn while_the_keyring_is_locked_runs_wait_and_go_on_once_it_is_open() {
    let mut person = Person::with_keyring();
    let echo = Echo::start();
    person.add("Shop", &echo.address(), &["canary-token"]).ok();
    person.keyring().lock();
    let _engine = person.start();
    let asked = person.ask("Shop", "/who");
    person.waits(&asked, &["keyring", "is locked"]);
    let status = person.errand(&["connection", "unlock"], &[]);
    status
        .exits(1)
        .says(&["keyring was not unlocked"])
        .is_plain();
    let note = person.workspace.import(NOTE, &["--enable"]);
    person.run(&note);
    person.ends_well(&Asked { workflow: note });
    assert_eq!(echo.requests(), 0, "nothing was asked without the secret");

    person.keyring().unlock();
    person.ends_well(&asked);
    assert!(echo.heard("authorization: Bearer canary-token"));
}

#[test]
fn a_keyring_that_hangs_holds_up_only_what_needs_it() {
    let mut person = Person::with_keyring();
    let echo = Echo::start();
    person.add("Shop", &echo.address(), &["canary-token"]).ok();
    person.keyring().hangs(true);
    let _engine = person.start();
    let asked = person.ask("Shop", "/who");
    let note = person.workspace.import(NOTE, &["--enable"]);
    person.run(&note);
    person.ends_well(&Asked { workflow: note });
    person.waits(&asked, &["keyring", "doesn't answer"]);
    person.keyring().hangs(false);
    person.ends_well(&asked);
}

#[test]
fn a_connection_can_be_tried() {
    let person = Person::without_keyring();
    let echo = Echo::start();
    let address = format!("{}/accepts/right", echo.address());
    person.add("Shop", &address, &["wrong", PASS_PHRASE]).ok();
    let _engine = person.start();
    let test = ["connection", "test", "Shop"];
    person
        .errand(&test, &[PASS_PHRASE])
        .exits(1)
        .says(&["401", "replace"])
        .is_plain();
    assert_eq!(person.connection("Shop")["state"], "broken");
    let replace = ["connection", "replace", "Shop", "--secret", "token"];
    person.errand(&replace, &["right"]).ok();
    person.errand(&test, &[]).ok();
    assert_eq!(person.connection("Shop")["state"], "works");
}

#[test]
fn a_keyring_that_refuses_keeps_nothing_and_says_so() {
    let mut person = Person::with_keyring();
    person.keyring().lock();
    let added = person.add("Shop", "https://a.example", &["canary-token"]);
    added
        .exits(1)
        .says(&["keyring was not unlocked", "unlock"])
        .is_plain();
    assert_eq!(
        person.json(&["connection", "list"]),
        Value::Array(Vec::new())
    );
    Traces::of(&person.workspace).have_none(&["canary-token"]);
}

#[test]
fn a_key_that_is_gone_is_said_plainly_and_entering_the_secret_again_mends_it() {
    let mut person = Person::with_keyring();
    let echo = Echo::start();
    person.add("Shop", &echo.address(), &["canary-token"]).ok();
    person.add("Other", &echo.address(), &["canary-other"]).ok();
    person.keyring().forget();
    let _engine = person.start();
    let asked = person.ask("Shop", "/who");
    person.waits(&asked, &["key", "gone from your keyring"]);

    let replace = ["connection", "replace", "Shop", "--secret", "token"];
    person.errand(&replace, &["canary-again"]).ok();
    person.ends_well(&asked);
    assert!(echo.heard("authorization: Bearer canary-again"));
    let other = person.connection("Other");
    assert_eq!(other["state"], "broken", "{other:#}");
    assert!(
        other["problem"]
            .as_str()
            .unwrap()
            .contains("Enter the secret again")
    );
}

#[test]
fn without_a_keyring_a_pass_phrase_opens_the_secrets_after_each_start() {
    let person = Person::without_keyring();
    let echo = Echo::start();
    let without = person.add("Shop", &echo.address(), &["canary-token"]);
    without
        .exits(1)
        .says(&["no keyring", "pass phrase"])
        .is_plain();
    let short = person.add("Shop", &echo.address(), &["canary-token", "short"]);
    short.exits(1).says(&["too short"]).is_plain();
    person
        .add("Shop", &echo.address(), &["canary-token", PASS_PHRASE])
        .ok();

    let _engine = person.start();
    let asked = person.ask("Shop", "/who");
    person.waits(&asked, &["locked with a pass phrase"]);
    let unlock = ["connection", "unlock"];
    let wrong = person.errand(&unlock, &["not the pass phrase"]);
    wrong.exits(1).says(&["isn't the pass phrase"]).is_plain();
    assert_eq!(echo.requests(), 0);
    person.errand(&unlock, &[PASS_PHRASE]).ok();
    person.ends_well(&asked);
    assert!(echo.heard("authorization: Bearer canary-token"));
    Traces::of(&person.workspace).have_none(&["canary-token", PASS_PHRASE]);
}

#[test]
fn a_pass_phrase_can_come_from_a_file_where_nobody_sits() {
    let person = Person::without_keyring();
    let echo = Echo::start();
    let file = person
        .workspace
        .write("pass phrase", format!("{PASS_PHRASE}\n"));
    let with_file = |args: &[&str]| {
        let mut command = person.command(args);
        command.env("ERRAND_PASS_PHRASE_FILE", &file);
        command
    };
    let address = format!("address={}", echo.address());
    let add = [
        "connection",
        "add",
        "http",
        "--name",
        "Shop",
        "--set",
        &address,
        "--secret",
        "token",
    ];
    let mut child = begin(with_file(&add));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"canary-token\n")
        .unwrap();
    finish(child, "connection add").ok();
    let _engine = person.workspace.start_command(with_file(&["serve"]));
    let asked = person.ask("Shop", "/who");
    person.ends_well(&asked);
}

#[test]
fn a_refused_secret_stops_its_connection_once_and_replacing_it_lets_all_go_on_in_order() {
    let person = Person::without_keyring();
    let echo = Echo::start();
    person
        .add("Shop", &echo.address(), &["stale-token", PASS_PHRASE])
        .ok();
    let _engine = person.start();
    person
        .errand(&["connection", "unlock"], &[PASS_PHRASE])
        .ok();
    let asked = person.ask("Shop", "/accepts/fresh-token?{{ run.id }}");
    person.waits(&asked, &["401"]);
    for _ in 0..5 {
        person.run(&asked.workflow);
    }
    let waiting = || {
        let runs = person.json(&["runs", "list", "--workflow", &asked.workflow]);
        let runs = runs.as_array().unwrap().clone();
        runs.iter().filter(|run| run["state"] == "waiting").count()
    };
    wait_until("all wait", SOON, || waiting() == 6);
    assert_eq!(
        echo.requests(),
        1,
        "nobody asks again with a secret that was refused"
    );
    let shop = person.connection("Shop");
    assert_eq!(
        (&shop["state"], &shop["waiting"]),
        (&"broken".into(), &6.into()),
        "{shop:#}"
    );

    let replace = ["connection", "replace", "Shop", "--secret", "token"];
    person.errand(&replace, &["fresh-token"]).ok();
    wait_until("all go on", SOON, || {
        let runs = person.json(&["runs", "list", "--workflow", &asked.workflow]);
        let runs = runs.as_array().unwrap().clone();
        runs.iter().all(|run| run["outcome"] == "ok")
    });
    let runs = person.json(&["runs", "list", "--workflow", &asked.workflow]);
    let runs = runs.as_array().unwrap().iter().rev();
    let in_order: Vec<&str> = runs.map(|run| run["id"].as_str().unwrap()).collect();
    assert_eq!(
        echo.queries()[1..],
        in_order,
        "each asked once, the oldest first"
    );
    assert_eq!(person.connection("Shop")["state"], "works");
}

#[test]
fn a_connection_in_use_is_not_removed_by_mistake_and_its_secret_goes_with_it() {
    let person = Person::without_keyring();
    let echo = Echo::start();
    person
        .add("Shop", &echo.address(), &["canary-token", PASS_PHRASE])
        .ok();
    let workflow = person
        .workspace
        .import(&asking("Shop", "/who"), &["--enable"]);
    assert_eq!(
        person.connection("Shop")["used_by"][0]["id"],
        workflow.as_str()
    );
    let remove = ["connection", "remove", "Shop"];
    person
        .errand(&remove, &[])
        .exits(1)
        .says(&["is used by", "switched on", "--force"])
        .is_plain();
    person.errand(&["workflow", "disable", &workflow], &[]).ok();
    person.errand(&remove, &[]).ok();
    assert_eq!(
        person.json(&["connection", "list"]),
        Value::Array(Vec::new())
    );
    let enabled = person.errand(
        &[
            "workflow",
            "import",
            &person.workspace.document(&asking("Shop", "/x")),
            "--enable",
        ],
        &[],
    );
    enabled
        .exits(1)
        .says(&["no connection called “Shop”"])
        .is_plain();
}

#[test]
fn a_document_says_which_connection_by_name_and_what_doesnt_fit_is_said() {
    let person = Person::without_keyring();
    person
        .add("Shop", "https://a.example", &["canary-token", PASS_PHRASE])
        .ok();
    let file = person.workspace.document(&asking("Shopp", "/who"));
    person.errand(&["check", &file], &[]).ok();
    let import = person.errand(&["workflow", "import", &file, "--enable"], &[]);
    import
        .exits(1)
        .says(&["no connection called “Shopp”", "Did you mean “Shop”?"])
        .is_plain();
    let unused = NOTE.replace(
        "do: files.append_text",
        "do: files.append_text\n    using: Shop",
    );
    let file = person.workspace.document(&unused);
    person
        .errand(&["check", &file], &[])
        .exits(1)
        .says(&["can't use a connection"])
        .is_plain();
    let workflow = person.workspace.import(&asking("Shop", "/who"), &[]);
    let exported = person
        .errand(&["workflow", "export", &workflow], &[])
        .ok()
        .out;
    assert!(exported.contains("using: Shop"), "{exported}");
}
