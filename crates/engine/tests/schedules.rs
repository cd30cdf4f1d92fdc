//! Schedules in an engine in this process, with a clock that the test moves.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects fails"
)]

mod surroundings;

use std::{path::Path, sync::Arc, time::Duration};

use errand_connectors::{Registry, ports::Clock as _};
use errand_engine::{Engine, Handle, Parts};
use errand_model::{Timestamp, Value, Workflow, WorkflowId};
use errand_store::{RunFilter, Store};
use errand_testkit::FakeClock;
use jiff::SignedDuration;
use surroundings::NoDesktop;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

async fn start(home: &Path, clock: &FakeClock) -> Engine {
    let store = Store::open(&home.join("data"), clock.now()).expect("the database opens");
    let parts = Parts {
        store,
        registry: Arc::new(Registry::builtin()),
        ports: Arc::new(NoDesktop(home.to_owned())),
        clock: Arc::new(clock.clone()),
        home: home.to_owned(),
    };
    Engine::start(parts).await.expect("the engine starts")
}

fn workflow(trigger: &str, more: &str) -> Workflow {
    let text = format!(
        "format: 1\nname: On time\ntrigger: {trigger}\n{more}\nsteps:\n  - id: note\n    set: {{ due: \"{{{{ trigger.due }}}}\" }}\n"
    );
    errand_model::document::parse(&text).expect("the document is right")
}

async fn switched_on(handle: &Handle, trigger: &str, more: &str) -> WorkflowId {
    let id = handle.create(workflow(trigger, more), true).await.unwrap();
    handle.enable(id, true).await.unwrap();
    id
}

/// The events of all runs, the oldest first.
async fn events(handle: &Handle) -> Vec<Value> {
    let filter = RunFilter {
        workflow: None,
        state: None,
        before: None,
        limit: 1000,
    };
    let read = handle.store().read(move |view| {
        let mut events = Vec::new();
        for run in view.list_runs(&filter)? {
            events.extend(view.event(run.event_seq)?.map(|event| event.payload));
        }
        Ok(events)
    });
    let mut events = read.await.expect("the runs can be read");
    events.reverse();
    events
}

/// The due times of all runs, as hours and minutes.
async fn due(handle: &Handle) -> Vec<String> {
    let events = events(handle).await;
    let due = events
        .iter()
        .map(|event| event["due"].as_str().unwrap_or_default());
    due.map(|due| due.get(11..16).unwrap_or_default().to_owned())
        .collect()
}

async fn until<F: AsyncFnMut() -> bool>(what: &str, mut holds: F) {
    let tries = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    if tokio::time::timeout(Duration::from_secs(20), tries)
        .await
        .is_err()
    {
        panic!("{what}: not so in time");
    }
}

async fn until_due(handle: &Handle, expected: &[&str]) {
    let what = format!("the times that ran are {expected:?}");
    until(&what, async || due(handle).await == expected).await;
}

async fn until_away(handle: &Handle, count: usize) -> Vec<String> {
    let what = format!("{count} things are on record");
    until(&what, async || {
        handle.while_away(100).await.unwrap().len() == count
    })
    .await;
    let news = handle.while_away(100).await.unwrap();
    news.into_iter().map(|news| news.sentence).collect()
}

async fn problem(handle: &Handle, id: WorkflowId) -> Option<String> {
    handle
        .trigger_health(id)
        .await
        .unwrap()
        .and_then(|row| row.problem)
}

