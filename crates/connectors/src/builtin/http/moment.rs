//! Times as services write them: ISO 8601, mail style, or seconds or milliseconds since 1970.

use errand_model::{Timestamp, Value};
use jiff::{civil, fmt::rfc2822, tz::TimeZone};

/// Seconds since 1970 that are believable as a time: from 2001 to 2100.
const SECONDS: std::ops::Range<f64> = 978_307_200.0..4_102_444_800.0;

/// The time, if that is one.
pub(super) fn read(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => of_text(text.trim()),
        Value::Number(number) => of_number(number.as_f64()?),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<Timestamp> {
    let utc = |time: civil::DateTime| time.to_zoned(TimeZone::UTC).ok();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        let time = rfc2822::DateTimeParser::new().parse_zoned(text).ok();
        return time.map(|time| time.timestamp());
    }
    if text.len() < 10 || text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let time = text.parse::<civil::DateTime>().ok().and_then(utc);
    let day = || utc(text.parse::<civil::Date>().ok()?.at(0, 0, 0, 0));
    time.or_else(day).map(|time| time.timestamp())
}

fn of_number(number: f64) -> Option<Timestamp> {
    let seconds = if SECONDS.contains(&number) {
        number
    } else if SECONDS.contains(&(number / 1000.0)) {
        number / 1000.0
    } else {
        return None;
    };
    // Within the range above nothing is lost but less than a millisecond.
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked")]
    Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_in_the_ways_services_write_them() {
        let noon: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for value in [
            json!("2026-11-24T12:00:00Z"),
            json!("2026-11-24T13:00:00+01:00"),
            json!("2026-11-24 12:00:00"),
            json!("Tue, 24 Nov 2026 12:00:00 +0000"),
            json!(noon.as_second()),
            json!(noon.as_millisecond()),
        ] {
            assert_eq!(read(&value), Some(noon), "{value}");
        }
        for value in [
            json!("20"),
            json!("20261124"),
            json!(42),
            json!("soon"),
            json!(true),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
        assert!(read(&json!("2026-11-24")).is_some());
    }
}
