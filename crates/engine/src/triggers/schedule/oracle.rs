//! The times of schedules against an independent walk: minute by minute through real time, by
//! another library with zone data of its own, and with days and times told apart by hand. What is
//! meant by each rule is written down a second time here, in its plainest form:
//!
//! - A *repeating* time is due whenever the clock shows it.
//! - A *fixed* time is due when the clock shows it for the first time, or at the first minute after
//!   a jump of the clock that left it out.
//! - An *interval* is due whenever its length divides the real time since midnight of 1 January 2024.

use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Offset, TimeZone as _, Timelike, Utc};
use chrono_tz::Tz;
use errand_model::{Map, Value};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use super::{slots, spec::Spec};

const ZONES: [&str; 40] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Helsinki",
    "Europe/Volgograd",
    "Europe/Kyiv",
    "Europe/Istanbul",
    "Atlantic/Azores",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "America/Asuncion",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/Ciudad_Juarez",
    "America/Nuuk",
    "America/Scoresbysund",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Cairo",
    "Africa/Juba",
    "Asia/Jerusalem",
    "Asia/Gaza",
    "Asia/Beirut",
    "Asia/Amman",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Asia/Almaty",
    "Antarctica/Troll",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
];

const YEARS: std::ops::Range<i32> = 2020..2025;
/// Minutes walked before and after each change of the clocks.
const AROUND: i64 = 36 * 60;

#[derive(Clone, Copy)]
enum Rule {
    Fixed(fn(NaiveDateTime) -> bool),
    Repeating(fn(NaiveDateTime) -> bool),
    Interval(i64),
}

struct Case {
    with: Value,
    rule: Rule,
}

fn clock(time: NaiveDateTime) -> (u32, u32) {
    (time.hour(), time.minute())
}

fn is_last_of_month(time: NaiveDateTime) -> bool {
    (time + Duration::days(1)).month() != time.month()
}

/// Monday is 1.
fn weekday(time: NaiveDateTime) -> u32 {
    time.weekday().number_from_monday()
}

fn cases() -> Vec<Case> {
    use Rule::{Fixed, Interval, Repeating};
    let case = |with, rule| Case { with, rule };
    vec![
        case(json!({ "every": "15m" }), Interval(15)),
        case(json!({ "every": "1h" }), Interval(60)),
        case(json!({ "every": "7h" }), Interval(420)),
        case(json!({ "at": "02:30" }), Fixed(|it| clock(it) == (2, 30))),
        case(
            json!({ "at": ["00:00", "00:30", "01:15", "02:00", "02:15", "03:00", "23:59"] }),
            Fixed(|it| {
                let times = [(0, 0), (0, 30), (1, 15), (2, 0), (2, 15), (3, 0), (23, 59)];
                times.contains(&clock(it))
            }),
        ),
        case(
            json!({ "at": "01:30", "on": ["sunday", "last"] }),
            Fixed(|it| clock(it) == (1, 30) && (weekday(it) == 7 || is_last_of_month(it))),
        ),
        case(
            json!({ "at": "02:00", "on": [1, 29, 31, "friday"] }),
            Fixed(|it| {
                clock(it) == (2, 0) && ([1, 29, 31].contains(&it.day()) || weekday(it) == 5)
            }),
        ),
        case(
            json!({ "cron": "30 2 * * *" }),
            Fixed(|it| clock(it) == (2, 30)),
        ),
        case(
            json!({ "cron": "5,35 0-3 * * *" }),
            Fixed(|it| [5, 35].contains(&it.minute()) && it.hour() <= 3),
        ),
        case(
            json!({ "cron": "0 1 L * *" }),
            Fixed(|it| clock(it) == (1, 0) && is_last_of_month(it)),
        ),
        case(
            json!({ "cron": "30 1 * * SUN#1" }),
            Fixed(|it| clock(it) == (1, 30) && weekday(it) == 7 && it.day() <= 7),
        ),
        case(
            json!({ "cron": "15 2 * * SUN#L" }),
            Fixed(|it| {
                let in_a_week = it + Duration::days(7);
                clock(it) == (2, 15) && weekday(it) == 7 && in_a_week.month() != it.month()
            }),
        ),
        case(
            json!({ "cron": "*/10 * * * *" }),
            Repeating(|it| it.minute() % 10 == 0),
        ),
        case(
            json!({ "cron": "30 * * * *" }),
            Repeating(|it| it.minute() == 30),
        ),
        case(
            json!({ "cron": "*/20 1-2 * * 0,6" }),
            Repeating(|it| {
                it.minute() % 20 == 0 && [1, 2].contains(&it.hour()) && weekday(it) >= 6
            }),
        ),
        case(
            json!({ "cron": "0 */2 1,15 * 1" }),
            Repeating(|it| {
                it.minute() == 0
                    && it.hour() % 2 == 0
                    && ([1, 15].contains(&it.day()) || weekday(it) == 1)
            }),
        ),
    ]
}

/// Every minute of a stretch of real time as the zone's clocks show it.
struct Walk {
    zone: Tz,
    minutes: Vec<(i64, NaiveDateTime)>,
}

fn at_minute(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).expect("the years walked exist")
}

fn shown(zone: Tz, minute: i64) -> NaiveDateTime {
    at_minute(minute).with_timezone(&zone).naive_local()
}