const HOURLY: &str = "{ on: schedule.every, with: { every: 1h, timezone: UTC } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_begins_with_the_switch_on_and_runs_at_each_time() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2026-11-25T08:30:00Z");
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    switched_on(&handle, HOURLY, "").await;
    clock.advance(SignedDuration::from_mins(30));
    until_due(&handle, &["09:00"]).await;
    clock.advance(SignedDuration::from_mins(60));
    until_due(&handle, &["09:00", "10:00"]).await;
    let events = events(&handle).await;
    assert_eq!(events[1]["due"], "2026-11-25T10:00:00+00:00");
    assert_eq!(events[1]["previous"], "2026-11-25T09:00:00+00:00");
    assert_eq!(events[1]["missed"], serde_json::json!([]));
    assert!(
        handle.while_away(10).await.unwrap().is_empty(),
        "nothing was missed"
    );
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_asleep_or_off_follows_the_rule_and_is_on_record() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2026-11-25T08:30:00Z");
    let engine = start(home.path(), &clock).await;
    switched_on(&engine.handle(), HOURLY, "").await;
    clock.advance(SignedDuration::from_mins(200));
    let handle = engine.handle();
    until_due(&handle, &["11:00"]).await;
    let news = until_away(&handle, 1).await;
    assert_eq!(
        news[0],
        "3 times were missed while the computer slept, from Wed 25 Nov 2026, 09:00 UTC to \
         Wed 25 Nov 2026, 11:00 UTC. One run made up for all of them."
    );
    assert_eq!(
        events(&handle).await[0]["missed"].as_array().map(Vec::len),
        Some(3)
    );
    engine.stop().await;

    clock.advance(SignedDuration::from_mins(60));
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    until_due(&handle, &["11:00", "12:00"]).await;
    let news = until_away(&handle, 2).await;
    assert!(
        news[0].starts_with("One time was missed while Errand wasn't running"),
        "{news:?}"
    );

    clock.set("2026-11-25T15:10:00Z");
    until_due(&handle, &["11:00", "12:00", "15:00"]).await;
    let news = until_away(&handle, 3).await;
    // A clock that is set at the very moment of a look can't be told from a computer that slept.
    let why = ["when the clock was set forward", "while the computer slept"];
    assert!(
        news[0].starts_with("3 times were missed")
            && why.iter().any(|words| news[0].contains(words)),
        "{news:?}"
    );
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_missed_time_runs_when_the_workflow_says_so_and_none_when_it_says_that() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2026-11-25T08:30:00Z");
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    switched_on(
        &handle,
        HOURLY,
        "settings: { missed: run_each, mode: one_at_a_time }",
    )
    .await;
    let skipping = switched_on(&handle, HOURLY, "settings: { missed: skip }").await;
    clock.advance(SignedDuration::from_mins(155));
    until_due(&handle, &["09:00", "10:00", "11:00"]).await;
    until_away(&handle, 2).await;
    let news = handle.while_away(10).await.unwrap();
    let left_out = news
        .iter()
        .find(|news| news.workflow == skipping)
        .expect("it is on record");
    assert_eq!((left_out.slots, left_out.made_up), (3, 0));
    assert!(
        left_out.sentence.ends_with("They were left out."),
        "{}",
        left_out.sentence
    );
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_repeats_nothing_and_a_person_can_say_that_it_is_right() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2026-11-25T11:30:00Z");
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    let id = switched_on(&handle, HOURLY, "").await;
    clock.advance(SignedDuration::from_mins(30));
    until_due(&handle, &["12:00"]).await;

    clock.set("2026-11-25T10:30:00Z");
    until("the person is told", async || {
        problem(&handle, id).await.is_some()
    })
    .await;
    let told = problem(&handle, id).await.unwrap_or_default();
    assert!(told.contains("it was later already"), "{told}");
    clock.advance(SignedDuration::from_mins(30));
    handle.confirm_clock().await.unwrap();
    until("it goes on", async || problem(&handle, id).await.is_none()).await;
    clock.advance(SignedDuration::from_mins(60));
    clock.advance(SignedDuration::from_secs(5));
    until("12:00 is dealt with again", async || {
        let upcoming = handle
            .upcoming(&workflow(HOURLY, ""), Some(id), 1)
            .await
            .unwrap();
        upcoming[0].due == at("2026-11-25T13:00:00Z")
    })
    .await;
    clock.advance(SignedDuration::from_mins(60));
    until_due(&handle, &["12:00", "13:00"]).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_to_2036_is_not_believed_until_it_is_set_right_or_confirmed() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2026-11-25T11:30:00Z");
    let engine = start(home.path(), &clock).await;
    let id = switched_on(&engine.handle(), HOURLY, "settings: { missed: run_each }").await;
    clock.advance(SignedDuration::from_mins(30));
    until_due(&engine.handle(), &["12:00"]).await;
    engine.stop().await;

    clock.set("2036-01-01T00:30:00Z");
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    until("the person is told", async || {
        problem(&handle, id).await.is_some()
    })
    .await;
    let told = problem(&handle, id).await.unwrap_or_default();
    assert!(told.contains("more than a year later"), "{told}");
    clock.set("2026-11-25T13:00:00Z");
    until_due(&handle, &["12:00", "13:00"]).await;
    until("it is well again", async || {
        problem(&handle, id).await.is_none()
    })
    .await;

    clock.set("2036-01-01T00:30:00Z");
    until("the person is told again", async || {
        problem(&handle, id).await.is_some()
    })
    .await;
    handle.confirm_clock().await.unwrap();
    let news = until_away(&handle, 1).await;
    assert!(
        news[0].starts_with("More than 10000 times were missed"),
        "{news:?}"
    );
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_switched_on_under_a_wrong_clock_begins_when_it_is_set_right() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2026-11-25T11:30:00Z");
    start(home.path(), &clock).await.stop().await;

    clock.set("2036-01-01T00:30:00Z");
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    let id = switched_on(&handle, HOURLY, "").await;
    until("the person is told", async || {
        problem(&handle, id).await.is_some()
    })
    .await;
    clock.set("2026-11-25T11:50:00Z");
    until("it is well again", async || {
        problem(&handle, id).await.is_none()
    })
    .await;
    clock.advance(SignedDuration::from_mins(10));
    until_due(&handle, &["12:00"]).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_due_while_it_was_switched_off_never_runs() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2026-11-25T08:30:00Z");
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    let id = switched_on(&handle, HOURLY, "settings: { missed: run_each }").await;
    handle.enable(id, false).await.unwrap();
    clock.advance(SignedDuration::from_mins(150));
    handle.enable(id, true).await.unwrap();
    clock.advance(SignedDuration::from_mins(60));
    until_due(&handle, &["12:00"]).await;
    assert!(handle.while_away(10).await.unwrap().is_empty());
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_again_keeps_what_was_due_unless_the_schedule_is_another() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2026-11-25T08:30:00Z");
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    let id = switched_on(&handle, HOURLY, "").await;
    engine.stop().await;

    clock.advance(SignedDuration::from_mins(45));
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    handle
        .save(id, workflow(HOURLY, "about: With a note"), None)
        .await
        .unwrap();
    handle.publish(id).await.unwrap();
    until_due(&handle, &["09:00"]).await;

    let other = "{ on: schedule.every, with: { every: 2h, timezone: UTC } }";
    handle.save(id, workflow(other, ""), None).await.unwrap();
    handle.publish(id).await.unwrap();
    clock.advance(SignedDuration::from_mins(45));
    until_due(&handle, &["09:00", "10:00"]).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_times_are_told_with_their_zone_and_what_a_change_of_the_clocks_does() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let clock = FakeClock::at("2027-03-26T12:00:00Z");
    let engine = start(home.path(), &clock).await;
    let handle = engine.handle();
    let times = async |trigger: &str| {
        let upcoming = handle
            .upcoming(&workflow(trigger, ""), None, 5)
            .await
            .unwrap();
        let text = upcoming.into_iter().map(|it| match it.note {
            Some(note) => format!("{} ({note})", it.at),
            None => it.at,
        });
        text.collect::<Vec<_>>()
    };
    assert_eq!(
        times("{ on: schedule.at, with: { at: '02:30', timezone: Europe/Berlin } }").await,
        [
            "Sat 27 Mar 2027, 02:30 CET",
            "Sun 28 Mar 2027, 03:00 CEST (02:30 doesn't exist on that day, for the clocks go \
             forward; it runs at 03:00.)",
            "Mon 29 Mar 2027, 02:30 CEST",
            "Tue 30 Mar 2027, 02:30 CEST",
            "Wed 31 Mar 2027, 02:30 CEST",
        ]
    );
    let weekly =
        times("{ on: schedule.cron, with: { cron: '30 8 * * 1', timezone: Europe/Berlin } }");
    assert_eq!(
        weekly.await[0],
        "Mon 29 Mar 2027, 08:30 CEST (The clocks go forward on 28 March.)"
    );
    clock.set("2027-10-30T12:00:00Z");
    assert_eq!(
        times("{ on: schedule.at, with: { at: '02:30', timezone: Europe/Berlin } }").await[0],
        "Sun 31 Oct 2027, 02:30 CEST (02:30 comes twice on that day, for the clocks go back; it \
         runs the first time.)"
    );
    let samples = handle.samples(&workflow(HOURLY, "")).await.unwrap();
    assert_eq!(samples[0]["due"], "2027-10-30T13:00:00+00:00");
    engine.stop().await;
}

