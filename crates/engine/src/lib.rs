//! Makes workflows happen. The route of an event, and the order to read in: [`triggers`] notice,
//! the store's inbox accepts, [`dispatcher`] makes runs, [`scheduler`] takes turns, [`runner`]
//! drives one run by pure decisions, [`timers`] wake what waits. [`handle`], [`workflows`] and
//! [`runs`] are what a person can ask for. Names no connector: actions are found by id.

pub mod check;
mod connections;
mod core;
mod dispatcher;
mod documents;
mod error;
mod grants;
mod handle;
mod keys;
mod outside;
mod preview;
mod recording;
mod room;
mod runner;
mod runs;
mod samples;
mod scheduler;
mod scope;
mod timers;
mod triggers;
mod turns;
mod vault;
mod workflows;

use std::sync::Arc;

use tokio::task::JoinHandle;

/// The database's shapes, for those who read through [`Handle::store`].
pub use errand_store as store;

pub use self::{
    check::Problem,
    connections::{Filled, Listed, Tested, User},
    core::{Happening, Parts, PortSource},
    error::{Error, Kind},
    handle::Handle,
    preview::{Preview, PreviewStep},
    triggers::relay::RelayStatus,
    triggers::schedule::{away::WhileAway, upcoming::Upcoming},
    triggers::webhook::{Hook, HookAnswer, HookCall, HookDoor, HookSettings, HookWish},
    vault::{Key, Keyring, KeyringError, Masks, MasterKeys, NoKeyring, Trouble, VaultStatus},
};

/// A running engine.
pub struct Engine {
    handle: Handle,
    tasks: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Goes on where the last engine stopped, then listens.
    pub async fn start(parts: Parts) -> Result<Self, Error> {
        let paused = parts
            .store
            .read(|view| view.setting(handle::PAUSED))
            .await?;
        let core = core::Core::new(parts, paused == Some(serde_json::Value::Bool(true)));
        core.vault.load().await?;
        dispatcher::resume(&core).await?;
        triggers::webhook::refresh(&core).await?;
        triggers::schedule::clock::load(&core).await?;
        let tasks = vec![
            tokio::spawn(dispatcher::run(Arc::clone(&core))),
            tokio::spawn(timers::run(Arc::clone(&core))),
            tokio::spawn(triggers::run(Arc::clone(&core))),
            tokio::spawn(triggers::schedule::clock::run(Arc::clone(&core))),
            tokio::spawn(vault::run(Arc::clone(&core))),
            tokio::spawn(outside::run(Arc::clone(&core))),
            tokio::spawn(triggers::relay::run(Arc::clone(&core))),
        ];
        Ok(Self {
            handle: Handle { core },
            tasks,
        })
    }

    /// The way to it.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Stops listening, lets steps that are going on finish, and closes the database.
    pub async fn stop(self) {
        let core = &self.handle.core;
        core.stopping.cancel();
        for task in self.tasks {
            task.await.ok();
        }
        let finished = async {
            loop {
                let released = core.scheduler.released.notified();
                if core.scheduler.going_on() == 0 {
                    return;
                }
                released.await;
            }
        };
        tokio::time::timeout(LONGEST_GOODBYE, finished).await.ok();
        core.store.close().await;
    }
}

/// Stopping waits this long for steps going on; what is cut off then is an interruption like any
/// other.
const LONGEST_GOODBYE: std::time::Duration = std::time::Duration::from_secs(5);
