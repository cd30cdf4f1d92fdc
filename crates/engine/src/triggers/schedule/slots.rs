//! The times at which a schedule is due. Pure: no clock, only a rhythm and a zone.
//!
//! Where the clocks jump over a time, fixed times are due at the first moment after the jump and
//! repeating ones are left out. Where they go back, a fixed time is due once, the first time it
//! comes, and repeating ones each time. Intervals count real time from midnight of 1 January 2024,
//! whatever the clocks do.

use croner::Cron;
use errand_model::Timestamp;
use jiff::{
    SignedDuration, Span, ToSpan,
    civil::{DateTime, Time, date},
    tz::{AmbiguousOffset, TimeZone},
};

use super::{
    days::Days,
    spec::{Kind, Rhythm},
};

/// No chosen day is farther away than this: that is how far apart two 31sts can be.
const DAYS_AHEAD: usize = 62;
/// How far back a latest time is looked for: 29 February may be eight years ago.
const FARTHEST: SignedDuration = SignedDuration::from_hours(9 * 366 * 24);

/// The first time strictly after a moment.
pub(crate) fn next(rhythm: &Rhythm, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    match rhythm {
        Rhythm::Every(length) => interval(*length, zone, after, 1),
        Rhythm::At(times, days) => at(times, days, zone, after),
        Rhythm::Cron(cron, Kind::Fixed) => fixed(cron, zone, after),
        Rhythm::Cron(cron, Kind::Repeating) => repeating(cron, zone, after),
    }
}

/// The last time up to a moment, that moment included.
pub(crate) fn latest(rhythm: &Rhythm, zone: &TimeZone, until: Timestamp) -> Option<Timestamp> {
    if let Rhythm::Every(length) = rhythm {
        return interval(*length, zone, until, 0);
    }
    let mut span = SignedDuration::from_hours(1);
    while span <= FARTHEST {
        let first = next(rhythm, zone, until.checked_sub(span).ok()?);
        if let Some(first) = first.filter(|first| *first <= until) {
            let following = |slot: &Timestamp| next(rhythm, zone, *slot).filter(|it| *it <= until);
            return std::iter::successors(Some(first), following).last();
        }
        span = span.saturating_mul(4);
    }
    None
}

/// The `ahead`th multiple of an interval beyond the last one up to a moment.
fn interval(
    length: SignedDuration,
    zone: &TimeZone,
    moment: Timestamp,
    ahead: i64,
) -> Option<Timestamp> {
    let midnight = date(2024, 1, 1).to_zoned(zone.clone()).ok()?;
    let anchor = midnight.timestamp().as_second();
    let since = moment.as_nanosecond().div_euclid(1_000_000_000);
    let since = i64::try_from(since).ok()?.checked_sub(anchor)?;
    let passed = since.div_euclid(length.as_secs().max(1));
    let seconds = passed.checked_add(ahead)?.checked_mul(length.as_secs())?;
    Timestamp::from_second(anchor.checked_add(seconds)?).ok()
}

fn at(times: &[Time], days: &Days, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    // A day earlier, for a time of it may be made up for only now.
    let first = civil(zone, after).date().checked_sub(1.day()).ok()?;
    let dates = first
        .series(1.day())
        .take(DAYS_AHEAD)
        .filter(|it| days.has(*it));
    let times = dates.flat_map(|date| times.iter().map(move |time| date.to_datetime(*time)));
    times
        .filter_map(|time| moment_of(zone, time))
        .find(|moment| *moment > after)
}

fn fixed(cron: &Cron, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    let following = |time: &DateTime| cron.find_next_occurrence(time, false).ok();
    let first = following(&civil(zone, after));
    std::iter::successors(first, following)
        .map_while(|time| moment_of(zone, time))
        .find(|moment| *moment > after)
}

