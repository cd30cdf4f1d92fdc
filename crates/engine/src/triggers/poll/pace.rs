//! When to ask next. Pure.

use errand_model::{ErrorKind, StepError, Timestamp};
use jiff::SignedDuration;

/// Trouble never makes the pause longer than this, unless it is as long anyway.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// A refused sign-in isn't tried more often.
const REFUSED: SignedDuration = SignedDuration::from_mins(15);
/// How soon to ask again when the network is back.
const WAITING: SignedDuration = SignedDuration::from_secs(30);

/// How the last check went.
pub(super) struct Pace {
    pub(super) every: SignedDuration,
    /// Checks in a row that failed, the last one included.
    pub(super) failures: u32,
    pub(super) began: Timestamp,
    pub(super) now: Timestamp,
    /// Between 0 and 1.
    pub(super) chance: f64,
}

impl Pace {
    /// The time of the next check. Never before the source allows it.
    pub(super) fn next(&self, ended: &Result<Option<Timestamp>, StepError>) -> Timestamp {
        let (next, not_before) = match ended {
            Ok(not_before) => (self.began + self.spread(self.every), *not_before),
            Err(error) => (self.now + self.after(error), error.not_before),
        };
        let next = next.max(self.now);
        not_before.map_or(next, |earliest| next.max(earliest))
    }

    fn after(&self, error: &StepError) -> SignedDuration {
        if error.waits_for.is_some() {
            return self.every.min(WAITING);
        }
        let doublings = self.failures.saturating_sub(1).min(16);
        let pause = self.every.saturating_mul(1 << doublings);
        let pause = pause.min(LONGEST.max(self.every));
        match error.kind {
            ErrorKind::Reconnect => pause.max(REFUSED),
            _ => self.spread(pause),
        }
    }

    /// A tenth sooner or later, so that many triggers don't ask at once.
    fn spread(&self, pause: SignedDuration) -> SignedDuration {
        SignedDuration::from_secs_f64(pause.as_secs_f64() * (0.9 + self.chance / 5.0))
    }
}

#[cfg(test)]
mod tests {
    use errand_model::WaitsFor;

    use super::*;

    fn seconds(failures: u32, ended: Result<Option<Timestamp>, StepError>) -> i64 {
        let now = Timestamp::UNIX_EPOCH;
        let pace = Pace {
            every: SignedDuration::from_secs(60),
            failures,
            began: now,
            now,
            chance: 0.5,
        };
        pace.next(&ended).as_second()
    }

    #[test]
    fn a_check_follows_after_the_interval_or_when_the_source_allows_it() {
        assert_eq!(seconds(0, Ok(None)), 60);
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(300);
        assert_eq!(seconds(0, Ok(Some(later))), 300);
    }

    #[test]
    fn trouble_makes_the_pauses_longer_up_to_an_hour() {
        let error = || Err(StepError::new(ErrorKind::Unreachable, "down"));
        let pauses: Vec<i64> = (1..9).map(|failures| seconds(failures, error())).collect();
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
    }

    #[test]
    fn a_refused_sign_in_is_not_hammered_and_a_lost_network_is_looked_for() {
        let refused = StepError::new(ErrorKind::Reconnect, "no");
        assert_eq!(seconds(1, Err(refused)), 900);
        let offline = StepError::new(ErrorKind::Unreachable, "off").waits_for(WaitsFor::Network);
        assert_eq!(seconds(9, Err(offline)), 30);
    }
}
