//! When a request may go: not while this computer is offline, not to a host that keeps failing or
//! asked for a pause, and only a few at once. Kept by connection and host, in memory: a restarted
//! engine finds out anew.

mod breaker;
mod offline;
mod queue;
pub(super) mod rate;
mod trust;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use errand_model::{ErrorKind, StepError, Timestamp, WaitsFor};
use jiff::SignedDuration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use self::{
    breaker::{Breaker, Gate},
    offline::Offline,
    rate::Rate,
    trust::Trust,
};
use crate::ports::Clock;

/// Requests under way at once.
const PLACES: usize = 4;
/// A longer queue is left; whoever waits comes back.
const LONGEST_QUEUE: Duration = Duration::from_secs(60);
/// A pause that is waited for on the spot, so that a list of many pages isn't begun anew for it.
const SHORT_PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// So many are waited for one after the other, where others keep making new ones.
const PAUSES: usize = 3;
/// A pause that a person should hear of instead of just waiting.
const LONG_PAUSE: SignedDuration = SignedDuration::from_hours(24);
/// Lanes that hold nothing worth knowing are dropped beyond so many.
const LANES: usize = 500;

/// One connection's, or nobody's, way to one host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    pub(super) connection: Option<String>,
    /// Scheme, host and port.
    pub(super) origin: String,
    /// How people call the host.
    pub(super) host: String,
    /// Whether its way leads out of this computer, by a name that must be looked up.
    pub(super) is_remote: bool,
}

/// The traffic of one engine.
pub(super) struct Traffic {
    clock: Arc<dyn Clock>,
    lanes: Mutex<HashMap<Lane, State>>,
    offline: Mutex<Offline>,
    /// A host, or the network, is back.
    pub(super) returned: Notify,
}

struct State {
    places: Arc<Semaphore>,
    breaker: Breaker,
    rate: Rate,
    trust: Trust,
}

impl Default for State {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(PLACES)),
            breaker: Breaker::default(),
            rate: Rate::default(),
            trust: Trust::default(),
        }
    }
}

/// A request under way. It ends when this is dropped.
pub(super) struct Pass {
    traffic: Arc<Traffic>,
    lane: Lane,
    is_trial: bool,
    is_heard_of: bool,
    /// Given back with the pass.
    _place: Option<OwnedSemaphorePermit>,
}

impl Traffic {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            clock,
            lanes: Mutex::default(),
            offline: Mutex::default(),
            returned: Notify::new(),
        })
    }

    /// Waits for a place, at most as long as `patience`. An error proves that nothing was sent.
    pub(super) async fn enter(
        self: &Arc<Self>,
        lane: Lane,
        patience: Duration,
    ) -> Result<Pass, StepError> {
        if lane.is_remote {
            self.online()?;
        }
        // Whoever will be sent away anyway need not queue for that.
        let mut pass = Pass {
            is_trial: self.gate(&lane)?,
            traffic: Arc::clone(self),
            lane,
            is_heard_of: false,
            _place: None,
        };
        let patience = patience.min(LONGEST_QUEUE);
        pass._place = Some(self.place(&pass.lane, patience).await?);
        self.pause(&pass.lane, patience).await?;
        if !pass.is_trial {
            pass.is_trial = self.gate(&pass.lane)?;
        }
        Ok(pass)
    }

    fn online(&self) -> Result<(), StepError> {
        match lock(&self.offline).ask(self.clock.now()) {
            Some(then) => Err(offline().not_before(then)),
            None => Ok(()),
        }
    }

    /// Whether a request that goes ahead is the one that finds out.
    fn gate(&self, lane: &Lane) -> Result<bool, StepError> {
        let now = self.clock.now();
        match self.with(lane, |state| state.breaker.ask(now)) {
            Gate::Open => Ok(false),
            Gate::Trial => Ok(true),
            Gate::Later(then) => Err(resting(&lane.host, then)),
        }
    }

    async fn place(
        &self,
        lane: &Lane,
        patience: Duration,
    ) -> Result<OwnedSemaphorePermit, StepError> {
        let places = self.with(lane, |state| Arc::clone(&state.places));
        match tokio::time::timeout(patience, places.acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(crowded(&lane.host)),
        }
    }

    /// A short pause is waited for, a long one is told.
    async fn pause(&self, lane: &Lane, patience: Duration) -> Result<(), StepError> {
        for _ in 0..PAUSES {
            let now = self.clock.now();
            let Some(until) = self.with(lane, |state| state.rate.ask(now)) else {
                return Ok(());
            };
            let left = until.duration_since(now);
            match Duration::try_from(left) {
                Ok(wait) if left <= SHORT_PAUSE && wait <= patience => {
                    tokio::time::sleep(wait).await;
                }
                _ => return Err(paused(&lane.host, until, now)),
            }
        }
        Ok(())
    }

    fn with<T>(&self, lane: &Lane, read: impl FnOnce(&mut State) -> T) -> T {
        let mut lanes = lock(&self.lanes);
        if lanes.len() >= LANES && !lanes.contains_key(lane) {
            let now = self.clock.now();
            lanes.retain(|_, state| !state.is_idle(now));
        }
        read(lanes.entry(lane.clone()).or_default())
    }
}

