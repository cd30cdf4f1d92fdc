//! The bodies of the protocol's commands over the engine, one file a screen. Hosts (socket, web
//! server, command line) call [`Api::dispatch`] and forward what [`Api::events`] gives.
//! Reading order: [`Api`], [`host`], `dispatch`, then any screen.

mod connections;
mod connectors;
mod dispatch;
mod doctor;
mod events;
mod failure;
mod folders;
mod home;
pub mod host;
mod preview;
mod relay;
mod runs;
mod schedules;
mod settings;
mod status;
mod templates;
mod views;
mod workflows;

use std::{path::Path, sync::Arc};

use errand_engine::Handle;
use errand_protocol::{Command, Failure};
use serde_json::Value;
use tokio::sync::watch;

pub use events::Events;
pub use home::Startable;
pub use host::Host;

/// The commands of one running engine. Clones share it.
#[derive(Clone)]
pub struct Api {
    engine: Handle,
    host: Arc<dyn Host>,
    quitting: watch::Sender<bool>,
}

impl Api {
    /// The commands of this engine, in this program.
    pub fn new(engine: Handle, host: Arc<dyn Host>) -> Self {
        Self {
            engine,
            host,
            quitting: watch::Sender::new(false),
        }
    }

    /// The engine underneath.
    pub fn engine(&self) -> &Handle {
        &self.engine
    }

    /// Carries out the command of that name.
    ///
    /// # Errors
    /// When there is no such command, the payload doesn't fit it, or it can't be carried out.
    pub async fn dispatch(&self, cmd: &str, payload: Value) -> Result<Value, Failure> {
        dispatch::dispatch(self, cmd, payload).await
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// When it can't be carried out.
    pub async fn call<C: Command>(&self, request: &C) -> Result<C::Response, Failure> {
        let payload = serde_json::to_value(request).map_err(failure::unreadable)?;
        let response = self.dispatch(C::NAME, payload).await?;
        serde_json::from_value(response).map_err(failure::unreadable)
    }

    /// The workflows that are on and that a person can start.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn startable(&self) -> Result<Vec<Startable>, Failure> {
        home::startable(self).await
    }

    /// What happens from now on.
    pub fn events(&self) -> Events {
        Events::of(&self.engine, self.quitting.subscribe())
    }

    fn home(&self) -> &Path {
        self.engine.home()
    }
}
