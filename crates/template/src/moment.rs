//! Dates in expressions: read from the forms payloads use, written as RFC 3339.

use jiff::{
    Span, Timestamp, Zoned,
    civil::{Date, DateTime},
    tz::TimeZone,
};

/// A point in time, or a day without a time.
#[derive(Debug, Clone)]
pub(crate) enum Moment {
    /// A point in time.
    Time(Zoned),
    /// A day.
    Day(Date),
}

/// RFC 3339 with the zone's offset.
pub(crate) fn text(time: &Zoned) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

impl Moment {
    /// Reads RFC 3339, `2026-11-24`, `2026-11-24 10:00` (in `zone`), or an RFC 2822 mail date.
    pub(crate) fn read(text: &str, zone: &TimeZone) -> Option<Self> {
        let text = text.trim();
        if let Ok(time) = text.parse::<Timestamp>() {
            return Some(Self::Time(time.to_zoned(zone.clone())));
        }
        if text.len() <= "+002026-11-24".len() {
            return text.parse::<Date>().ok().map(Self::Day);
        }
        if let Ok(time) = text.parse::<DateTime>() {
            return time.to_zoned(zone.clone()).ok().map(Self::Time);
        }
        let mail = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(Self::Time(mail.with_time_zone(zone.clone())))
    }

    /// Seconds, or thousandths for numbers that would be far in the future, since 1970.
    pub(crate) fn from_number(number: i64, zone: &TimeZone) -> Option<Self> {
        let time = match number.unsigned_abs() {
            0..100_000_000_000 => Timestamp::from_second(number),
            _ => Timestamp::from_millisecond(number),
        };
        Some(Self::Time(time.ok()?.to_zoned(zone.clone())))
    }

    /// As a point in time: a day begins at midnight.
    pub(crate) fn time(&self, zone: &TimeZone) -> Option<Zoned> {
        match self {
            Self::Time(time) => Some(time.clone()),
            Self::Day(day) => day.to_zoned(zone.clone()).ok(),
        }
    }

    /// Moved by a span; a day stays a day.
    pub(crate) fn moved(&self, span: Span) -> Option<Self> {
        match self {
            Self::Time(time) => time.checked_add(span).ok().map(Self::Time),
            Self::Day(day) => day.checked_add(span).ok().map(Self::Day),
        }
    }

    /// As it stands in values.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Time(time) => text(time),
            Self::Day(day) => day.to_string(),
        }
    }
}
