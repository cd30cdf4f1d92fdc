//! The way to an engine: over the socket of the one that holds the data folder, or, while there is
//! none, one of our own for as long as the command takes.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use errand_api::{Api, Events, Host};
use errand_engine::Engine;
use errand_protocol::{AppEvent, Client, Command, Failure};
use tokio::{sync::broadcast, time::sleep};

use crate::{
    autostart,
    engine::{self, NotStarted},
};

/// How long an engine that holds the folder may take until its socket answers (or until it is gone).
const PATIENCE: Duration = Duration::from_secs(10);

/// A way to an engine.
pub(crate) enum Door {
    /// The one that holds the folder.
    Socket(Client),
    /// Our own.
    Own(Box<Own>),
}

pub(crate) struct Own {
    engine: Engine,
    api: Api,
}

/// Events that come through a door.
pub(crate) enum Heard {
    Socket(broadcast::Receiver<AppEvent>),
    Own(Events),
}

impl Door {
    /// Finds the engine of this folder, or starts one.
    pub(crate) async fn open(folder: &Path) -> Result<Self, Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Ok(client) = Client::connect(folder).await {
                return Ok(Self::Socket(client));
            }
            match engine::start(folder).await {
                Ok(engine) => return Ok(Self::own(engine, folder)),
                Err(NotStarted::Held(_)) if Instant::now() < until => {
                    sleep(Duration::from_millis(50)).await;
                }
                Err(reason) => return Err(reason.into()),
            }
        }
    }

    fn own(engine: Engine, folder: &Path) -> Self {
        let host = std::sync::Arc::new(OwnHost {
            folder: folder.to_owned(),
        });
        let api = Api::new(engine.handle(), host);
        Self::Own(Box::new(Own { engine, api }))
    }

    /// Carries out a command.
    pub(crate) async fn call<C: Command>(&self, request: &C) -> Result<C::Response, Failure> {
        match self {
            Self::Socket(client) => client.call(request).await,
            Self::Own(own) => own.api.call(request).await,
        }
    }

    /// Events from now on.
    pub(crate) async fn events(&self) -> Result<Heard, Failure> {
        Ok(match self {
            Self::Socket(client) => Heard::Socket(client.subscribe().await?),
            Self::Own(own) => Heard::Own(own.api.events()),
        })
    }

    /// Ends our own engine, if it is ours.
    pub(crate) async fn close(self) {
        if let Self::Own(own) = self {
            own.engine.stop().await;
        }
    }
}

impl Heard {
    /// The next event; falls silent for good when the engine is gone.
    pub(crate) async fn next(&mut self) -> AppEvent {
        let event = match self {
            Self::Own(events) => events.next().await,
            Self::Socket(events) => match events.recv().await {
                Ok(event) => Some(event),
                Err(broadcast::error::RecvError::Lagged(_)) => Some(AppEvent::Lagged),
                Err(broadcast::error::RecvError::Closed) => None,
            },
        };
        match event {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }
}

/// A program that ends by itself after its command.
struct OwnHost {
    folder: std::path::PathBuf,
}

impl Host for OwnHost {
    fn quit(&self) {}

    fn start_at_login(&self, start: bool) -> Result<(), Failure> {
        autostart::set(&self.folder, start)
    }
}
