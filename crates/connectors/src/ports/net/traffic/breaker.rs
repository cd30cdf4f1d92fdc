//! Whether a host that has failed too often is asked at all. Pure. While it rests, one request
//! every half minute is let through to see whether it answers again; the others are told when their
//! turn is, one behind the other.

use std::collections::VecDeque;

use errand_model::Timestamp;
use jiff::SignedDuration;

use super::queue::Queue;

/// Opens after so many failures in a row, or when half of the last ones failed.
const IN_A_ROW: usize = 5;
const LAST: usize = 20;
/// Between two trials, and so the longest time until a host that is back is noticed.
const TRIAL_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// A trial that hasn't been heard of since is taken for lost.
const LOST: SignedDuration = SignedDuration::from_mins(10);

/// What the host's recent answers allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// Go ahead.
    Open,
    /// Go ahead, as the one that finds out.
    Trial,
    /// Come back then.
    Later(Timestamp),
}

/// The memory of one host.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// The last outcomes, the latest at the end; true: failed.
    recent: VecDeque<bool>,
    rest: Option<Rest>,
}

#[derive(Debug)]
struct Rest {
    next_trial: Timestamp,
    trial_since: Option<Timestamp>,
    queue: Queue,
}

impl Breaker {
    /// Whether a request may go now.
    pub(super) fn ask(&mut self, now: Timestamp) -> Gate {
        let Some(rest) = &mut self.rest else {
            return Gate::Open;
        };
        let is_trying = rest
            .trial_since
            .is_some_and(|since| now.duration_since(since) < LOST);
        if !is_trying && now >= rest.next_trial {
            rest.trial_since = Some(now);
            rest.next_trial = now + TRIAL_EVERY;
            return Gate::Trial;
        }
        Gate::Later(rest.queue.turn(rest.next_trial, now))
    }

    /// The host answered; true if that ended a rest.
    pub(super) fn worked(&mut self) -> bool {
        self.note(false);
        let was_resting = self.rest.take().is_some();
        if was_resting {
            self.recent.clear();
        }
        was_resting
    }

    /// The host failed, or the way to it.
    pub(super) fn failed(&mut self, now: Timestamp, is_trial: bool) {
        self.note(true);
        let next_trial = now + TRIAL_EVERY;
        match &mut self.rest {
            Some(rest) if is_trial => {
                (rest.trial_since, rest.next_trial) = (None, next_trial);
            }
            // What was on its way already says nothing new.
            Some(_) => {}
            rest @ None if is_too_much(&self.recent) => {
                *rest = Some(Rest {
                    next_trial,
                    trial_since: None,
                    queue: Queue::new(next_trial, TRIAL_EVERY),
                });
            }
            None => {}
        }
    }

    /// A trial ended without finding anything out.
    pub(super) fn gave_up(&mut self, now: Timestamp) {
        if let Some(rest) = &mut self.rest {
            rest.trial_since = None;
            rest.next_trial = now;
        }
    }

    /// Whether nothing has to be remembered.
    pub(super) fn is_idle(&self) -> bool {
        self.rest.is_none()
    }

    fn note(&mut self, failed: bool) {
        self.recent.push_back(failed);
        if self.recent.len() > LAST {
            self.recent.pop_front();
        }
    }
}

fn is_too_much(recent: &VecDeque<bool>) -> bool {
    let row = recent.iter().rev().take_while(|failed| **failed);
    let failures = recent.iter().filter(|failed| **failed).count();
    row.count() >= IN_A_ROW || (recent.len() == LAST && failures * 2 >= LAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    fn resting() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..IN_A_ROW {
            assert_eq!(breaker.ask(at(0)), Gate::Open);
            breaker.failed(at(0), false);
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_four_do_not() {
        let mut breaker = Breaker::default();
        for _ in 0..10 {
            for _ in 0..4 {
                breaker.failed(at(0), false);
            }
            for _ in 0..6 {
                assert!(!breaker.worked());
            }
        }
        assert_eq!(breaker.ask(at(0)), Gate::Open);
        assert_eq!(resting().ask(at(1)), Gate::Later(at(30)));
    }

    #[test]
    fn half_of_twenty_failures_open_it() {
        let mut breaker = Breaker::default();
        for turn in 0..19 {
            match turn % 2 {
                0 => breaker.failed(at(turn), false),
                _ => assert!(!breaker.worked()),
            }
            assert_eq!(breaker.ask(at(turn)), Gate::Open, "turn {turn}");
        }
        breaker.failed(at(20), false);
        assert_eq!(breaker.ask(at(20)), Gate::Later(at(50)));
    }

    #[test]
    fn one_request_every_half_minute_finds_out_and_the_others_queue() {
        let mut breaker = resting();
        assert_eq!(breaker.ask(at(10)), Gate::Later(at(30)));
        assert_eq!(breaker.ask(at(10)), Gate::Later(at(60)));
        assert_eq!(breaker.ask(at(10)), Gate::Later(at(90)));
        assert_eq!(breaker.ask(at(30)), Gate::Trial);
        assert_eq!(breaker.ask(at(30)), Gate::Later(at(120)));
        breaker.failed(at(40), true);
        assert_eq!(breaker.ask(at(60)), Gate::Later(at(150)));
        assert_eq!(breaker.ask(at(70)), Gate::Trial);
        assert!(breaker.worked());
        assert_eq!(breaker.ask(at(71)), Gate::Open);
    }

    #[test]
    fn an_outage_of_half_an_hour_costs_at_most_sixty_trials() {
        let mut breaker = resting();
        let mut trials = 0;
        for second in 0..1800 {
            if breaker.ask(at(second)) == Gate::Trial {
                trials += 1;
                breaker.failed(at(second), true);
            }
        }
        assert!((58..=60).contains(&trials), "{trials}");
    }

    #[test]
    fn a_trial_that_was_given_up_leaves_its_place_to_the_next() {
        let mut breaker = resting();
        assert_eq!(breaker.ask(at(30)), Gate::Trial);
        breaker.gave_up(at(31));
        assert_eq!(breaker.ask(at(31)), Gate::Trial);
        // Even one that vanished without a word.
        assert_eq!(breaker.ask(at(31) + LOST), Gate::Trial);
    }
}
