//! Whether this computer is offline, as far as its requests can tell. Pure; shared by all hosts.

use errand_model::Timestamp;
use jiff::SignedDuration;

/// Failures count together when they are this close.
const TOGETHER: SignedDuration = SignedDuration::from_secs(60);
/// Names that nobody could look up; so many different ones mean that it isn't about one of them.
const HOSTS: usize = 2;
/// While offline, only one request in this time finds out whether it still is so.
const TRIAL_EVERY: SignedDuration = SignedDuration::from_secs(5);

/// What recent look-ups say.
#[derive(Debug, Default)]
pub(super) struct Offline {
    /// Hosts that could not be looked up since something last worked, and when.
    failed: Vec<(String, Timestamp)>,
    next_trial: Option<Timestamp>,
}

impl Offline {
    /// Whether a request need not even try.
    pub(super) fn ask(&mut self, now: Timestamp) -> bool {
        match self.next_trial {
            Some(next) if now < next => true,
            Some(_) => {
                self.next_trial = Some(now + TRIAL_EVERY);
                false
            }
            None => false,
        }
    }

    /// Nobody could look this host up; true if this computer is offline for all one can tell.
    pub(super) fn failed(&mut self, host: &str, has_route: bool, now: Timestamp) -> bool {
        self.failed
            .retain(|(known, at)| known != host && now.duration_since(*at) <= TOGETHER);
        self.failed.push((host.to_owned(), now));
        let is_offline = !has_route || self.failed.len() >= HOSTS;
        if is_offline {
            self.next_trial = Some(now + TRIAL_EVERY);
        }
        is_offline
    }

    /// A host was reached; true if that ended being offline.
    pub(super) fn worked(&mut self) -> bool {
        self.failed.clear();
        self.next_trial.take().is_some()
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
        assert!(!offline.failed("a.example", true, at(0)));
        assert!(!offline.failed("a.example", true, at(1)));
        assert!(!offline.ask(at(2)));
    }

    #[test]
    fn two_hosts_shortly_after_each_other_mean_offline() {
        let mut offline = Offline::default();
        assert!(!offline.failed("a.example", true, at(0)));
        assert!(offline.failed("b.example", true, at(30)));
        assert!(!Offline::default().failed("b.example", true, at(30)));
        let mut apart = Offline::default();
        assert!(!apart.failed("a.example", true, at(0)));
        assert!(!apart.failed("b.example", true, at(61)));
    }

    #[test]
    fn without_a_route_one_host_is_enough() {
        assert!(Offline::default().failed("a.example", false, at(0)));
    }

    #[test]
    fn while_offline_one_request_now_and_then_finds_out() {
        let mut offline = Offline::default();
        offline.failed("a.example", false, at(0));
        assert!(offline.ask(at(4)));
        assert!(!offline.ask(at(5)));
        assert!(offline.ask(at(6)));
        assert!(offline.worked());
        assert!(!offline.worked());
        assert!(!offline.ask(at(7)));
    }
}
