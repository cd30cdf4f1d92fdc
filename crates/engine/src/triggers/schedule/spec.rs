//! What a schedule's fields say, read strictly. Checks tell what is wrong with them by the same
//! reading.

use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use errand_model::{Map, Value, suggest};
use jiff::{SignedDuration, civil::Time, tz::TimeZone};

use super::days::Days;

/// The shortest and the longest interval.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);
/// The word for following this computer's zone wherever it goes.
pub(crate) const COMPUTER: &str = "computer";

/// A schedule.
pub(crate) struct Spec {
    pub(crate) rhythm: Rhythm,
    pub(crate) zone: Zone,
}

/// When it is due.
pub(crate) enum Rhythm {
    /// Always that long apart, counted from a midnight.
    Every(SignedDuration),
    /// At times of chosen days; sorted.
    At(Vec<Time>, Days),
    /// At the times of a cron expression.
    Cron(Box<Cron>, Kind),
}

/// How a cron expression's times relate to changes of the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Fixed times: each once, also where the clocks skip or repeat it.
    Fixed,
    /// With `*` or `/` in minutes or hours: left out where skipped, twice where repeated.
    Repeating,
}

/// Whose clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Those of this zone.
    Named(String),
    /// This computer's at the time the schedule is switched on.
    Frozen,
    /// This computer's, wherever it is.
    Computer,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) field: &'static str,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Wrong {
    pub(super) fn new(field: &'static str, message: String, hint: impl Into<String>) -> Self {
        Self {
            field,
            message,
            hint: hint.into(),
        }
    }
}

impl Spec {
    /// Reads the fields of a trigger.
    pub(crate) fn read(with: &Map) -> Result<Self, Vec<Wrong>> {
        match (rhythm(with), zone(with)) {
            (Ok(rhythm), Ok(zone)) => Ok(Self { rhythm, zone }),
            (rhythm, zone) => Err(rhythm.err().into_iter().chain(zone.err()).collect()),
        }
    }
}

fn rhythm(with: &Map) -> Result<Rhythm, Wrong> {
    if let Some(cron) = with.get("cron") {
        return cron_of(cron);
    }
    if let Some(at) = with.get("at") {
        let days = Days::read(with.get("on").unwrap_or(&Value::Null))?;
        return Ok(Rhythm::At(times(at)?, days));
    }
    every(with.get("every").unwrap_or(&Value::Null))
}

fn every(value: &Value) -> Result<Rhythm, Wrong> {
    let wrong = |message| Err(Wrong::new("every", message, "Write it like `15m` or `2h`."));
    let Some(length) = value.as_str().and_then(errand_model::duration) else {
        return wrong(format!("`{}` isn't a length of time.", shown(value)));
    };
    if length < SHORTEST {
        return wrong(format!(
            "`{}` is too short: a minute is the least.",
            shown(value)
        ));
    }
    if length > LONGEST {
        return wrong(format!(
            "`{}` is too long: 31 days are the most.",
            shown(value)
        ));
    }
    if length.as_millis() % 60_000 != 0 {
        return wrong(format!(
            "`{}` isn't a number of whole minutes.",
            shown(value)
        ));
    }
    Ok(Rhythm::Every(length))
}

fn times(value: &Value) -> Result<Vec<Time>, Wrong> {
    let mut times = Vec::new();
    for item in items(value) {
        times.push(time(item)?);
    }
    times.sort_unstable();
    times.dedup();
    if times.is_empty() {
        let message = "There is no time.".to_owned();
        return Err(Wrong::new("at", message, "Write it like `08:30`."));
    }
    Ok(times)
}

