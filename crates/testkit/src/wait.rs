//! Waiting for something to become true, looking often and giving up with a clear sentence.

use std::{
    thread,
    time::{Duration, Instant},
};

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Waits until `condition` holds; fails the test, naming `what`, when it doesn't within `limit`.
#[track_caller]
pub fn wait_until(what: &str, limit: Duration, condition: impl FnMut() -> bool) {
    assert!(
        holds_within(limit, condition),
        "{what}: not so within {limit:?}"
    );
}

/// Whether `condition` comes to hold within `limit`.
pub fn holds_within(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if condition() {
            return true;
        }
        if start.elapsed() > limit {
            return false;
        }
        thread::sleep(BETWEEN_LOOKS);
    }
}

/// Whether `condition` holds all the time for `length`.
pub fn holds_throughout(length: Duration, mut condition: impl FnMut() -> bool) -> bool {
    !holds_within(length, || !condition())
}
