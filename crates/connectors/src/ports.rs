//! Ports: the only way for connectors to reach the world. Each carries a mode (real, or preview:
//! every change is refused and recorded as a card) and grants (which folders, which hosts). Tables
//! join here when a connector needs them. An action makes all its changes through one call of a
//! port, for in preview the first refusal ends it.

pub mod disk;
pub mod files;
pub mod grants;
pub mod net;
pub mod preview;
pub mod secrets;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use errand_model::{ErrorKind, StepError, Timestamp, Would};

pub use disk::DiskFiles;
pub use files::{FileInfo, Files, IfTaken, Opened, Sink};
pub use grants::{Grant, Grants};
pub use net::{Net, NoNet};
pub use preview::PreviewFiles;
pub use secrets::{NoSecrets, Secrets};

/// Whether changes are carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They are.
    Real,
    /// They are refused and recorded.
    Preview,
}

/// Everything an action may use.
#[derive(Clone)]
pub struct Ports {
    /// Whether changes are carried out.
    pub mode: Mode,
    /// Files and folders within the grants.
    pub files: Arc<dyn Files>,
    /// Notifications.
    pub desktop: Arc<dyn Desktop>,
    /// Requests to hosts within the grants.
    pub net: Arc<dyn Net>,
    /// The connection the step uses.
    pub secrets: Arc<dyn Secrets>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Ports {
    /// Ports that act; no host can be reached until [`Ports::with_net`].
    pub fn real(files: Arc<dyn Files>, desktop: Arc<dyn Desktop>, clock: Arc<dyn Clock>) -> Self {
        Self {
            mode: Mode::Real,
            files,
            desktop,
            net: Arc::new(NoNet),
            secrets: Arc::new(NoSecrets),
            clock,
        }
    }

    /// The same ports with a way to the network and the connection that the step uses.
    #[must_use]
    pub fn with_net(self, net: Arc<dyn Net>, secrets: Arc<dyn Secrets>) -> Self {
        Self {
            net,
            secrets,
            ..self
        }
    }

    /// Ports that change nothing, and where they put what would have happened. One set serves all
    /// steps of one preview, so that each sees what the ones before it would have done. `example`
    /// is a file to take for present although there is none yet.
    pub fn preview(
        grants: Grants,
        trash_folder: PathBuf,
        home: PathBuf,
        clock: Arc<dyn Clock>,
        example: Option<&Path>,
    ) -> (Self, Cards) {
        let cards = Cards::default();
        let disk = Arc::new(DiskFiles::new(grants, trash_folder).with_home(home.clone()));
        let files = PreviewFiles::new(disk, cards.clone(), home);
        let files = Arc::new(files.pretending(example));
        let desktop = Arc::new(PreviewDesktop(cards.clone()));
        (
            Self {
                mode: Mode::Preview,
                files,
                desktop,
                net: Arc::new(NoNet),
                secrets: Arc::new(NoSecrets),
                clock,
            },
            cards,
        )
    }
}

/// Where the current time comes from.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// How long the computer has been on, asleep or not; None where that can't be told. Setting the
    /// clock doesn't change it.
    fn since_start(&self) -> Option<Duration> {
        None
    }

    /// Timers stand still while a computer sleeps, so that nobody sleeps longer than this without
    /// asking for the time again.
    fn longest_sleep(&self) -> Duration {
        Duration::from_secs(30)
    }
}

/// The person's desktop.
pub trait Desktop: Send + Sync {
    /// Shows a notification; false where there is no desktop to show it on.
    fn notify(&self, title: &str, text: &str) -> Result<bool, StepError>;
}

/// Where preview ports put what would have happened.
#[derive(Debug, Clone, Default)]
pub struct Cards(Arc<Mutex<Vec<Would>>>);

impl Cards {
    /// Adds a card.
    pub fn add(&self, card: Would) {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(card);
    }

    /// Whether nothing was recorded since the last [`Cards::take`].
    pub fn is_empty(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .is_empty()
    }

    /// Takes the cards recorded so far.
    pub fn take(&self) -> Vec<Would> {
        std::mem::take(
            &mut *self
                .0
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }
}

/// A desktop that shows nothing and records what it would have shown.
pub struct PreviewDesktop(pub Cards);

impl Desktop for PreviewDesktop {
    fn notify(&self, title: &str, text: &str) -> Result<bool, StepError> {
        let mut details = errand_model::Map::new();
        details.insert("Title".into(), title.into());
        details.insert("Text".into(), text.into());
        let summary = format!("Would show the notification “{title}”");
        self.0.add(Would {
            kind: "notify".into(),
            summary,
            details,
        });
        Err(refused())
    }
}

/// What a preview port answers to a change. The engine never shows it.
pub(crate) fn refused() -> StepError {
    StepError::new(ErrorKind::Cancelled, "nothing is changed in a preview")
}