fn time(value: &Value) -> Result<Time, Wrong> {
    let parts = value.as_str().and_then(|text| text.trim().split_once(':'));
    let digits = |text: &str, longest: usize| {
        let fits = (1..=longest).contains(&text.len());
        let number = text.bytes().all(|byte| byte.is_ascii_digit());
        (fits && number).then(|| text.parse::<i8>().ok()).flatten()
    };
    let read = parts.and_then(|(hour, minute)| {
        let minute = digits(minute, 2).filter(|_| minute.len() == 2)?;
        Time::new(digits(hour, 2)?, minute, 0, 0).ok()
    });
    read.ok_or_else(|| {
        let message = format!("`{}` isn't a time of day.", shown(value));
        Wrong::new(
            "at",
            message,
            "Write it like `08:30`, from `00:00` to `23:59`.",
        )
    })
}

fn cron_of(value: &Value) -> Result<Rhythm, Wrong> {
    let text = value.as_str().unwrap_or_default().trim();
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, ..] = fields[..] else {
        return Err(not_five(value, fields.len()));
    };
    if fields.len() != 5 {
        return Err(not_five(value, fields.len()));
    }
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed);
    let cron = parser.build().parse(text).map_err(|error| {
        let message = format!(
            "`{text}` isn't a cron expression: {}",
            plain(&error.to_string())
        );
        Wrong::new("cron", message, FIVE_FIELDS)
    })?;
    if !cron_comes(&cron) {
        let message = format!("`{text}` never comes: there is no such day.");
        return Err(Wrong::new("cron", message, "Choose a day that exists."));
    }
    let repeats = |field: &str| field.contains(['*', '/', '?']);
    let kind = match repeats(minute) || repeats(hour) {
        true => Kind::Repeating,
        false => Kind::Fixed,
    };
    Ok(Rhythm::Cron(Box::new(cron), kind))
}

const FIVE_FIELDS: &str = "Write minute, hour, day of the month, month and weekday: `30 8 * * 1-5` is 08:30 on working days.";

fn not_five(value: &Value, count: usize) -> Wrong {
    let message = format!("`{}` has {count} fields, not five.", shown(value));
    Wrong::new("cron", message, FIVE_FIELDS)
}

fn cron_comes(cron: &Cron) -> bool {
    let start = jiff::civil::date(2024, 1, 1).at(0, 0, 0, 0);
    cron.find_next_occurrence(&start, true)
        .is_ok_and(|found| found.year() < 2060)
}

/// The library's reason without its own names.
fn plain(reason: &str) -> String {
    let reason = reason
        .rsplit(": ")
        .next()
        .unwrap_or(reason)
        .trim_end_matches('.');
    let mut letters = reason.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn zone(with: &Map) -> Result<Zone, Wrong> {
    let value = with.get("timezone").unwrap_or(&Value::Null);
    let name = match value {
        Value::Null => "",
        Value::String(name) => name.trim(),
        _ => return Err(no_zone(&shown(value))),
    };
    match name {
        "" => Ok(Zone::Frozen),
        COMPUTER => Ok(Zone::Computer),
        _ => match TimeZone::get(name) {
            Ok(zone) => Ok(Zone::Named(zone.iana_name().unwrap_or(name).to_owned())),
            Err(_) => Err(no_zone(name)),
        },
    }
}

fn no_zone(name: &str) -> Wrong {
    let known: Vec<String> = jiff::tz::db()
        .available()
        .map(|it| it.to_string())
        .collect();
    let message = format!("There is no time zone called `{name}`.");
    let known = known
        .iter()
        .map(String::as_str)
        .filter(|it| it.contains('/'));
    let close = suggest::closest(name, known.clone());
    let city = || known.clone().find(|it| is_city(it, name));
    Wrong::new(
        "timezone",
        message,
        match close.or_else(city) {
            Some(close) => format!("Did you mean `{close}`?"),
            None => {
                "Write continent and city, such as `Europe/Berlin`, or leave it empty.".to_owned()
            }
        },
    )
}

fn is_city(zone: &str, name: &str) -> bool {
    let city = zone.rsplit('/').next().unwrap_or_default();
    city.eq_ignore_ascii_case(&name.replace(' ', "_"))
}

/// One value or a list of them.
pub(super) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
