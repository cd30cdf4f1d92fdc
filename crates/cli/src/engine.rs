//! Starts the engine in this program, with the real ports.

use std::{
    env,
    path::{Path, PathBuf},
    sync::Arc,
};

use errand_connectors::Registry;
use errand_engine::{
    Engine, Parts,
    store::{self, Store},
};
use errand_model::Timestamp;
use errand_protocol::{Failure, FailureKind};

use crate::{
    logging,
    ports::{RealPorts, SystemClock},
};

/// Why the engine didn't start.
pub(crate) enum NotStarted {
    /// Another engine holds the data folder.
    Held(Failure),
    /// Something else.
    Failed(Failure),
}

impl From<NotStarted> for Failure {
    fn from(reason: NotStarted) -> Self {
        match reason {
            NotStarted::Held(failure) | NotStarted::Failed(failure) => failure,
        }
    }
}

/// Takes hold of the data folder and starts its engine.
pub(crate) async fn start(folder: &Path) -> Result<Engine, NotStarted> {
    let home = home().map_err(NotStarted::Failed)?;
    let store = Store::open(folder, Timestamp::now()).map_err(not_opened)?;
    let parts = Parts {
        store,
        registry: Arc::new(Registry::builtin()),
        ports: Arc::new(RealPorts::new(&home)),
        clock: Arc::new(SystemClock),
        home,
    };
    let engine = Engine::start(parts).await.map_err(|error| {
        let failure = Failure::new(FailureKind::Bug, error.message);
        NotStarted::Failed(Failure {
            hint: error.hint,
            ..failure
        })
    })?;
    logging::hide(engine.handle().masks());
    Ok(engine)
}

/// The person's home folder.
pub(crate) fn home() -> Result<PathBuf, Failure> {
    let home = env::var_os("HOME")
        .map(PathBuf::from)
        .filter(|home| home.is_absolute());
    home.ok_or_else(|| {
        Failure::new(
            FailureKind::BadInput,
            "Nothing says where your home folder is.",
        )
        .hint("Set HOME.")
    })
}

fn not_opened(error: store::Error) -> NotStarted {
    let message = format!("{error}.");
    match error {
        store::Error::AlreadyRunning { .. } => NotStarted::Held(
            Failure::new(FailureKind::Conflict, message)
                .hint("Quit the other one first, or give this one another folder with --data."),
        ),
        _ => NotStarted::Failed(Failure::new(FailureKind::BadInput, message).hint(error.hint())),
    }
}
