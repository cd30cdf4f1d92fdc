//! Filters for dates. Dates are RFC 3339 texts; they are shown in the scope's time zone.

use jiff::{Span, fmt::strtime, tz::TimeZone};
use minijinja::{Environment, Error, State, Value, value::Kwargs};

use super::{kind_of, no_more, words, wrong};
use crate::{moment::Moment, scope::Zone};

pub(super) fn add(language: &mut Environment<'static>) {
    language.add_filter("date", date);
    language.add_filter(
        "plus",
        |state: &State, value: Value, days: Option<i64>, kwargs: Kwargs| {
            moved(state, &value, days, &kwargs, "plus")
        },
    );
    language.add_filter(
        "minus",
        |state: &State, value: Value, days: Option<i64>, kwargs: Kwargs| {
            moved(state, &value, days, &kwargs, "minus")
        },
    );
    language.add_filter("parse", parse);
}

fn zone(state: &State) -> TimeZone {
    let zone = state.lookup("__zone");
    zone.as_ref()
        .and_then(|zone| zone.downcast_object_ref::<Zone>())
        .map_or(TimeZone::UTC, |zone| zone.0.clone())
}

fn moment(filter: &str, value: &Value, zone: &TimeZone) -> Result<Moment, Error> {
    let read = match value.as_i64() {
        Some(number) if value.is_number() => Moment::from_number(number, zone),
        _ => value.as_str().and_then(|text| Moment::read(text, zone)),
    };
    read.ok_or_else(|| {
        let shown = words(filter, value).map_or_else(|_| kind_of(value).to_owned(), |text| format!("“{text}”"));
        let shown = crate::expression::shorten(&shown);
        wrong(format!("`{filter}` needs a date, but this is {shown}; read other forms with `| parse('%d.%m.%Y')`"))
    })
}

/// A date as text: `date('%d.%m.%Y')`; in another time zone with `date('%H:%M', 'Europe/Lisbon')`.
fn date(
    state: &State,
    value: Value,
    form: Option<String>,
    other: Option<String>,
) -> Result<String, Error> {
    let form = form.unwrap_or_else(|| "%Y-%m-%d".to_owned());
    let here = zone(state);
    let moment = moment("date", &value, &here)?;
    let mut time = moment
        .time(&here)
        .ok_or_else(|| wrong("this date is out of range"))?;
    if let Some(name) = other {
        time = time
            .in_tz(&name)
            .map_err(|_| wrong(format!("there is no time zone called “{name}”")))?;
    }
    let shown = strtime::format(&form, &time);
    shown.map_err(|_| {
        wrong(format!(
            "“{form}” isn't a form for dates; an example is '%Y-%m-%d'"
        ))
    })
}

fn moved(
    state: &State,
    value: &Value,
    days: Option<i64>,
    kwargs: &Kwargs,
    filter: &str,
) -> Result<String, Error> {
    let moment = moment(filter, value, &zone(state))?;
    let span = span(days, kwargs)?;
    let span = if filter == "minus" {
        span.negate()
    } else {
        span
    };
    moment
        .moved(span)
        .map(|moment| moment.text())
        .ok_or_else(|| wrong("this date is out of range"))
}

fn span(days: Option<i64>, kwargs: &Kwargs) -> Result<Span, Error> {
    let amount = |name: &str| {
        kwargs
            .get::<Option<i64>>(name)
            .map(Option::unwrap_or_default)
    };
    let days = days.unwrap_or_default().saturating_add(amount("days")?);
    let span = Span::new()
        .try_days(days)
        .and_then(|span| span.try_years(amount("years").unwrap_or_default()))
        .and_then(|span| span.try_months(amount("months").unwrap_or_default()))
        .and_then(|span| span.try_weeks(amount("weeks").unwrap_or_default()))
        .and_then(|span| span.try_hours(amount("hours").unwrap_or_default()))
        .and_then(|span| span.try_minutes(amount("minutes").unwrap_or_default()))
        .and_then(|span| span.try_seconds(amount("seconds").unwrap_or_default()))
        .map_err(|_| wrong("this date is out of range"))?;
    no_more(kwargs)?;
    Ok(span)
}

/// A date from a text in another form: `parse('%d.%m.%Y')`.
fn parse(state: &State, value: Value, form: String) -> Result<String, Error> {
    let text = words("parse", &value)?;
    let unread = || {
        wrong(format!(
            "“{}” isn't a date of the form “{form}”",
            crate::expression::shorten(&text)
        ))
    };
    let parts = strtime::parse(&form, text.trim()).map_err(|_| unread())?;
    let here = zone(state);
    if let Ok(time) = parts.to_timestamp() {
        return Ok(Moment::Time(time.to_zoned(here)).text());
    }
    if parts.hour().is_some() {
        let time = parts
            .to_datetime()
            .and_then(|time| time.to_zoned(here))
            .map_err(|_| unread())?;
        return Ok(Moment::Time(time).text());
    }
    parts
        .to_date()
        .map(|day| Moment::Day(day).text())
        .map_err(|_| unread())
}
