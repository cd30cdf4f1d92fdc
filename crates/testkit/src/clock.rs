//! A clock that moves only when a test says so.

use std::sync::{Arc, Mutex, PoisonError};

use errand_connectors::ports::Clock;
use errand_model::Timestamp;
use jiff::SignedDuration;

/// Stands still until told otherwise. Clones show the same time.
#[derive(Debug, Clone)]
pub struct FakeClock(Arc<Mutex<Timestamp>>);

impl FakeClock {
    /// Starts at this time, written as `2026-11-24T12:00:00Z`.
    pub fn at(time: &str) -> Self {
        let time = time
            .parse()
            .expect("the test gives a time such as 2026-11-24T12:00:00Z");
        Self(Arc::new(Mutex::new(time)))
    }

    /// Lets this much time pass.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now
            .checked_add(by)
            .expect("tests stay within the years a timestamp can hold");
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
