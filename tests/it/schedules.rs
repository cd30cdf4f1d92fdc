//! Schedules through the real program, whose clock a file of the test moves: each time has its run
//! once, though the engine is killed around it, and a person hears what was missed.

use std::{
    cell::Cell,
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use errand_testkit::{Dice, Engine, Workspace, wait_until};
use serde_json::Value;

const LONG: Duration = Duration::from_secs(60);
const SOON: Duration = Duration::from_secs(5);
/// 25 November 2026, 08:30 UTC.
const HALF_PAST_EIGHT: u64 = 1_795_595_400;
const HOUR: u64 = 3600;

const HOURLY: &str = r#"
format: 1
name: Each hour
trigger: { on: schedule.every, with: { every: 1h, timezone: UTC } }
steps:
  - id: note
    set: { due: "{{ trigger.due }}" }
settings: { missed: run_each, mode: one_at_a_time }
"#;

const DAILY: &str = r#"
format: 1
name: Good morning
trigger: { on: schedule.at, with: { at: "08:00" } }
steps:
  - id: note
    set: { due: "{{ trigger.due }}" }
"#;

/// A workspace whose engines go by a clock of its own.
struct Timed {
    workspace: Workspace,
    zone: &'static str,
    /// What the clock was set to last, and for how long the computer slept till then.
    state: Cell<(u64, u64)>,
}

impl Timed {
    fn at(seconds: u64) -> Self {
        let timed = Self {
            workspace: Workspace::new(),
            zone: "UTC",
            state: Cell::new((seconds, 0)),
        };
        timed.set(seconds);
        timed
    }

    /// Somebody sets the clock.
    fn set(&self, seconds: u64) {
        let (_, slept) = self.state.get();
        self.state.set((seconds, slept));
        let really = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let shift = i128::from(seconds) - i128::from(really.as_secs());
        // In one go, for the engine reads it all the time.
        let draft = self.file().with_extension("draft");
        std::fs::write(&draft, format!("{shift} {slept}")).unwrap();
        std::fs::rename(draft, self.file()).unwrap();
    }

    /// The computer sleeps until then.
    fn sleep_until(&self, seconds: u64) {
        let (before, slept) = self.state.get();
        self.state
            .set((seconds, slept + seconds.saturating_sub(before)));
        self.set(seconds);
    }

    fn file(&self) -> PathBuf {
        self.workspace.path("../clock")
    }

    fn start(&self) -> Engine {
        self.workspace.start_command(self.serve())
    }

    /// An engine that aborts at this point.
    fn start_doomed(&self, fault: &str) -> Engine {
        let mut command = self.serve();
        command.env("ERRAND_FAULT", fault);
        self.workspace.start_doomed_command(command)
    }

    fn serve(&self) -> Command {
        let mut command = self.workspace.command(&["serve"]);
        command
            .env("ERRAND_CLOCK", self.file())
            .env("TZ", self.zone);
        command
    }

    fn show(&self, id: &str) -> Value {
        self.workspace.json(&["workflow", "show", id])
    }

    /// The due times of all runs, the oldest first.
    fn due(&self, id: &str) -> Vec<String> {
        let runs = self.workspace.runs(id).into_iter().rev();
        let due = runs.map(|run| {
            let run = self
                .workspace
                .json(&["runs", "show", run["id"].as_str().unwrap()]);
            run["event"]["due"].as_str().unwrap().to_owned()
        });
        due.collect()
    }

    fn until_due(&self, id: &str, expected: &[String]) {
        let what = format!("the times that ran are {expected:?}");
        wait_until(&what, LONG, || {
            self.workspace.runs(id).len() >= expected.len()
        });
        assert_eq!(self.due(id), expected);
    }
}

fn hours(range: std::ops::Range<u64>) -> Vec<String> {
    let text = |hour: u64| format!("2026-11-25T{hour:02}:00:00+00:00");
    range.map(text).collect()
}

#[test]
fn an_engine_that_dies_at_a_point_around_a_time_neither_loses_nor_repeats_it() {
    let before = (1..=4).map(|time| format!("store.before_commit:{time}"));
    let after = (1..=4).map(|time| format!("store.after_commit:{time}"));
    let mut deaths = 0;
    for fault in before
        .chain(after)
        .chain(["engine.after_accept".to_owned()])
    {
        let timed = Timed::at(HALF_PAST_EIGHT);
        let engine = timed.start();
        let id = timed.workspace.enable(HOURLY);
        engine.stop();

        timed.set(HALF_PAST_EIGHT + HOUR / 2 + 1);
        let mut doomed = timed.start_doomed(&fault);
        // What is written together differs from time to time, so the last points may not be reached.
        deaths += usize::from(doomed.aborts_within(SOON));
        doomed.kill();
        let _engine = timed.start();
        timed.until_due(&id, &hours(9..10));
        timed.set(HALF_PAST_EIGHT + HOUR / 2 + HOUR + 1);
        timed.until_due(&id, &hours(9..11));
    }
    assert!(deaths >= 6, "the engine died only {deaths} times");
}

#[test]
fn an_engine_that_is_killed_again_and_again_runs_each_time_once() {
    let timed = Timed::at(HALF_PAST_EIGHT);
    let mut dice = Dice::new("kills around a time");
    let engine = timed.start();
    let id = timed.workspace.enable(HOURLY);
    engine.stop();
    for hour in 0..12 {
        let engine = timed.start();
        timed.sleep_until(HALF_PAST_EIGHT + HOUR / 2 + hour * HOUR + 1);
        thread::sleep(Duration::from_millis(dice.between(0, 60)));
        engine.kill();
    }
    let _engine = timed.start();
    timed.until_due(&id, &hours(9..21));
    // Set back and forward again, nothing runs anew.
    timed.set(HALF_PAST_EIGHT + 8 * HOUR);
    wait_until("the clock is doubted", LONG, || {
        timed.show(&id)["trigger"]["ok"] == false
    });
    timed.set(HALF_PAST_EIGHT + 13 * HOUR + HOUR / 2 + 1);
    timed.until_due(&id, &hours(9..23));
}

#[test]
fn a_person_is_told_when_it_runs_next_and_what_was_missed() {
    let timed = Timed::at(HALF_PAST_EIGHT);
    let engine = timed.start();
    let id = timed.workspace.enable(DAILY);
    let said = timed.workspace.errand(&["workflow", "show", &id]).ok().out;
    assert!(
        said.contains("next at Thu 26 Nov 2026, 08:00 UTC"),
        "{said}"
    );

    timed.sleep_until(HALF_PAST_EIGHT + 3 * 24 * HOUR);
    wait_until("one run made up for it", LONG, || {
        timed.workspace.runs(&id).len() == 1
    });
    let said = timed.workspace.errand(&["workflow", "show", &id]).ok().out;
    assert!(
        said.contains("3 times were missed while the computer slept"),
        "{said}"
    );
    assert!(said.contains("One run made up for all of them."), "{said}");
    assert_eq!(timed.due(&id), ["2026-11-28T08:00:00+00:00"]);

    let by_hand = timed.workspace.json(&["run", &id]);
    let due = by_hand["event"]["due"].as_str().unwrap();
    assert!(due.starts_with("2026-11-28T08:30:"), "{due}");
    engine.stop();
}

#[test]
fn a_clock_ten_years_ahead_waits_for_a_person() {
    let timed = Timed::at(HALF_PAST_EIGHT);
    let engine = timed.start();
    let id = timed.workspace.enable(DAILY);
    engine.stop();

    timed.set(HALF_PAST_EIGHT + 10 * 366 * 24 * HOUR);
    let engine = timed.start();
    wait_until("the clock is doubted", LONG, || {
        timed.show(&id)["trigger"]["ok"] == false
    });
    let said = timed.workspace.errand(&["doctor"]).ok().out;
    assert!(said.contains("errand doctor --clock-is-right"), "{said}");
    assert!(timed.workspace.runs(&id).is_empty());
    timed.workspace.errand(&["doctor", "--clock-is-right"]).ok();
    wait_until("it goes on", LONG, || {
        timed.show(&id)["trigger"]["ok"] == true
    });
    engine.stop();
}

#[test]
fn a_schedule_keeps_to_its_zone_when_the_computer_moves_and_says_so() {
    let mut timed = Timed::at(HALF_PAST_EIGHT);
    timed.zone = "Europe/Berlin";
    let engine = timed.start();
    let id = timed.workspace.enable(DAILY);
    let following = DAILY.replace(r#"at: "08:00""#, r#"at: "08:00", timezone: computer"#);
    let following = timed.workspace.enable(&following);
    engine.stop();

    timed.zone = "America/New_York";
    let engine = timed.start();
    wait_until("the person is told", LONG, || {
        timed.show(&id)["away"]
            .as_array()
            .is_some_and(|news| !news.is_empty())
    });
    let shown = timed.show(&id);
    let told = shown["away"][0]["sentence"].as_str().unwrap();
    assert!(
        told.contains("America/New_York") && told.contains("Europe/Berlin"),
        "{told}"
    );
    assert_eq!(shown["upcoming"][0]["at"], "Thu 26 Nov 2026, 08:00 CET");
    let shown = timed.show(&following);
    assert_eq!(shown["upcoming"][0]["at"], "Wed 25 Nov 2026, 08:00 EST");
    assert_eq!(shown["away"], serde_json::json!([]));
    engine.stop();
}
