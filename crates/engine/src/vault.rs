//! Keeps the secrets of connections: sealed in the database, opened with one master key that is in
//! the keyring or, where there is none, in a file behind a pass phrase. Whoever needs a connection
//! hears in plain words why it can't be had and waits; nothing else is touched. What a connection
//! is good for is not its business.
//!
//! Reading order: [`keys`] (the keyring), [`seal`], [`file`] (the pass phrase), [`trouble`],
//! [`opening`] (how the key is found), [`keeping`] (changes), [`masks`] (hiding secrets in all that is kept or shown).

mod file;
mod keeping;
mod keys;
pub(crate) mod masks;
mod opening;
mod seal;
mod trouble;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use errand_connectors::ports::{
    Clock, Secrets,
    secrets::{Account, NoSecrets},
};
use errand_model::{
    Connection, ConnectionId, ConnectionState, ErrorKind, StepError, Timestamp, WaitsFor,
};
use errand_store::{ConnectionRow, Store, VaultRow};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;

pub(crate) use self::{keeping::Given, opening::run};
pub use self::{
    keys::{Key, Keyring, KeyringError, MasterKeys, NoKeyring},
    masks::Masks,
    opening::VaultStatus,
    trouble::Trouble,
};
use crate::Error;

/// The secrets of one data folder.
pub(crate) struct Vault {
    store: Store,
    clock: Arc<dyn Clock>,
    keys: Arc<dyn MasterKeys>,
    state: RwLock<State>,
    /// Hides the secrets of every connection.
    pub(crate) masks: Masks,
    /// One opening or change at a time.
    turn: tokio::sync::Mutex<()>,
    /// The key isn't there, and might be soon.
    trouble_began: Notify,
}

#[derive(Default)]
struct State {
    kept: Option<VaultRow>,
    key: Option<Key>,
    trouble: Option<Trouble>,
    connections: Vec<ConnectionRow>,
    /// When secrets were last changed, as far as this engine knows.
    changed: HashMap<ConnectionId, Timestamp>,
}

