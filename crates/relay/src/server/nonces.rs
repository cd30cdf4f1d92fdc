//! Numbers that are good for one signature each, for a minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::keys::hex;

const GOOD_FOR: Duration = Duration::from_secs(60);
/// More than that at once are somebody's attempt to fill the memory.
const AT_ONCE: usize = 10_000;

#[derive(Default)]
pub(super) struct Nonces(Mutex<HashMap<String, Instant>>);

impl Nonces {
    /// A new one; None if too many are out, or there are no random numbers.
    pub(super) fn give(&self) -> Option<String> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok()?;
        let nonce = hex(&bytes);
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given.retain(|_, time| time.elapsed() < GOOD_FOR);
        (given.len() < AT_ONCE).then(|| given.insert(nonce.clone(), Instant::now()))?;
        Some(nonce)
    }

    /// Whether it is good; from now on it isn't.
    pub(super) fn take(&self, nonce: &str) -> bool {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let time = given.remove(nonce);
        time.is_some_and(|time| time.elapsed() < GOOD_FOR)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_good_once() {
        let nonces = Nonces::default();
        let nonce = nonces.give().unwrap();
        assert!(nonces.take(&nonce));
        assert!(!nonces.take(&nonce));
        assert!(!nonces.take("made up"));
    }
}
