//! The engine dies while calls come in: nothing acknowledged is lost, nothing that must not be
//! repeated is repeated. What really happened is what a separate process wrote down.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use errand_testkit::{Dice, Engine, Witness, Workspace, wait_until, witness::Manner};
use serde_json::{Value, json};

use super::caller::Hook;

const SOON: Duration = Duration::from_secs(60);
const ROUNDS: usize = 8;
const SENDERS: usize = 4;

/// Passes what was sent on to the witness, in a way that must not be repeated.
fn pass_on(witness: &Witness, how: &str) -> String {
    format!(
        r#"
format: 1
name: Pass calls on
trigger: {{ on: webhook.received }}
steps:
  - id: named
    set: {{ name: "{{{{ trigger.body.name }}}}" }}
  - id: tell
    do: http.request
    with: {{ url: "{}/orders", json: {{ name: "{{{{ steps.named.name }}}}" }}, {how} }}
"#,
        witness.address
    )
}

/// A webhook whose calls reach a witness. No engine runs yet.
struct Passed {
    workspace: Workspace,
    witness: Witness,
    workflow: String,
    hook: Hook,
}

impl Passed {
    #[track_caller]
    fn on(how: &str, manner: Manner) -> Self {
        let workspace = Workspace::new();
        let witness = Witness::start(&workspace.data().join("../witness.log"), manner);
        let (workflow, hook) = Hook::enable(&workspace, &pass_on(&witness, how));
        Self {
            workspace,
            witness,
            workflow,
            hook,
        }
    }

    /// An engine that will abort at this point, as soon as it can be called.
    fn doomed(&self, fault: &str) -> Engine {
        let engine = self.workspace.start_doomed(fault);
        wait_until("it can be called", SOON, || self.hook.connect().is_some());
        engine
    }

    fn send(&self, name: &str) -> Option<u16> {
        let body = json!({ "name": name }).to_string();
        let heard = self.hook.send("POST", &[("Idempotency-Key", name)], body);
        heard.map(|heard| heard.status)
    }

    /// How often the witness saw each name.
    fn seen(&self) -> BTreeMap<String, usize> {
        let mut seen = BTreeMap::new();
        for request in self.witness.saw() {
            let body: Value = serde_json::from_str(request["body"].as_str().unwrap()).unwrap();
            let name = body["name"].as_str().unwrap().to_owned();
            *seen.entry(name).or_default() += 1;
        }
        seen
    }

    fn runs(&self) -> Vec<Value> {
        self.workspace.runs(&self.workflow)
    }

    /// Waits until no run goes on by itself.
    #[track_caller]
    fn settle(&self) {
        let is_settled = |run: &Value| run["state"] == "done" || run["state"] == "attention";
        wait_until("every run has ended or asks", SOON, || {
            self.runs().iter().all(is_settled)
        });
    }
}

#[test]
fn a_crash_before_the_commit_answers_nothing_and_keeps_nothing() {
    let passed = Passed::on("method: POST", Manner::Answers);
    let mut engine = passed.doomed("engine.hook_before_commit");
    assert_eq!(passed.send("Ada"), None, "not acknowledged");
    assert!(engine.aborts_within(SOON), "{}", engine.said());
    let _engine = passed.workspace.start();
    assert!(passed.runs().is_empty());
    assert_eq!(passed.send("Ada"), Some(200), "the sender comes again");
    wait_until("it was passed on", SOON, || passed.seen().len() == 1);
    passed.settle();
    assert_eq!(passed.seen()["Ada"], 1);
    assert_eq!(passed.runs().len(), 1);
}

#[test]
fn a_crash_between_the_commit_and_the_answer_runs_it_once() {
    let passed = Passed::on("method: POST", Manner::Answers);
    let mut engine = passed.doomed("engine.hook_after_commit");
    assert_eq!(passed.send("Ada"), None, "the answer is lost");
    assert!(engine.aborts_within(SOON), "{}", engine.said());
    let _engine = passed.workspace.start();
    wait_until("it was passed on", SOON, || passed.seen().len() == 1);
    assert_eq!(passed.send("Ada"), Some(200), "known already");
    passed.settle();
    assert_eq!(passed.seen()["Ada"], 1);
    let runs = passed.runs();
    assert_eq!((runs.len(), &runs[0]["outcome"]), (1, &json!("ok")));
}

