//! Whether and when a failed step is tried again. Pure: the random share of the delay is handed in.

use errand_model::{Effect, StepError, Timestamp, WaitsFor, duration, workflow::Retry};
use jiff::SignedDuration;

/// Tries in all where the step doesn't say.
const TRIES: u32 = 8;
/// Time in all where the step doesn't say.
const WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// First and longest delay.
const FIRST: SignedDuration = SignedDuration::from_secs(2);
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// How soon to look again for what has to come back, where nobody says.
const WAITING: SignedDuration = SignedDuration::from_secs(30);

/// The vault wakes whoever waits for a connection; this is how soon they look all the same.
const UNTIL_WOKEN: SignedDuration = SignedDuration::from_hours(1);

/// What becomes of a try that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Try again then.
    Again(Timestamp),
    /// Nobody can tell whether it was done.
    Unknown,
    /// Look whether it was done.
    Look,
    /// No use in trying again.
    GiveUp,
}

/// A failed try.
pub(crate) struct Failed<'a> {
    pub(crate) error: &'a StepError,
    pub(crate) effect: Effect,
    pub(crate) attempt: u32,
    pub(crate) first_try: Timestamp,
    pub(crate) now: Timestamp,
    /// Between 0 and 1.
    pub(crate) chance: f64,
}

pub(crate) fn verdict(failed: &Failed<'_>, retry: Option<&Retry>) -> Verdict {
    if let Some(what) = failed.error.waits_for {
        let soon = failed.now + waiting(what);
        return Verdict::Again(failed.error.not_before.unwrap_or(soon));
    }
    if failed.error.may_have_happened {
        match failed.effect {
            Effect::Unsafe | Effect::Keyed => return Verdict::Unknown,
            Effect::Verifiable => return Verdict::Look,
            Effect::Pure | Effect::Read | Effect::Idempotent => {}
        }
    }
    let worth_it = failed.error.kind.is_temporary() || failed.error.may_have_happened;
    let next = failed.now + delay(failed.attempt, failed.chance);
    let next = failed
        .error
        .not_before
        .map_or(next, |earliest| next.max(earliest));
    let (tries, within) = limits(retry);
    if worth_it && failed.attempt < tries && next <= failed.first_try + within {
        Verdict::Again(next)
    } else {
        Verdict::GiveUp
    }
}

fn waiting(what: WaitsFor) -> SignedDuration {
    match what {
        WaitsFor::Network | WaitsFor::Host => WAITING,
        WaitsFor::Connection => UNTIL_WOKEN,
    }
}

fn limits(retry: Option<&Retry>) -> (u32, SignedDuration) {
    let tries = retry.and_then(|retry| retry.tries).unwrap_or(TRIES);
    let within = retry
        .and_then(|retry| retry.within.as_deref())
        .and_then(duration);
    (tries, within.unwrap_or(WITHIN))
}

/// Full jitter over an exponentially growing span, so that many failures don't return together.
fn delay(attempt: u32, chance: f64) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).min(16);
    let span = (FIRST * (1_i32 << doublings)).min(LONGEST);
    SignedDuration::from_secs_f64(span.as_secs_f64() * (0.5 + chance.clamp(0.0, 1.0) / 2.0))
}

#[cfg(test)]
mod tests {
    use errand_model::{ErrorKind, WaitsFor};

    use super::*;

    fn failed(error: &StepError, effect: Effect, attempt: u32) -> Verdict {
        let now = Timestamp::UNIX_EPOCH;
        let failed = Failed {
            error,
            effect,
            attempt,
            first_try: now,
            now,
            chance: 1.0,
        };
        verdict(&failed, None)
    }

    #[test]
    fn an_ambiguous_failure_goes_by_what_repeating_would_mean() {
        let error = StepError::new(ErrorKind::Unreachable, "no answer").ambiguous();
        assert_eq!(failed(&error, Effect::Unsafe, 1), Verdict::Unknown);
        assert_eq!(failed(&error, Effect::Verifiable, 1), Verdict::Look);
        assert!(matches!(
            failed(&error, Effect::Idempotent, 1),
            Verdict::Again(_)
        ));
    }

    #[test]
    fn delays_grow_and_end_after_eight_tries() {
        let error = StepError::new(ErrorKind::Unreachable, "down");
        let second = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(4);
        assert_eq!(failed(&error, Effect::Unsafe, 2), Verdict::Again(second));
        assert_eq!(failed(&error, Effect::Unsafe, 8), Verdict::GiveUp);
    }

    #[test]
    fn waiting_for_what_must_come_back_uses_up_no_try() {
        let error = StepError::new(ErrorKind::Unreachable, "offline").waits_for(WaitsFor::Network);
        let soon = Timestamp::UNIX_EPOCH + WAITING;
        assert_eq!(failed(&error, Effect::Unsafe, 8), Verdict::Again(soon));
    }

    #[test]
    fn a_refusal_is_not_repeated() {
        let error = StepError::new(ErrorKind::Rejected, "no");
        assert_eq!(failed(&error, Effect::Read, 1), Verdict::GiveUp);
    }
}
