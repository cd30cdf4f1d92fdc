//! How often, how much, how fast: calls to one webhook, guesses of one caller, bytes in memory.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use errand_model::TriggerId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Calls a second to one webhook, in the long run.
const RATE: f64 = 20.0;
/// Calls that may come at once after a quiet time.
const BURST: f64 = 100.0;
/// Wrong addresses in a minute before a caller is made to wait.
const GUESSES: u32 = 20;
const MINUTE: Duration = Duration::from_secs(60);
/// Callers remembered.
const CALLERS: usize = 1000;
/// Bodies up to this size always find room.
pub(super) const SMALL: usize = 64 * 1024;
/// Room for all longer ones together.
const ROOM: usize = 40 * 1024 * 1024;

/// What all connections share.
pub(super) struct Limits {
    calls: Mutex<HashMap<TriggerId, Bucket>>,
    guesses: Mutex<HashMap<IpAddr, Guesses>>,
    room: Arc<Semaphore>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

struct Guesses {
    count: u32,
    since: Instant,
}

impl Limits {
    pub(super) fn new() -> Self {
        Self {
            calls: Mutex::default(),
            guesses: Mutex::default(),
            room: Arc::new(Semaphore::new(ROOM)),
        }
    }

    /// Whether one more call to this webhook is in time.
    pub(super) fn allows(&self, trigger: TriggerId, now: Instant) -> bool {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let full = || Bucket {
            left: BURST,
            at: now,
        };
        calls.entry(trigger).or_insert_with(full).take(now)
    }

    /// Notes a wrong address; whether there were too many of them.
    pub(super) fn guessed(&self, peer: IpAddr, now: Instant) -> bool {
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.len() >= CALLERS {
            guesses.retain(|_, guess| now.duration_since(guess.since) < MINUTE);
        }
        if guesses.len() >= CALLERS && !guesses.contains_key(&peer) {
            return true;
        }
        let new = || Guesses {
            count: 0,
            since: now,
        };
        let guess = guesses.entry(peer).or_insert_with(new);
        if now.duration_since(guess.since) >= MINUTE {
            *guess = new();
        }
        guess.count = guess.count.saturating_add(1);
        guess.count > GUESSES
    }

    /// Room for a long body; None when there is none at the moment.
    pub(super) fn room(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let bytes = u32::try_from(bytes).ok()?;
        Arc::clone(&self.room).try_acquire_many_owned(bytes).ok()
    }
}

impl Bucket {
    fn take(&mut self, now: Instant) -> bool {
        let gained = now.duration_since(self.at).as_secs_f64() * RATE;
        (self.left, self.at) = ((self.left + gained).min(BURST), now);
        let is_enough = self.left >= 1.0;
        if is_enough {
            self.left -= 1.0;
        }
        is_enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use errand_model::Timestamp;

    fn taken(limits: &Limits, trigger: TriggerId, now: Instant, calls: usize) -> usize {
        (0..calls).filter(|_| limits.allows(trigger, now)).count()
    }

    #[test]
    fn a_webhook_takes_a_burst_and_then_twenty_calls_a_second() {
        let (limits, start) = (Limits::new(), Instant::now());
        let one = TriggerId::at(Timestamp::UNIX_EPOCH);
        let other = TriggerId::at(Timestamp::UNIX_EPOCH);
        assert_eq!(taken(&limits, one, start, 500), 100);
        assert_eq!(taken(&limits, one, start + Duration::from_secs(1), 500), 20);
        assert_eq!(
            taken(&limits, other, start, 50),
            50,
            "others are not held up"
        );
    }

    #[test]
    fn whoever_guesses_is_slowed_down_for_a_minute() {
        let (limits, start) = (Limits::new(), Instant::now());
        let [guesser, other] = [[127, 0, 0, 1], [10, 0, 0, 1]].map(IpAddr::from);
        let slowed = (0..30).filter(|_| limits.guessed(guesser, start)).count();
        assert_eq!(slowed, 10);
        assert!(!limits.guessed(other, start));
        assert!(!limits.guessed(guesser, start + MINUTE));
    }

    #[test]
    fn long_bodies_share_a_room() {
        let limits = Limits::new();
        let ten = 10 * 1024 * 1024;
        let held: Vec<_> = (0..4).map(|_| limits.room(ten)).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(limits.room(SMALL).is_none());
        drop(held);
        assert!(limits.room(ten).is_some());
    }
}
