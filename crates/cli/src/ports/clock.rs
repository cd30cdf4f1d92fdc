//! The computer's clock. In test builds a file can set it: `ERRAND_CLOCK` names it, and it holds
//! the seconds to add, and for how many seconds in all the computer slept.

use std::time::Duration;

use errand_connectors::ports::Clock;
use errand_model::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// The computer's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        #[cfg(feature = "faults")]
        let now = now.saturating_add(shifted::by().0).unwrap_or(now);
        now
    }

    fn since_start(&self) -> Option<Duration> {
        let time = clock_gettime(ClockId::Boottime);
        let since = Duration::new(time.tv_sec.try_into().ok()?, time.tv_nsec.try_into().ok()?);
        #[cfg(feature = "faults")]
        let since = since.saturating_add(shifted::by().1);
        Some(since)
    }

    #[cfg(feature = "faults")]
    fn longest_sleep(&self) -> Duration {
        match shifted::is_on() {
            true => Duration::from_millis(20),
            false => Duration::from_secs(30),
        }
    }
}

#[cfg(feature = "faults")]
mod shifted {
    use std::{env, fs, time::Duration};

    use jiff::SignedDuration;

    const FILE: &str = "ERRAND_CLOCK";

    pub(super) fn is_on() -> bool {
        env::var_os(FILE).is_some()
    }

    /// How far the clock is away, and how long the computer slept.
    pub(super) fn by() -> (SignedDuration, Duration) {
        let text = env::var_os(FILE).and_then(|file| fs::read_to_string(file).ok());
        let text = text.unwrap_or_default();
        let mut numbers = text.split_whitespace().map(str::parse);
        let mut next = || numbers.next().and_then(Result::ok).unwrap_or_default();
        let (shift, slept) = (
            SignedDuration::from_secs(next()),
            SignedDuration::from_secs(next()),
        );
        (shift, Duration::try_from(slept).unwrap_or_default())
    }
}
