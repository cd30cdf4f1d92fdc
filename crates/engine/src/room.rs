//! Whether there is room on the disk for Errand's records. It is told once when there is none, and
//! once when there is again, not by every run and every trigger that has to wait.

use std::sync::atomic::{AtomicBool, Ordering};

/// What was told last.
#[derive(Default)]
pub(crate) struct Room {
    missing: AtomicBool,
}

impl Room {
    /// Nothing was written for want of room; everything is tried again.
    pub(crate) fn is_missing(&self) {
        if !self.missing.swap(true, Ordering::AcqRel) {
            tracing::error!(
                "The disk that holds Errand's data is full. Nothing is lost: Errand goes on by \
                 itself when there is room again."
            );
        }
    }

    /// Something was written.
    pub(crate) fn is_there(&self) {
        if self.missing.load(Ordering::Acquire) && self.missing.swap(false, Ordering::AcqRel) {
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
}