/// The moment of a fixed time: after the jump where the clocks skip it, the first one where they
/// repeat it.
fn moment_of(zone: &TimeZone, time: DateTime) -> Option<Timestamp> {
    let moment = |offset: jiff::tz::Offset| offset.to_timestamp(time).ok();
    match zone.to_ambiguous_timestamp(time).offset() {
        AmbiguousOffset::Unambiguous { offset } => moment(offset),
        AmbiguousOffset::Fold { before, .. } => moment(before),
        AmbiguousOffset::Gap { after, .. } => {
            let jump = zone.following(moment(after)?);
            Some(
                jump.into_iter()
                    .find(|it| it.offset() == after)?
                    .timestamp(),
            )
        }
    }
}

/// Walks along the clock as it really goes: from one change of it to the next.
fn repeating(cron: &Cron, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    let mut moment = after;
    let mut inclusive = false;
    let mut changes = zone.following(after);
    loop {
        let offset = zone.to_offset(moment);
        let change = changes.next().map(|change| change.timestamp());
        let time = offset.to_datetime(moment);
        let found = cron.find_next_occurrence(&time, inclusive).ok()?;
        let found = offset.to_timestamp(found).ok()?;
        match change {
            Some(change) if found >= change => (moment, inclusive) = (change, true),
            _ => return Some(found),
        }
    }
}

fn civil(zone: &TimeZone, moment: Timestamp) -> DateTime {
    zone.to_datetime(moment)
}

/// The usual length between two times: the shortest that occurs, and for times of a day that
/// between two days.
pub(crate) fn period(rhythm: &Rhythm, zone: &TimeZone, from: Timestamp) -> SignedDuration {
    let one_a_day;
    let rhythm = match rhythm {
        Rhythm::Every(length) => return *length,
        Rhythm::At(times, days) => {
            one_a_day = Rhythm::At(times[..times.len().min(1)].to_vec(), days.clone());
            &one_a_day
        }
        cron => cron,
    };
    let slots = std::iter::successors(next(rhythm, zone, from), |slot| next(rhythm, zone, *slot));
    let slots: Vec<Timestamp> = slots.take(SAMPLE).collect();
    let gaps = slots.windows(2).map(|pair| pair[1].duration_since(pair[0]));
    gaps.min().unwrap_or(FARTHEST)
}

/// Times looked at to learn the usual length between them: more than a week of working days.
const SAMPLE: usize = 12;

/// What is said of a time that a change of the clocks touches.
pub(crate) enum Odd {
    /// It doesn't exist on that day and is made up for after the change.
    Skipped(DateTime),
    /// The clock shows it twice on that day.
    Twice,
}

/// Whether a change of the clocks touches this due time.
pub(crate) fn odd(rhythm: &Rhythm, zone: &TimeZone, slot: Timestamp) -> Option<Odd> {
    let time = civil(zone, slot);
    if matches!(
        zone.to_ambiguous_timestamp(time).offset(),
        AmbiguousOffset::Fold { .. }
    ) {
        return Some(Odd::Twice);
    }
    let skipped = match rhythm {
        Rhythm::At(times, days) => skipped_at(times, days, zone, slot),
        Rhythm::Cron(cron, Kind::Fixed) => skipped_cron(cron, zone, slot),
        Rhythm::Every(_) | Rhythm::Cron(..) => None,
    };
    skipped.map(Odd::Skipped)
}

fn skipped_at(times: &[Time], days: &Days, zone: &TimeZone, slot: Timestamp) -> Option<DateTime> {
    let day = civil(zone, slot).date();
    let mut times = times.iter().map(|time| day.to_datetime(*time));
    times.find(|time| {
        days.has(day) && is_skipped(zone, *time) && moment_of(zone, *time) == Some(slot)
    })
}

fn skipped_cron(cron: &Cron, zone: &TimeZone, slot: Timestamp) -> Option<DateTime> {
    let before = civil(zone, slot.checked_sub(Span::new().minutes(1)).ok()?);
    let time = cron.find_next_occurrence(&before, false).ok()?;
    (is_skipped(zone, time) && moment_of(zone, time) == Some(slot)).then_some(time)
}

fn is_skipped(zone: &TimeZone, time: DateTime) -> bool {
    matches!(
        zone.to_ambiguous_timestamp(time).offset(),
        AmbiguousOffset::Gap { .. }
    )
}
