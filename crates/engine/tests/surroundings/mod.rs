//! What tests of an engine in their own process share: a computer without a desktop, and its clock.

#![allow(dead_code, reason = "every test file uses another part of it")]

use std::{path::PathBuf, sync::Arc};

use errand_connectors::ports::{Clock, Desktop};
use errand_engine::PortSource;
use errand_model::{StepError, Timestamp};

pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Shows nothing, and keeps the trash below this home.
pub(crate) struct NoDesktop(pub(crate) PathBuf);

impl Desktop for NoDesktop {
    fn notify(&self, _: &str, _: &str) -> Result<bool, StepError> {
        Ok(false)
    }
}

impl PortSource for NoDesktop {
    fn desktop(&self) -> Arc<dyn Desktop> {
        Arc::new(Self(self.0.clone()))
    }

    fn trash_folder(&self) -> PathBuf {
        self.0.join(".local/share/Trash")
    }
}