impl State {
    fn is_idle(&self, now: Timestamp) -> bool {
        Arc::strong_count(&self.places) == 1
            && self.breaker.is_idle()
            && self.rate.ask(now).is_none()
            && self.trust.is_idle(now)
    }
}

impl Pass {
    /// The host answered with that status and those headers.
    pub(super) fn answered<'a>(&mut self, status: u16, header: &impl Fn(&str) -> Option<&'a str>) {
        self.is_heard_of = true;
        let now = self.traffic.clock.now();
        let is_trial = self.is_trial;
        let was_resting = self.traffic.with(&self.lane, |state| {
            state.rate.note(status, header, now);
            state.trust.worked();
            if is_failure(status) {
                state.breaker.failed(now, is_trial);
                return false;
            }
            state.breaker.worked()
        });
        let was_offline = self.lane.is_remote && lock(&self.traffic.offline).worked();
        if was_resting || was_offline {
            self.traffic.returned.notify_one();
        }
    }

    /// The host, or the way to it, failed.
    pub(super) fn failed(&mut self) {
        self.is_heard_of = true;
        let (now, is_trial) = (self.traffic.clock.now(), self.is_trial);
        self.traffic
            .with(&self.lane, |state| state.breaker.failed(now, is_trial));
    }

    /// The host couldn't be looked up or there is no way there. The error to give instead, if that
    /// means being offline.
    pub(super) fn offline(&self, has_route: bool) -> Option<StepError> {
        let now = self.traffic.clock.now();
        if !self.lane.is_remote {
            return (!has_route).then(offline);
        }
        let then = lock(&self.traffic.offline).failed(&self.lane.host, has_route, now)?;
        Some(offline().not_before(then))
    }

    /// Its certificate can't be trusted; when to try again, or None if trying was long enough.
    pub(super) fn distrusted(&self) -> Option<Timestamp> {
        let now = self.traffic.clock.now();
        self.traffic
            .with(&self.lane, |state| state.trust.failed(now))
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.is_trial && !self.is_heard_of {
            let now = self.traffic.clock.now();
            self.traffic
                .with(&self.lane, |state| state.breaker.gave_up(now));
        }
    }
}

/// Statuses by which a server says that it is unwell.
fn is_failure(status: u16) -> bool {
    (500..=599).contains(&status) && !matches!(status, 501 | 505 | 511 | 529)
}

/// This computer is offline; the run goes on when it isn't.
fn offline() -> StepError {
    StepError::new(ErrorKind::Unreachable, "This computer seems to be offline.")
        .hint("Nothing was sent. It goes on by itself when the network is back.")
        .waits_for(WaitsFor::Network)
}

fn resting(host: &str, then: Timestamp) -> StepError {
    let message = format!("{host} has failed several times lately, so it gets a rest.");
    StepError::new(ErrorKind::Unreachable, message)
        .hint("Errand looks every half minute whether it works again, and then goes on by itself.")
        .waits_for(WaitsFor::Host)
        .not_before(then)
}

fn paused(host: &str, until: Timestamp, now: Timestamp) -> StepError {
    let message = format!("{host} wants no more requests for now.");
    let error = StepError::new(ErrorKind::RateLimited, message).not_before(until);
    if until.duration_since(now) > LONG_PAUSE {
        return error.hint("It asked for a pause of more than a day. Try again after it.");
    }
    error
        .hint("Errand waits as long as it was asked to, then goes on by itself.")
        .waits_for(WaitsFor::Host)
}

fn crowded(host: &str) -> StepError {
    let message = format!("{host} is slow, and {PLACES} requests to it are under way already.");
    StepError::new(ErrorKind::Unreachable, message)
        .hint("It goes on by itself when there is room.")
        .waits_for(WaitsFor::Host)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
