//! Webhooks through a relay: both sides are killed before and after every acknowledgement, messages
//! wait while the computer sleeps, and what is forged or replayed never runs.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use errand_testkit::{Answer, Dice, Engine, Workspace, wait_until};
use serde_json::{Value, json};

use crate::webhooks::caller::Hook;

const LONG: Duration = Duration::from_secs(120);

const NOTE: &str = r#"
format: 1
name: Note calls
trigger:
  on: webhook.received
steps:
  - id: note
    do: files.append_text
    with: { file: ~/Out/calls.txt, text: "{{ trigger.body.name }}" }
"#;

/// A relay that can be killed and started again at the same address.
struct Relay {
    workspace: Workspace,
    port: u64,
    running: Option<Engine>,
    invitation: String,
}

impl Relay {
    fn open() -> Self {
        let mut relay = Self {
            workspace: Workspace::new(),
            port: 0,
            running: None,
            invitation: String::new(),
        };
        relay.start();
        relay
    }

    fn start(&mut self) {
        let listen = format!("127.0.0.1:{}", self.port);
        let command = self.workspace.command(&["relay", "--listen", &listen]);
        let running = self.workspace.start_command(command);
        let address = running.ready["relay"].as_str().unwrap();
        self.port = address.rsplit(':').next().unwrap().parse().unwrap();
        self.invitation = running.ready["invitation"].as_str().unwrap().to_owned();
        self.running = Some(running);
    }

