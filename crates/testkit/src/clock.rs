//! A clock that moves only when a test says so.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use errand_connectors::ports::Clock;
use errand_model::Timestamp;
use jiff::SignedDuration;

/// The wall clock, and how long the computer has been on. Stands still until told otherwise. Clones
/// show the same time.
#[derive(Debug, Clone)]
pub struct FakeClock(Arc<Mutex<(Timestamp, Duration)>>);

impl FakeClock {
    /// Starts at this time, written as `2026-11-24T12:00:00Z`.
    pub fn at(time: &str) -> Self {
        Self(Arc::new(Mutex::new((read(time), Duration::ZERO))))
    }

    /// Lets this much time pass, awake or asleep.
    pub fn advance(&self, by: SignedDuration) {
        let mut state = self.lock();
        let later = state.0.checked_add(by);
        state.0 = later.expect("tests stay within the years a timestamp can hold");
        state.1 += Duration::try_from(by).expect("time goes forward");
    }

    /// Somebody sets the clock; no time passes.
    pub fn set(&self, time: &str) {
        self.lock().0 = read(time);
    }

    fn lock(&self) -> MutexGuard<'_, (Timestamp, Duration)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(time: &str) -> Timestamp {
    time.parse()
        .expect("the test gives a time such as 2026-11-24T12:00:00Z")
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        self.lock().0
    }

    fn since_start(&self) -> Option<Duration> {
        Some(self.lock().1)
    }

    fn longest_sleep(&self) -> Duration {
        Duration::from_millis(2)
    }
}
