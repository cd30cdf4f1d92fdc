//! Errand's own database: the only crate with SQL. One file per table; [`Store`] is the door.
//! Every change goes through one writer thread, and whoever asked hears of it after it is durable.

mod columns;
mod connection;
mod cursors;
mod error;
pub mod faults;
mod folder;
mod header;
mod lease;
mod migrate;
mod readers;
mod store;
mod writer;

mod audit;
mod connections;
mod doctor;
mod hooks;
mod inbox;
mod own_writes;
mod relay;
mod runs;
mod settings;
mod steps;
mod triggers;
mod undo;
mod vault;
mod watch;
mod workflows;

#[cfg(test)]
mod plans;

pub use audit::AuditLine;
pub use connections::{Blocked, ConnectionRow};
pub use error::Error;
pub use folder::{DATABASE, LOCK};
pub use hooks::HookRow;
pub use inbox::Accepted;
pub use own_writes::OwnWrite;
pub use relay::RelayRow;
pub use runs::RunFilter;
pub use store::Store;
pub use triggers::TriggerRow;
pub use vault::{Kept, VaultRow};
pub use watch::{WatchEntry, WatchState};
pub use workflows::WorkflowRow;

use rusqlite::Connection;

/// What reading sees: one moment of the database.
#[derive(Clone, Copy)]
pub struct View<'c>(&'c Connection);

/// What writing sees: a [`View`] that may also change things, all or nothing.
pub struct Tx<'c> {
    view: View<'c>,
    epoch: i64,
}

impl<'c> std::ops::Deref for Tx<'c> {
    type Target = View<'c>;

    fn deref(&self) -> &View<'c> {
        &self.view
    }
}