    fn kill(&mut self) {
        self.running.take().unwrap().kill();
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The files of the messages that wait, in order.
    fn waiting(&self) -> Vec<PathBuf> {
        let channels = self.workspace.data().join("relay/channels");
        let channel = fs::read_dir(channels)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        let entries = fs::read_dir(channel.join("messages")).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

/// A computer whose webhooks are called through a relay.
struct Computer {
    workspace: Workspace,
    workflow: String,
    /// Its address at the relay.
    hook: Hook,
}

impl Computer {
    fn of(relay: &Relay, document: &str) -> Self {
        let workspace = Workspace::new();
        workspace.folder("Out");
        workspace.write("pass phrase", "a pass phrase of some length");
        let join = command(&workspace, &["relay", "join", &relay.address()]);
        typed(join, &relay.invitation).ok();
        let workflow = workspace.enable(document);
        let shown = workspace.json(&["workflow", "show", &workflow]);
        let hook = Hook::of(shown["relay_url"].as_str().unwrap());
        Self {
            workspace,
            workflow,
            hook,
        }
    }

    fn start(&self) -> Engine {
        let serve = command(&self.workspace, &["serve"]);
        self.workspace.start_command(serve)
    }

    fn start_doomed(&self, fault: &str) -> Engine {
        let mut serve = command(&self.workspace, &["serve"]);
        serve.env("ERRAND_FAULT", fault);
        self.workspace.start_doomed_command(serve)
    }

    fn noted(&self) -> Vec<String> {
        let text = self.workspace.read("Out/calls.txt");
        text.lines().map(str::to_owned).collect()
    }

    fn has_each_once(&self, wanted: &BTreeSet<String>) {
        wait_until("every call is noted", LONG, || {
            self.noted().len() >= wanted.len()
        });
        wait_until("all runs end", LONG, || {
            let runs = self.workspace.runs(&self.workflow);
            runs.iter().all(|run| run["outcome"] == "ok")
        });
        let noted = self.noted();
        let distinct: BTreeSet<String> = noted.iter().cloned().collect();
        assert_eq!(distinct.len(), noted.len(), "none twice");
        assert_eq!(&distinct, wanted, "none missing, none made up");
    }

    fn status(&self) -> Value {
        self.workspace.json(&["relay", "status"])["relay"].clone()
    }
}

/// A command that finds its pass phrase, for no keyring is there.
fn command(workspace: &Workspace, args: &[&str]) -> Command {
    let mut command = workspace.command(args);
    command.env("ERRAND_PASS_PHRASE_FILE", workspace.path("pass phrase"));
    command
}

fn typed(mut command: Command, line: &str) -> Answer {
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    let output = child.wait_with_output().unwrap();
    Answer {
        call: "errand relay join".to_owned(),
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Calls until the relay has taken it, as any sender does.
fn insist(hook: &Hook, name: &str) {
    wait_until("the relay takes the call", LONG, || {
        hook.post(&json!({ "name": name }))
            .is_some_and(|heard| heard.status == 200)
    });
}

#[test]
fn calls_wait_while_the_computer_sleeps_and_arrive_once_and_in_order() {
    let relay = Relay::open();
    let computer = Computer::of(&relay, NOTE);
    let wanted: Vec<String> = (0..600).map(|number| format!("call {number:05}")).collect();
    for name in &wanted {
        insist(&computer.hook, name);
    }
    let _engine = computer.start();
    computer.has_each_once(&wanted.iter().cloned().collect());
    wait_until("the relay has forgotten them", LONG, || {
        relay.waiting().is_empty()
    });
    assert_eq!(computer.status()["connected"], true);
    insist(&computer.hook, "awake");
    wait_until("it arrives at once", LONG, || {
        computer.noted().contains(&"awake".to_owned())
    });
}

#[test]
fn each_call_runs_once_however_often_both_sides_are_killed() {
    let mut dice = Dice::new("kills on both sides of a relay");
    let mut relay = Relay::open();
    let computer = Computer::of(&relay, NOTE);
    let mut wanted = BTreeSet::new();
    for round in 0..12 {
        let fault = "engine.relay_before_acknowledge";
        let engine = match round % 3 {
            0 => computer.start_doomed(&format!("{fault}:{}", dice.between(1, 4))),
            _ => computer.start(),
        };
        for number in 0..dice.between(3, 12) {
            let name = format!("round {round}, call {number}");
            insist(&computer.hook, &name);
            wanted.insert(name);
        }
        thread::sleep(Duration::from_millis(dice.between(0, 300)));
        if round % 2 == 0 {
            relay.kill();
            relay.start();
        }
        engine.kill();
    }
    let _engine = computer.start();
    computer.has_each_once(&wanted);
}

#[test]
fn what_the_relay_replays_or_forges_is_refused() {
    let mut relay = Relay::open();
    let computer = Computer::of(&relay, NOTE);
    insist(&computer.hook, "genuine");
    insist(&computer.hook, "another");
    relay.kill();
    let waiting = relay.waiting();
    let first: Value = serde_json::from_slice(&fs::read(&waiting[0]).unwrap()).unwrap();
    // The first once more under a later number, and one that was tampered with.
    let replayed = json!({ "seq": 3, "at": first["at"], "sealed": first["sealed"] });
    let mut text = first["sealed"].as_str().unwrap().to_owned();
    text.replace_range(60..64, "AAAA");
    let forged = json!({ "seq": 4, "at": first["at"], "sealed": text });
    for (number, message) in [(3, replayed), (4, forged)] {
        let name = waiting[0].with_file_name(format!("{number:020}"));
        fs::write(name, message.to_string()).unwrap();
    }
    relay.start();
    let _engine = computer.start();
    insist(&computer.hook, "later");
    computer.has_each_once(&["genuine", "another", "later"].map(str::to_owned).into());
    assert_eq!(computer.status()["refused"], 2);
}

#[test]
fn nobody_but_the_device_fetches_or_acknowledges() {
    let relay = Relay::open();
    let computer = Computer::of(&relay, NOTE);
    insist(&computer.hook, "mine");
    let channel = relay.waiting()[0].ancestors().nth(2).unwrap().to_owned();
    let channel = channel.file_name().unwrap().to_string_lossy().into_owned();
    let door = |path: &str| Hook::of(&format!("{}{path}", relay.address()));
    let fetch = door(&format!("/c/{channel}/messages?after=0"));
    assert_eq!(fetch.send("GET", &[], String::new()).unwrap().status, 401);
    let signed = [("errand-nonce", "00"), ("errand-signature", "00")];
    assert_eq!(
        fetch.send("GET", &signed, String::new()).unwrap().status,
        401
    );
    let forget = door(&format!("/c/{channel}/acknowledge"));
    assert_eq!(forget.post(&json!({ "upto": 9 })).unwrap().status, 401);
    let stranger = door("/channels").post(&json!({ "sign": "00", "seal": "00" }));
    assert_eq!(stranger.unwrap().status, 401);
    let guess = door(&format!("/i/{}", "0".repeat(40))).post(&json!({}));
    assert_eq!(guess.unwrap().status, 404);
    assert_eq!(relay.waiting().len(), 1, "it still waits");
}
