//! Whether this computer is offline, as far as its requests can tell. Pure; shared by all hosts.

use errand_model::Timestamp;
use jiff::SignedDuration;

use super::queue::Queue;

/// Failures count together when they are this close.
const TOGETHER: SignedDuration = SignedDuration::from_secs(60);
/// Names that nobody could look up; so many different ones mean that it isn't about one of them.
const HOSTS: usize = 2;
/// While offline, only one request in this time finds out whether it still is so.
const TRIAL_EVERY: SignedDuration = SignedDuration::from_secs(10);

/// What recent look-ups say.
#[derive(Debug, Default)]
pub(super) struct Offline {
    /// Hosts that could not be looked up since something last worked, and when.
    failed: Vec<(String, Timestamp)>,
    state: Option<State>,
}

#[derive(Debug)]
struct State {
    next_trial: Timestamp,
    queue: Queue,
}

impl Offline {
    /// When to come back, for a request that need not even try now.
    pub(super) fn ask(&mut self, now: Timestamp) -> Option<Timestamp> {
        let state = self.state.as_mut()?;
        if now >= state.next_trial {
            state.next_trial = now + TRIAL_EVERY;
            return None;
        }
        Some(state.queue.turn(state.next_trial, now))
    }

    /// Nobody could look this host up; when to come back, if this computer is offline for all one
    /// can tell.
    pub(super) fn failed(
        &mut self,
        host: &str,
        has_route: bool,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.failed
            .retain(|(known, at)| known != host && now.duration_since(*at) <= TOGETHER);
        self.failed.push((host.to_owned(), now));
        if has_route && self.failed.len() < HOSTS {
            return None;
        }
        let next_trial = now + TRIAL_EVERY;
        let state = self.state.get_or_insert_with(|| State {
            next_trial,
            queue: Queue::new(next_trial, TRIAL_EVERY),
        });
        state.next_trial = next_trial;
        Some(state.queue.turn(next_trial, now))
    }

    /// A host was reached; true if that ended being offline.
    pub(super) fn worked(&mut self) -> bool {
        self.failed.clear();
        self.state.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn one_host_that_can_not_be_looked_up_is_that_hosts_trouble() {
        let mut offline = Offline::default();
        assert_eq!(offline.failed("a.example", true, at(0)), None);
        assert_eq!(offline.failed("a.example", true, at(1)), None);
        assert_eq!(offline.ask(at(2)), None);
    }

    #[test]
    fn two_hosts_shortly_after_each_other_mean_offline() {
        let mut offline = Offline::default();
        assert_eq!(offline.failed("a.example", true, at(0)), None);
        assert!(offline.failed("b.example", true, at(30)).is_some());
        let mut apart = Offline::default();
        assert_eq!(apart.failed("a.example", true, at(0)), None);
        assert_eq!(apart.failed("b.example", true, at(61)), None);
    }

    #[test]
    fn without_a_route_one_host_is_enough() {
        let then = Offline::default().failed("a.example", false, at(0));
        assert_eq!(then, Some(at(10)));
    }

    #[test]
    fn while_offline_one_request_now_and_then_finds_out_and_the_others_queue() {
        let mut offline = Offline::default();
        assert_eq!(offline.failed("a.example", false, at(0)), Some(at(10)));
        assert_eq!(offline.ask(at(4)), Some(at(20)));
        assert_eq!(offline.ask(at(4)), Some(at(30)));
        assert_eq!(offline.ask(at(10)), None);
        assert_eq!(offline.ask(at(11)), Some(at(40)));
        assert!(offline.worked());
        assert!(!offline.worked());
        assert_eq!(offline.ask(at(12)), None);
    }
}