#[test]
fn fields_that_are_wrong_are_told_with_what_to_do() {
    let registry = Registry::builtin();
    let told = |trigger: &str| {
        let problems = errand_engine::check::problems(&workflow(trigger, ""), &registry);
        let told = problems.into_iter().map(|problem| {
            format!(
                "{}: {} {}",
                problem.place,
                problem.message,
                problem.hint.unwrap_or_default()
            )
        });
        told.collect::<Vec<_>>().join("\n")
    };
    let is_told = |trigger: &str, words: &[&str]| {
        let told = told(trigger);
        for word in words {
            assert!(told.contains(word), "“{word}” isn't told: {told}");
        }
    };
    for right in [
        HOURLY,
        "{ on: schedule.at, with: { at: 08:30 } }",
        "{ on: schedule.at, with: { at: ['8:30', '17:00'], on: [mon, Friday, 15, last] } }",
        "{ on: schedule.cron, with: { cron: '0 9 15W * MON#2', timezone: computer } }",
        "{ on: schedule.cron, with: { cron: '0 9 L * *', timezone: europe/berlin } }",
    ] {
        assert_eq!(told(right), "", "{right}");
    }
    is_told(
        "{ on: schedule.every }",
        &["trigger.with.every", "isn't filled in"],
    );
    is_told(
        "{ on: schedule.every, with: { every: 30s } }",
        &["too short", "`15m`"],
    );
    is_told(
        "{ on: schedule.every, with: { every: soon } }",
        &["isn't a length of time"],
    );
    is_told(
        "{ on: schedule.every, with: { every: 90s } }",
        &["whole minutes"],
    );
    is_told(
        "{ on: schedule.at, with: { at: '24:00' } }",
        &["trigger.with.at", "time of day"],
    );
    is_told(
        "{ on: schedule.at, with: { at: 8 } }",
        &["`8` isn't a time of day"],
    );
    is_told(
        "{ on: schedule.at, with: { at: '8:30', on: mondai } }",
        &["Did you mean `monday`?"],
    );
    is_told(
        "{ on: schedule.at, with: { at: '8:30', on: 32 } }",
        &["trigger.with.on", "1 to 31"],
    );
    is_told(
        "{ on: schedule.cron, with: { cron: '0 9 * *' } }",
        &["has 4 fields, not five"],
    );
    is_told(
        "{ on: schedule.cron, with: { cron: '0 25 * * *' } }",
        &["isn't a cron expression"],
    );
    is_told(
        "{ on: schedule.cron, with: { cron: '0 0 30 2 *' } }",
        &["never comes"],
    );
    is_told(
        "{ on: schedule.at, with: { at: '8:30', timezone: Europe/Berln } }",
        &["trigger.with.timezone", "Did you mean `Europe/Berlin`?"],
    );
    is_told(
        "{ on: schedule.at, with: { at: '8:30', timezone: new york } }",
        &["Did you mean `America/New_York`?"],
    );
}