impl Walk {
    fn new(zone: Tz, minutes: std::ops::Range<i64>) -> Self {
        let minutes = minutes.map(|minute| (minute, shown(zone, minute)));
        Self {
            zone,
            minutes: minutes.collect(),
        }
    }

    /// The minutes at which a rule is due.
    fn due(&self, rule: Rule) -> Vec<i64> {
        match rule {
            Rule::Interval(length) => self.intervals(length),
            Rule::Repeating(shows) => {
                let due = self.minutes.iter().filter(|(_, time)| shows(*time));
                due.map(|(minute, _)| *minute).collect()
            }
            Rule::Fixed(shows) => self.fixed(shows),
        }
    }

    fn intervals(&self, length: i64) -> Vec<i64> {
        let midnight = self.zone.with_ymd_and_hms(2024, 1, 1, 0, 0, 0);
        let anchor = midnight
            .single()
            .expect("that midnight exists once")
            .timestamp()
            / 60;
        let due = self.minutes.iter().map(|(minute, _)| *minute);
        due.filter(|minute| (minute - anchor).rem_euclid(length) == 0)
            .collect()
    }

    fn fixed(&self, shows: fn(NaiveDateTime) -> bool) -> Vec<i64> {
        let mut due = Vec::new();
        let mut furthest = self.minutes[0].1 - Duration::minutes(1);
        for (minute, time) in &self.minutes {
            let mut is_due = false;
            while furthest < *time {
                furthest += Duration::minutes(1);
                is_due |= shows(furthest);
            }
            due.extend(is_due.then_some(*minute));
        }
        due
    }
}

/// The minutes after which the zone's clocks are another distance from UTC.
fn changes(zone: Tz) -> Vec<i64> {
    let offset = |minute: i64| {
        let offset = zone.offset_from_utc_datetime(&at_minute(minute).naive_utc());
        offset.fix().local_minus_utc()
    };
    let new_year = |year| {
        let start = Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0);
        start.single().expect("a year has a start").timestamp() / 60
    };
    let (start, end) = (new_year(YEARS.start), new_year(YEARS.end));
    let quarters = (start..end).step_by(15);
    quarters
        .filter(|minute| offset(*minute) != offset(minute - 15))
        .collect()
}

fn fired(with: &Map, zone: &TimeZone, minutes: std::ops::Range<i64>) -> Vec<i64> {
    let spec = Spec::read(with).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let moment = |seconds| Timestamp::from_second(seconds).expect("a moment");
    let (start, end) = (moment(minutes.start * 60 - 1), moment(minutes.end * 60));
    let next = |slot: &Timestamp| slots::next(&spec.rhythm, zone, *slot);
    let slots = std::iter::successors(next(&start), next).take_while(|slot| *slot < end);
    let minutes = slots.map(|slot| {
        assert_eq!(slot.as_second() % 60, 0, "times are whole minutes");
        slot.as_second() / 60
    });
    minutes.collect()
}

fn compare(name: &str, minutes: std::ops::Range<i64>, cases: &[Case]) {
    let theirs: Tz = name
        .parse()
        .expect("the zone is known to the other library");
    let ours = jiff::tz::TimeZoneDatabase::bundled()
        .get(name)
        .expect("the zone is known");
    let walk = Walk::new(theirs, minutes.clone());
    for case in cases {
        let with = case.with.as_object().expect("fields");
        let fired = fired(with, &ours, minutes.clone());
        assert_eq!(
            fired.iter().map(|it| at_minute(*it)).collect::<Vec<_>>(),
            walk.due(case.rule)
                .iter()
                .map(|it| at_minute(*it))
                .collect::<Vec<_>>(),
            "{with:?} in {name}"
        );
    }
}

#[test]
fn the_times_over_every_change_of_the_clocks_in_forty_zones_for_five_years_are_those_of_a_walk() {
    let cases = cases();
    let mut count = 0;
    for name in ZONES {
        let zone: Tz = name
            .parse()
            .expect("the zone is known to the other library");
        for change in changes(zone) {
            compare(name, change - AROUND..change + AROUND, &cases);
            count += 1;
        }
    }
    assert!(count > 280, "only {count} changes were found");
}

#[test]
fn the_times_of_a_whole_year_are_those_of_a_walk() {
    let new_year = Utc.with_ymd_and_hms(2024, 1, 1, 0, 0, 0);
    let start = new_year.single().expect("a year has a start").timestamp() / 60;
    for name in ["Europe/Berlin", "Australia/Lord_Howe"] {
        compare(name, start..start + 366 * 24 * 60, &cases());
    }
}

#[test]
fn the_latest_time_is_the_last_one_that_the_next_ones_lead_to() {
    let zone = jiff::tz::TimeZoneDatabase::bundled()
        .get("Europe/Berlin")
        .expect("known");
    for case in cases() {
        let spec = Spec::read(case.with.as_object().expect("fields"))
            .unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let mut slot: Timestamp = "2024-03-29T00:00:00Z".parse().expect("a moment");
        for _ in 0..50 {
            let before = slot;
            slot = slots::next(&spec.rhythm, &zone, before).expect("it goes on");
            let second = jiff::SignedDuration::from_secs(1);
            let latest = slots::latest(&spec.rhythm, &zone, slot);
            assert_eq!(latest, Some(slot), "{}", case.with);
            let earlier = slots::latest(&spec.rhythm, &zone, slot - second);
            assert!(earlier.is_some_and(|it| it <= before), "{}", case.with);
        }
    }
}
