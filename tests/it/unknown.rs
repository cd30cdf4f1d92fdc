//! An interrupted action that must not be repeated: nobody can tell whether it was done, so a
//! person is asked, and the three answers do what they say.

use std::time::Duration;

use errand_testkit::{Engine, Workspace, wait_until};
use serde_json::Value;

use crate::documents::UNSAFE;

const SOON: Duration = Duration::from_secs(30);

/// A run whose first step was interrupted at `fault`, and the engine that found it so.
struct Interrupted {
    workspace: Workspace,
    run: String,
    _engine: Engine,
}

impl Interrupted {
    fn at(fault: &str) -> Self {
        let workspace = Workspace::new();
        let workflow = workspace.import(UNSAFE, &[]);
        let mut engine = workspace.start_doomed(fault);
        wait_until("the engine listens", SOON, || {
            workspace.data().join("engine.sock").exists()
        });
        workspace.errand(&["run", &workflow, "--detach"]);
        assert!(
            engine.aborts_within(SOON),
            "the engine aborts at {fault}: {}",
            engine.said()
        );
        let engine = workspace.start();
        wait_until("the person is asked", SOON, || {
            state(&workspace, &workflow) == "attention"
        });
        let run = workspace.runs(&workflow)[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        Self {
            workspace,
            run,
            _engine: engine,
        }
    }

    fn answer(&self, answer: &str) -> Value {
        self.workspace
            .errand(&["runs", "resolve", &self.run, "tell", answer])
            .ok();
        wait_until("the run ends", SOON, || self.show()["state"] == "done");
        self.show()
    }

    fn show(&self) -> Value {
        self.workspace.json(&["runs", "show", &self.run])
    }

    fn told(&self) -> String {
        self.workspace.read("told.txt")
    }

    fn went_on(&self) -> String {
        self.workspace.read("log.txt")
    }
}

fn state(workspace: &Workspace, workflow: &str) -> Value {
    workspace
        .runs(workflow)
        .first()
        .map(|run| run["state"].clone())
        .unwrap_or_default()
}

#[test]
fn an_interrupted_unsafe_action_is_unknown_and_asks() {
    let interrupted = Interrupted::at("engine.after_effect");
    let run = interrupted.show();
    assert_eq!(run["steps"][0]["state"], "unknown", "{run:#}");
    assert!(
        run["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty()),
        "{run:#}"
    );
    assert_eq!(
        interrupted.told(),
        "told\n",
        "it was done, though not recorded"
    );
    assert_eq!(
        interrupted.went_on(),
        "",
        "nothing goes on before the answer"
    );
}

#[test]
fn it_was_done_goes_on_without_repeating() {
    let interrupted = Interrupted::at("engine.after_effect");
    let run = interrupted.answer("done");
    assert_eq!(run["outcome"], "ok", "{run:#}");
    assert_eq!(interrupted.told(), "told\n");
    assert_eq!(interrupted.went_on(), "went on\n");
}

#[test]
fn do_it_again_repeats_once_and_goes_on() {
    let interrupted = Interrupted::at("engine.before_effect");
    assert_eq!(
        interrupted.told(),
        "",
        "it was not done, though nobody can tell"
    );
    let run = interrupted.answer("again");
    assert_eq!(run["outcome"], "ok", "{run:#}");
    assert_eq!(interrupted.told(), "told\n");
    assert_eq!(interrupted.went_on(), "went on\n");
}

#[test]
fn leave_it_out_goes_on_without_it() {
    let interrupted = Interrupted::at("engine.before_effect");
    let run = interrupted.answer("skip");
    assert_eq!(run["outcome"], "ok_with_skips", "{run:#}");
    assert_eq!(run["steps"][0]["state"], "skipped", "{run:#}");
    assert_eq!(interrupted.told(), "");
    assert_eq!(interrupted.went_on(), "went on\n");
}

#[test]
fn an_answer_can_also_be_given_while_no_engine_runs() {
    let interrupted = Interrupted::at("engine.after_effect");
    let Interrupted {
        workspace,
        run,
        _engine: engine,
    } = interrupted;
    engine.stop();
    workspace
        .errand(&["runs", "resolve", &run, "tell", "done"])
        .ok();
    let _engine = workspace.start();
    wait_until("the run ends", SOON, || {
        workspace.json(&["runs", "show", &run])["state"] == "done"
    });
    assert_eq!(workspace.read("told.txt"), "told\n");
    assert_eq!(workspace.read("log.txt"), "went on\n");
}
