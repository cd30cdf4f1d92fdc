//! Whether there is room on the disk for Errand's records. It is told once when there is none, and
//! once when there is again, not by every run and every trigger that has to wait.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// What needs little room may still find some; so all is well only after this long without failure.
const CALM: Duration = Duration::from_secs(1);

/// What was told last.
#[derive(Default)]
pub(crate) struct Room {
    last_missing: Mutex<Option<Instant>>,
}

impl Room {
    /// Nothing was written for want of room; everything is tried again.
    pub(crate) fn is_missing(&self) {
        if self.lock().replace(Instant::now()).is_none() {
            tracing::error!(
                "The disk that holds Errand's data is full. Nothing is lost: Errand goes on by \
                 itself when there is room again."
            );
        }
    }

    /// Something was written.
    pub(crate) fn is_there(&self) {
        let mut last_missing = self.lock();
        if last_missing.is_some_and(|missing| missing.elapsed() >= CALM) {
            *last_missing = None;
            tracing::warn!("There is room on the disk again; Errand goes on.");
        }
    }

    /// Takes note of how a write went; other failures are told each time, in these words.
    pub(crate) fn after<T>(&self, written: &Result<T, errand_store::Error>, failed: &str) {
        match written {
            Ok(_) => self.is_there(),
            Err(errand_store::Error::DiskFull) => self.is_missing(),
            Err(error) => tracing::error!(%error, "{failed}"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.last_missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_little_room_left_is_not_room_again() {
        let room = Room::default();
        room.is_missing();
        room.is_there();
        assert!(room.lock().is_some(), "others may still find none");
        tokio::time::advance(CALM).await;
        room.is_missing();
        room.is_there();
        assert!(room.lock().is_some(), "somebody just found none");
        tokio::time::advance(CALM).await;
        room.is_there();
        assert!(room.lock().is_none());
    }
}
