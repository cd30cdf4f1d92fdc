//! The engine's real ports: clock, notifications, trash, keyring.

mod clock;
mod keyring;
mod notifications;

use std::{
    env,
    path::{Path, PathBuf},
    sync::Arc,
};

use errand_connectors::ports::Desktop;
use errand_engine::{MasterKeys, PortSource};

pub(crate) use clock::SystemClock;
pub(crate) use keyring::{PASS_PHRASE_FILE, pass_phrase_file};
use {keyring::SecretService, notifications::Notifications};

/// The person's desktop and trash.
pub(crate) struct RealPorts {
    desktop: Arc<Notifications>,
    trash: PathBuf,
}

impl RealPorts {
    /// The ports of whoever has this home folder.
    pub(crate) fn new(home: &Path) -> Self {
        let data = env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|it| it.is_absolute());
        let trash = data
            .unwrap_or_else(|| home.join(".local/share"))
            .join("Trash");
        Self {
            desktop: Arc::new(Notifications::default()),
            trash,
        }
    }
}

impl PortSource for RealPorts {
    fn desktop(&self) -> Arc<dyn Desktop> {
        Arc::clone(&self.desktop) as Arc<dyn Desktop>
    }

    fn trash_folder(&self) -> PathBuf {
        self.trash.clone()
    }

    fn master_keys(&self) -> Arc<dyn MasterKeys> {
        Arc::new(SecretService)
    }
}
