//! The rules for missed times as tables, and that whatever the clock does each time has at most one
//! run and is never lost from sight.

use std::collections::BTreeSet;

use errand_model::{Timestamp, Value, workflow::Missed};
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::json;

use super::{
    plan::{Plan, Question, plan},
    slots,
    spec::{Rhythm, Spec},
};

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn rhythm(with: Value) -> Rhythm {
    let with = with.as_object().expect("fields").clone();
    Spec::read(&with)
        .unwrap_or_else(|wrong| panic!("{wrong:?}"))
        .rhythm
}

fn asked(rhythm: &Rhythm, rule: Option<Missed>, last: &str, now: &str) -> Plan {
    plan(Question {
        rhythm,
        zone: &TimeZone::UTC,
        rule,
        last: at(last),
        now: at(now),
    })
}

/// Runs as `due` or `due (number of missed times it makes up for)`.
fn runs(plan: &Plan) -> Vec<String> {
    let one = |run: &super::plan::Due| {
        let due = run.due.strftime("%d %H:%M");
        match run.missed.len() {
            0 => due.to_string(),
            missed => format!("{due} ({missed})"),
        }
    };
    plan.runs.iter().map(one).collect()
}

/// How many times were missed, and how many of them made up for.
fn missed(plan: &Plan) -> (usize, usize) {
    plan.away
        .as_ref()
        .map_or((0, 0), |away| (away.count, away.made_up))
}

#[test]
fn asleep_over_one_three_and_thirty_ticks_each_rule_does_exactly_its_own() {
    let hourly = rhythm(json!({ "every": "1h" }));
    let last = "2026-11-10T08:00:00Z";
    // Awake at half past, so that none is on time.
    for (ticks, now) in [
        (1, "2026-11-10T09:30:00Z"),
        (3, "2026-11-10T11:30:00Z"),
        (30, "2026-11-11T14:30:00Z"),
    ] {
        let newest = at(now).strftime("%d %H:00").to_string();
        let plan = asked(&hourly, Some(Missed::Skip), last, now);
        assert_eq!((runs(&plan).len(), missed(&plan)), (0, (ticks, 0)));
        let plan = asked(&hourly, Some(Missed::RunOnce), last, now);
        assert_eq!(runs(&plan), [format!("{newest} ({ticks})")]);
        assert_eq!(missed(&plan), (ticks, ticks));
        let plan = asked(&hourly, Some(Missed::RunEach), last, now);
        let expected = (1..=ticks).map(|hour| {
            let due = at(last) + SignedDuration::from_hours(i64::try_from(hour).unwrap_or(0));
            format!("{} (1)", due.strftime("%d %H:%M"))
        });
        assert_eq!(runs(&plan), expected.collect::<Vec<_>>());
        assert_eq!(missed(&plan), (ticks, ticks));
    }
}

#[test]
fn a_time_that_is_on_time_has_its_run_and_the_missed_ones_follow_the_rule() {
    let hourly = rhythm(json!({ "every": "1h" }));
    let asked = |rule| {
        asked(
            &hourly,
            Some(rule),
            "2026-11-10T08:00:00Z",
            "2026-11-10T11:00:20Z",
        )
    };
    assert_eq!(runs(&asked(Missed::Skip)), ["10 11:00"]);
    assert_eq!(missed(&asked(Missed::Skip)), (2, 0));
    assert_eq!(runs(&asked(Missed::RunOnce)), ["10 11:00 (2)"]);
    assert_eq!(
        runs(&asked(Missed::RunEach)),
        ["10 09:00 (1)", "10 10:00 (1)", "10 11:00"]
    );
}

#[test]
fn without_a_rule_frequent_times_are_left_out_and_rare_ones_made_up_for() {
    let (last, now) = ("2026-11-10T08:00:00Z", "2026-11-10T12:05:00Z");
    let count = |with| runs(&asked(&rhythm(with), None, last, now)).len();
    assert_eq!(count(json!({ "every": "15m" })), 0);
    assert_eq!(count(json!({ "cron": "*/30 9-17 * * 1-5" })), 0);
    assert_eq!(count(json!({ "every": "1h" })), 1);
    assert_eq!(
        count(json!({ "at": ["09:00", "09:15"] })),
        1,
        "two times of a day are rare"
    );
}

#[test]
fn a_missed_time_is_made_up_for_only_within_a_day_a_week_or_a_month() {
    let made_up = |with, now| {
        let plan = asked(&rhythm(with), None, "2026-11-01T00:00:00Z", now);
        assert!(plan.away.is_some(), "what was missed is recorded");
        !plan.runs.is_empty()
    };
    // A Friday's time, on Saturday and on Sunday.
    let working_days = || json!({ "cron": "0 8 * * 1-5" });
    assert!(made_up(working_days(), "2026-11-07T07:59:00Z"));
    assert!(!made_up(working_days(), "2026-11-08T08:01:00Z"));
    assert!(made_up(
        json!({ "at": "08:00", "on": "monday" }),
        "2026-11-08T23:00:00Z"
    ));
    assert!(made_up(
        json!({ "at": "08:00", "on": 2 }),
        "2026-12-01T08:00:00Z"
    ));
    let yearly = || json!({ "cron": "0 8 5 11 *" });
    assert!(made_up(yearly(), "2026-12-06T07:00:00Z"));
    assert!(!made_up(yearly(), "2026-12-06T09:00:00Z"));
}

