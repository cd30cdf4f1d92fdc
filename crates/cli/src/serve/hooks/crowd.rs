//! A limited number of connections. When all seats are taken, the one who has taken longest to say
//! what it wants goes, so that slow or silent callers never keep others out. Nobody goes whose call
//! has been read.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// All seats.
pub(super) struct Crowd {
    free: Arc<Semaphore>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    last: u64,
    seats: BTreeMap<u64, Arc<Seat>>,
}

/// One connection's seat.
#[derive(Default)]
pub(super) struct Seat {
    is_read: AtomicBool,
    sent_away: Notify,
}

/// A seat for as long as this is kept.
pub(super) struct Seated {
    crowd: Arc<Crowd>,
    number: u64,
    pub(super) seat: Arc<Seat>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Crowd {
    pub(super) fn new(seats: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(seats)),
            taken: Mutex::default(),
        }
    }

    /// A seat; for the newest there is always one, unless every call is being worked on.
    pub(super) async fn enter(self: &Arc<Self>) -> Seated {
        if self.free.available_permits() == 0 {
            self.send_one_away();
        }
        // The semaphore is never closed.
        let permit = Arc::clone(&self.free).acquire_owned().await.ok();
        let seat = Arc::new(Seat::default());
        let mut taken = self.taken();
        taken.last += 1;
        let number = taken.last;
        taken.seats.insert(number, Arc::clone(&seat));
        drop(taken);
        Seated {
            crowd: Arc::clone(self),
            number,
            seat,
            _permit: permit,
        }
    }

    fn send_one_away(&self) {
        let taken = self.taken();
        let mut seats = taken.seats.values();
        if let Some(slowest) = seats.find(|seat| !seat.is_read.load(Ordering::Acquire)) {
            slowest.sent_away.notify_one();
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// While a call is worked on, nobody may cut it off.
    pub(super) fn working(&self, is_read: bool) {
        self.is_read.store(is_read, Ordering::Release);
    }

    /// Comes true when others need the seat.
    pub(super) async fn sent_away(&self) {
        loop {
            self.sent_away.notified().await;
            if !self.is_read.load(Ordering::Acquire) {
                return;
            }
        }
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        self.crowd.taken().seats.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_slowest_makes_room_but_nobody_whose_call_is_worked_on() {
        let crowd = Arc::new(Crowd::new(2));
        let worked_on = crowd.enter().await;
        worked_on.seat.working(true);
        let slow = crowd.enter().await;
        let slow = tokio::spawn(async move { slow.seat.sent_away().await });
        let newest = crowd.enter().await;
        slow.await.expect("the slow one went");
        newest.seat.working(true);
        let full = crowd.enter();
        let waits = tokio::time::timeout(std::time::Duration::from_millis(50), full).await;
        assert!(waits.is_err(), "all are worked on, so the next one waits");
    }
}
