//! How long a host whose certificate can't be trusted is tried again: certificates are renewed late,
//! and computers wake with a wrong clock. Three tries within an hour, then a person is asked. Pure.

use errand_model::Timestamp;
use jiff::SignedDuration;

const WITHIN: SignedDuration = SignedDuration::from_hours(1);
const EVERY: SignedDuration = SignedDuration::from_mins(30);
/// Trouble after so long a silence is new trouble.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// The memory of one host.
#[derive(Debug, Default)]
pub(super) struct Trust {
    since: Option<(Timestamp, Timestamp)>,
}

impl Trust {
    /// It failed; when to try again, or None if trying was long enough.
    pub(super) fn failed(&mut self, now: Timestamp) -> Option<Timestamp> {
        let first = match self.since {
            Some((first, last)) if now.duration_since(last) <= FORGOTTEN => first.min(now),
            _ => now,
        };
        self.since = Some((first, now));
        (now.duration_since(first) < WITHIN).then(|| now + EVERY)
    }

    pub(super) fn worked(&mut self) {
        self.since = None;
    }

    pub(super) fn is_idle(&self, now: Timestamp) -> bool {
        self.since
            .is_none_or(|(_, last)| now.duration_since(last) > FORGOTTEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn three_tries_in_an_hour_then_a_person() {
        let mut trust = Trust::default();
        assert_eq!(trust.failed(at(0)), Some(at(30)));
        assert_eq!(trust.failed(at(30)), Some(at(60)));
        assert_eq!(trust.failed(at(60)), None);
        assert_eq!(trust.failed(at(61)), None);
    }

    #[test]
    fn what_worked_meanwhile_or_is_long_ago_begins_anew() {
        let mut trust = Trust::default();
        trust.failed(at(0));
        trust.worked();
        assert_eq!(trust.failed(at(70)), Some(at(100)));
        assert_eq!(
            trust.failed(at(70 + 24 * 60 + 1)),
            Some(at(70 + 24 * 60 + 31))
        );
    }
}