#[test]
fn killed_again_and_again_under_load_it_loses_nothing_and_repeats_nothing() {
    let passed = Passed::on("method: POST", Manner::Answers);
    let mut dice = Dice::new("killed under load");
    let (over, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    let acknowledged = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    let name = format!("call {:05}", sent.fetch_add(1, Ordering::SeqCst));
                    if insist(&passed, &name, &over) {
                        acknowledged.lock().unwrap().insert(name);
                    }
                }
            });
        }
        for _ in 0..ROUNDS {
            let engine = passed.workspace.start();
            thread::sleep(Duration::from_millis(dice.between(200, 1500)));
            engine.kill();
        }
        over.store(true, Ordering::SeqCst);
    });
    let _engine = passed.workspace.start();
    passed.settle();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > 50, "only {} calls", acknowledged.len());
    judge(&passed, &acknowledged);
}

/// Sends until it is acknowledged, as senders do.
fn insist(passed: &Passed, name: &str, over: &AtomicBool) -> bool {
    loop {
        match passed.send(name) {
            Some(200) => return true,
            _ if over.load(Ordering::SeqCst) => return false,
            _ => thread::sleep(Duration::from_millis(20)),
        }
    }
}

#[track_caller]
fn judge(passed: &Passed, acknowledged: &BTreeSet<String>) {
    let (seen, mut runs) = (passed.seen(), BTreeMap::new());
    for run in passed.runs() {
        let name = run["subject"].as_str().unwrap().to_owned();
        assert!(runs.insert(name.clone(), run).is_none(), "{name} ran twice");
    }
    for name in acknowledged {
        assert!(
            runs.contains_key(name),
            "{name} was acknowledged and is lost"
        );
    }
    let mut unknown = 0;
    for (name, run) in &runs {
        let times = seen.get(name).copied().unwrap_or_default();
        if run["state"] == "done" {
            assert_eq!(
                (&run["outcome"], times),
                (&json!("ok"), 1),
                "{name}: {run:#}"
            );
            continue;
        }
        unknown += 1;
        assert!(times <= 1, "{name} was repeated: {run:#}");
        let shown = passed
            .workspace
            .json(&["runs", "show", run["id"].as_str().unwrap()]);
        assert_eq!(shown["steps"][1]["state"], "unknown", "{name}: {shown:#}");
    }
    println!(
        "{} acknowledged, {} runs, {unknown} unknown",
        acknowledged.len(),
        runs.len()
    );
    passed.workspace.errand(&["doctor"]).ok();
}

/// What was sent, told apart as the other side would: a key makes repeats one and the same.
fn effects(witness: &Witness) -> BTreeSet<String> {
    let requests = witness.saw().into_iter();
    let effects = requests.map(|it| {
        let key = &it["headers"]["idempotency-key"];
        format!("{} {} {} {key}", it["method"], it["path"], it["body"])
    });
    effects.collect()
}

const CLASSES: [(&str, &str, bool); 4] = [
    ("method: GET", "read", true),
    ("method: PUT", "idempotent", true),
    ("method: POST, repeat: safe", "idempotent", true),
    ("method: POST", "unsafe", false),
];

#[test]
fn a_reply_lost_after_the_effect_leaves_one_effect_or_asks() {
    for (how, class, is_repeated) in CLASSES {
        let passed = Passed::on(how, Manner::LosesFirstReply);
        let _engine = passed.workspace.start();
        assert_eq!(passed.send("Ada"), Some(200));
        one_effect_or_unknown(&passed, how, class, is_repeated);
    }
}

#[test]
fn a_crash_after_the_effect_leaves_one_effect_or_asks() {
    for (how, class, is_repeated) in CLASSES {
        let passed = Passed::on(how, Manner::Answers);
        let mut engine = passed.doomed("engine.after_effect");
        passed.send("Ada");
        assert!(engine.aborts_within(SOON), "{how}: {}", engine.said());
        let _engine = passed.workspace.start();
        one_effect_or_unknown(&passed, how, class, is_repeated);
    }
}

#[track_caller]
fn one_effect_or_unknown(passed: &Passed, how: &str, class: &str, is_repeated: bool) {
    wait_until("there is a run", SOON, || !passed.runs().is_empty());
    passed.settle();
    let run = &passed.runs()[0];
    let shown = passed
        .workspace
        .json(&["runs", "show", run["id"].as_str().unwrap()]);
    let step = &shown["steps"][1];
    let expected = if is_repeated { "succeeded" } else { "unknown" };
    assert_eq!(
        (&step["effect"], &step["state"]),
        (&json!(class), &json!(expected)),
        "{how}: {shown:#}"
    );
    assert_eq!(
        effects(&passed.witness).len(),
        1,
        "{how}: {:#?}",
        passed.witness.saw()
    );
    let times = if is_repeated { 2 } else { 1 };
    assert_eq!(passed.witness.saw().len(), times, "{how}");
}