#[test]
fn no_more_than_a_hundred_are_made_up_for_one_by_one_and_the_oldest_come_first() {
    let minutes = rhythm(json!({ "every": "1m" }));
    let (last, now) = ("2026-11-10T08:00:00Z", "2026-11-10T12:00:30Z");
    let plan = asked(&minutes, Some(Missed::RunEach), last, now);
    let runs = runs(&plan);
    assert_eq!((runs.len(), missed(&plan)), (101, (239, 100)));
    assert_eq!(
        (runs[0].as_str(), runs[99].as_str()),
        ("10 08:01 (1)", "10 09:40 (1)")
    );
    assert_eq!(
        runs[100], "10 12:00",
        "the one that is on time has its run all the same"
    );
    let plan = asked(&minutes, Some(Missed::RunOnce), last, now);
    assert_eq!(plan.runs.len(), 1);
    assert_eq!(
        plan.runs[0].missed.len(),
        100,
        "an event names the newest hundred"
    );
    assert_eq!(missed(&plan), (239, 239));
}

#[test]
fn a_year_of_minutes_is_dealt_with_at_once() {
    let minutes = rhythm(json!({ "cron": "* * * * *" }));
    let now = "2026-11-10T08:00:30Z";
    let plan = asked(&minutes, None, "2025-11-10T08:00:00Z", now);
    assert_eq!(runs(&plan), ["10 08:00"]);
    assert!(
        plan.away
            .as_ref()
            .is_some_and(|away| away.and_more && away.count >= 10_000)
    );
    assert_eq!(plan.last, Some(at("2026-11-10T08:00:00Z")));
}

#[test]
fn a_clock_that_is_set_back_makes_nothing_due_until_it_has_caught_up() {
    let hourly = rhythm(json!({ "every": "1h" }));
    for now in [
        "2026-11-10T07:00:00Z",
        "2026-11-10T11:59:59Z",
        "1970-01-01T00:00:00Z",
    ] {
        let plan = asked(&hourly, Some(Missed::RunEach), "2026-11-10T12:00:00Z", now);
        assert_eq!(plan, Plan::default(), "{now}");
    }
    let plan = asked(
        &hourly,
        None,
        "2026-11-10T12:00:00Z",
        "2026-11-10T13:00:00Z",
    );
    assert_eq!(runs(&plan), ["10 13:00"]);
}

/// A small repeatable source of chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}

#[test]
fn whatever_the_clock_does_each_time_runs_once_or_is_recorded_as_missed() {
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    for (seed, with) in [
        json!({ "every": "15m" }),
        json!({ "at": ["02:30", "14:00"] }),
        json!({ "cron": "*/20 * * * *" }),
        json!({ "cron": "30 1-3 * * *" }),
    ]
    .into_iter()
    .enumerate()
    {
        let rhythm = rhythm(with);
        let rules = [
            None,
            Some(Missed::Skip),
            Some(Missed::RunOnce),
            Some(Missed::RunEach),
        ];
        for (number, rule) in rules.into_iter().enumerate() {
            let chance = Chance((seed * 10 + number) as u64);
            walk_about(&rhythm, &zone, rule, chance);
        }
    }
}

/// Sleeps, clocks set back and forward, in any order, over a spring.
fn walk_about(rhythm: &Rhythm, zone: &TimeZone, rule: Option<Missed>, mut chance: Chance) {
    let start = at("2026-03-20T00:00:00Z");
    let (mut now, mut last, mut furthest) = (start, start, start);
    let (mut fired, mut seen) = (BTreeSet::new(), 0);
    for _ in 0..400 {
        now += match chance.below(10) {
            0 => SignedDuration::from_mins(-chance.below(600)),
            1 => SignedDuration::from_mins(chance.below(3000)),
            _ => SignedDuration::from_secs(chance.below(1800)),
        };
        furthest = furthest.max(now);
        let plan = plan(Question {
            rhythm,
            zone,
            rule,
            last,
            now,
        });
        for run in &plan.runs {
            assert!(fired.insert(run.due), "{} ran twice", run.due);
        }
        let late = plan.away.as_ref().map_or(0, |away| away.count);
        let on_time = plan
            .runs
            .iter()
            .filter(|run| !run.missed.contains(&run.due))
            .count();
        seen += late + on_time;
        assert!(plan.last.is_none_or(|it| it > last), "it never goes back");
        last = plan.last.unwrap_or(last);
    }
    let next = |slot: &Timestamp| slots::next(rhythm, zone, *slot).filter(|it| *it <= furthest);
    let all = std::iter::successors(next(&start), next).count();
    assert_eq!(
        seen, all,
        "each time either ran when it was due or is on record as missed"
    );
}