impl Vault {
    /// Empty until [`Vault::load`].
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>, keys: Arc<dyn MasterKeys>) -> Self {
        Self {
            store,
            clock,
            keys,
            state: RwLock::default(),
            masks: Masks::default(),
            turn: tokio::sync::Mutex::default(),
            trouble_began: Notify::new(),
        }
    }

    /// The connection of that name with its secrets open. An error waits: for the connection to be
    /// added or mended, or for the key.
    pub(crate) fn account(&self, name: &str) -> Result<Arc<Account>, StepError> {
        let state = self.read();
        let row = state
            .named(name)
            .ok_or_else(|| waits(format!("There is no connection called “{name}”."), ADD))?;
        if row.connection.state == ConnectionState::Broken {
            return Err(self.broken(&row.connection));
        }
        self.opened(&state, row)
    }

    /// A connection with its secrets open, whether or not it works.
    pub(crate) fn account_to_try(&self, id: ConnectionId) -> Result<Arc<Account>, Error> {
        let state = self.read();
        let row = state.connections.iter().find(|row| row.connection.id == id);
        let row = row.ok_or_else(Error::no_connection)?;
        Ok(self.opened(&state, row)?)
    }

    fn opened(&self, state: &State, row: &ConnectionRow) -> Result<Arc<Account>, StepError> {
        let key = self.key(state)?;
        let connection = &row.connection;
        let secrets = opened(key, row).ok_or_else(|| {
            let name = &connection.name;
            let message = format!("The secret of the connection “{name}” can't be opened.");
            waits(message, ENTER_AGAIN)
        })?;
        Ok(Arc::new(Account {
            name: connection.name.clone(),
            connector: connection.connector.clone(),
            kind: connection.kind.clone(),
            fields: connection.fields.clone(),
            secrets,
        }))
    }

    /// The master key. An error waits for it.
    fn key<'s>(&self, state: &'s State) -> Result<&'s Key, StepError> {
        state.key.as_ref().ok_or_else(|| {
            let trouble = state.trouble.clone().unwrap_or(Trouble::Opening);
            waits(trouble.sentence(), &trouble.hint())
        })
    }

    /// The way to the connection that a step or trigger uses.
    pub(crate) fn secrets_port(self: &Arc<Self>, using: Option<String>) -> Arc<dyn Secrets> {
        match using {
            Some(name) => Arc::new(Named {
                vault: Arc::clone(self),
                name,
            }),
            None => Arc::new(NoSecrets),
        }
    }

    /// All connections, by name.
    pub(crate) fn connections(&self) -> Vec<Connection> {
        let state = self.read();
        let rows = state.connections.iter();
        rows.map(|row| row.connection.clone()).collect()
    }

    /// Whether secrets are kept that can't be opened now.
    pub(crate) fn is_shut(&self) -> bool {
        let state = self.read();
        state.key.is_none() && !state.connections.is_empty()
    }

    /// What a failure means for the connection that was used. A refusal marks it as broken, so that
    /// nobody else asks with it, and the try waits until it is mended. `since` is when the try
    /// began: if the secret was replaced meanwhile, the try is only repeated.
    pub(crate) async fn judged(
        &self,
        using: Option<&str>,
        error: StepError,
        since: Timestamp,
    ) -> Result<StepError, Error> {
        let refused = error.kind == ErrorKind::Reconnect
            && error.waits_for.is_none()
            && !error.may_have_happened;
        let Some(name) = using.filter(|_| refused) else {
            return Ok(error);
        };
        let mut error = error.waits_for(WaitsFor::Connection);
        self.masks.error(&mut error);
        let Some(id) = self.refused(name, since) else {
            return Ok(error.not_before(self.clock.now()));
        };
        let problem = Some(error.message.clone());
        self.mark(id, ConnectionState::Broken, problem).await?;
        Ok(error.hint(MEND))
    }

    /// A connection was used with success.
    pub(crate) async fn accepted(&self, using: Option<&str>) -> Result<(), Error> {
        let untested = {
            let state = self.read();
            let row = using.and_then(|name| state.named(name));
            row.filter(|row| row.connection.state == ConnectionState::Untested)
                .map(|row| row.connection.id)
        };
        match untested {
            Some(id) => self.mark(id, ConnectionState::Works, None).await,
            None => Ok(()),
        }
    }

    /// Notes whether a connection works.
    pub(crate) async fn mark(
        &self,
        id: ConnectionId,
        state: ConnectionState,
        problem: Option<String>,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let written = problem.clone();
        self.store
            .write(move |tx| tx.mark_connection(id, state, written.as_deref(), now))
            .await?;
        if let Some(row) = self.write().row(id) {
            (row.connection.state, row.connection.problem) = (state, problem);
            row.connection.checked = Some(now);
        }
        match state {
            ConnectionState::Works => self.wake().await,
            _ => Ok(()),
        }
    }

    /// Lets go on what waits for a connection. Only ever called once memory says that it is usable:
    /// a run that begins to wait at this moment looks there again.
    pub(crate) async fn wake(&self) -> Result<(), Error> {
        let now = self.clock.now();
        Ok(self.store.write(move |tx| tx.wake_blocked(now)).await?)
    }

    /// The connection that a refusal is about, unless its secret was changed after `since`.
    fn refused(&self, name: &str, since: Timestamp) -> Option<ConnectionId> {
        let state = self.read();
        let id = state.named(name)?.connection.id;
        let changed = state.changed.get(&id);
        changed
            .is_none_or(|changed| *changed <= since)
            .then_some(id)
    }

    fn broken(&self, connection: &Connection) -> StepError {
        let name = &connection.name;
        let message = match &connection.problem {
            Some(problem) => format!("The connection “{name}” must be mended: {problem}"),
            None => format!("The connection “{name}” must be mended."),
        };
        waits(message, MEND)
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

const ADD: &str = "Add it under Connections; what waits for it then goes on by itself.";
const MEND: &str =
    "Replace its secret under Connections; what waits for it then goes on by itself.";
const ENTER_AGAIN: &str =
    "Enter it again under Connections; what waits for it then goes on by itself.";

fn waits(message: impl Into<String>, hint: &str) -> StepError {
    let error = StepError::new(ErrorKind::Reconnect, message).hint(hint);
    error.waits_for(WaitsFor::Connection)
}

impl State {
    fn named(&self, name: &str) -> Option<&ConnectionRow> {
        self.connections
            .iter()
            .find(|row| row.connection.name == name)
    }

    fn row(&mut self, id: ConnectionId) -> Option<&mut ConnectionRow> {
        self.connections
            .iter_mut()
            .find(|row| row.connection.id == id)
    }
}

/// The port of one step.
struct Named {
    vault: Arc<Vault>,
    name: String,
}

impl Secrets for Named {
    fn using(&self) -> Result<Option<Arc<Account>>, StepError> {
        self.vault.account(&self.name).map(Some)
    }
}

/// What a connection's secrets are sealed for.
fn owner(id: ConnectionId, generation: i64) -> Vec<u8> {
    [&id.as_bytes()[..], &generation.to_le_bytes()].concat()
}

fn opened(key: &Key, row: &ConnectionRow) -> Option<BTreeMap<String, SecretString>> {
    let what = owner(row.connection.id, row.generation);
    let text = key.open(&row.sealed, &what)?;
    let secrets: BTreeMap<String, String> = serde_json::from_slice(&text).ok()?;
    let secrets = secrets.into_iter();
    Some(
        secrets
            .map(|(field, secret)| (field, SecretString::from(secret)))
            .collect(),
    )
}

/// Hides the secrets of these connections from now on.
fn hide(masks: &Masks, key: &Key, rows: &[ConnectionRow]) {
    let opened: Vec<_> = rows.iter().filter_map(|row| opened(key, row)).collect();
    let secrets = opened.iter().flat_map(BTreeMap::values);
    masks.hide(secrets.map(ExposeSecret::expose_secret));
}
