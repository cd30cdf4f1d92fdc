//! Who is told to come back when, while something is out of order: one after the other, so that
//! whatever is back is soon noticed and little is asked in vain. Pure.

use errand_model::Timestamp;
use jiff::SignedDuration;

/// Nobody is sent away for longer.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// The turns that were given out.
#[derive(Debug)]
pub(super) struct Queue {
    every: SignedDuration,
    /// The first turn that nobody has.
    free: Timestamp,
}

impl Queue {
    /// The first turn is at `first`.
    pub(super) fn new(first: Timestamp, every: SignedDuration) -> Self {
        Self { every, free: first }
    }

    /// The next turn, not before `earliest`.
    pub(super) fn turn(&mut self, earliest: Timestamp, now: Timestamp) -> Timestamp {
        let turn = self.free.max(earliest).min(now + LONGEST);
        self.free = turn + self.every;
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_follow_each_other_and_nobody_waits_for_more_than_a_quarter_of_an_hour() {
        let now = Timestamp::UNIX_EPOCH;
        let at = |seconds| now + SignedDuration::from_secs(seconds);
        let mut queue = Queue::new(at(30), SignedDuration::from_secs(30));
        let turns: Vec<_> = (0..3).map(|_| queue.turn(at(0), now)).collect();
        assert_eq!(turns, [at(30), at(60), at(90)]);
        assert_eq!(queue.turn(at(200), now), at(200));
        let latest = (0..1000).map(|_| queue.turn(at(0), now)).last();
        assert_eq!(latest, Some(now + LONGEST));
    }
}
