//! Adding, replacing and removing connections: sealed, written, and hidden in everything from then
//! on. Which fields a connection must have is not checked here.

use std::collections::BTreeMap;

use errand_model::{Connection, ConnectionId, ConnectionState, ErrorKind, StepError};
use errand_store::{ConnectionRow, Tx};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use super::{Vault, hide, opened, owner, seal::Key};
use crate::Error;

/// The secrets of one connection, by field.
pub(crate) type Given = BTreeMap<String, SecretString>;

impl Vault {
    /// Keeps a new connection. The first one makes the key.
    pub(crate) async fn add(&self, connection: Connection, secrets: &Given) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        let key = self.noted(self.key_to_keep_with().await?).await?;
        let row = sealed(&key, connection, 1, secrets)?;
        self.put(&key, row, |tx, row| tx.add_connection(row)).await
    }

    /// Replaces what a connection is called and holds. Secrets that aren't given stay.
    pub(crate) async fn replace(
        &self,
        connection: Connection,
        secrets: &Given,
    ) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        let key = self.noted(self.key_to_keep_with().await?).await?;
        let before = self.row(connection.id)?;
        let mut all = opened(&key, &before).unwrap_or_default();
        all.extend(
            secrets
                .iter()
                .map(|(field, secret)| (field.clone(), secret.clone())),
        );
        let row = sealed(&key, connection, before.generation + 1, &all)?;
        self.put(&key, row, |tx, row| tx.replace_connection(row))
            .await
    }

    /// The fields whose secrets can be opened now; they need not be given again.
    pub(crate) fn kept_secrets(&self, id: ConnectionId) -> Vec<String> {
        let state = self.read();
        let row = state.connections.iter().find(|row| row.connection.id == id);
        let opened = row
            .zip(state.key.as_ref())
            .and_then(|(row, key)| opened(key, row));
        opened.unwrap_or_default().into_keys().collect()
    }

    /// Forgets a connection and wipes its secrets.
    pub(crate) async fn remove(&self, id: ConnectionId) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        let now = self.clock.now();
        self.store
            .write(move |tx| tx.remove_connection(id, now))
            .await?;
        let mut state = self.write();
        state.connections.retain(|row| row.connection.id != id);
        Ok(())
    }

    /// Seals bytes of Errand's own, such as keys that no person has ever seen.
    pub(crate) async fn seal(&self, what: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let _turn = self.turn.lock().await;
        let key = self.noted(self.key_to_keep_with().await?).await?;
        Ok(key.seal(bytes, what.as_bytes())?)
    }

    /// Opens what [`Vault::seal`] gave. An error waits for the key.
    pub(crate) fn open(&self, what: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StepError> {
        let state = self.read();
        let key = self.key(&state)?;
        key.open(sealed, what.as_bytes()).ok_or_else(|| {
            StepError::new(
                ErrorKind::Reconnect,
                "What was kept secret can't be opened.",
            )
        })
    }

    /// Writes a row, and lets go on what waited for it.
    async fn put(
        &self,
        key: &Key,
        row: ConnectionRow,
        write: impl FnOnce(&Tx<'_>, &ConnectionRow) -> Result<(), errand_store::Error> + Send + 'static,
    ) -> Result<(), Error> {
        hide(&self.masks, key, std::slice::from_ref(&row));
        let written = row.clone();
        self.store.write(move |tx| write(tx, &written)).await?;
        {
            let mut state = self.write();
            let id = row.connection.id;
            state.changed.insert(id, self.clock.now());
            state.connections.retain(|other| other.connection.id != id);
            state.connections.push(row);
            state
                .connections
                .sort_by_key(|row| row.connection.name.to_lowercase());
        }
        self.wake().await
    }

    fn row(&self, id: ConnectionId) -> Result<ConnectionRow, Error> {
        let state = self.read();
        let found = state.connections.iter().find(|row| row.connection.id == id);
        found.cloned().ok_or_else(Error::no_connection)
    }
}

fn sealed(
    key: &Key,
    connection: Connection,
    generation: i64,
    secrets: &Given,
) -> Result<ConnectionRow, Error> {
    let plain: BTreeMap<&str, &str> = secrets
        .iter()
        .map(|(field, secret)| (field.as_str(), secret.expose_secret()))
        .collect();
    let text = Zeroizing::new(
        serde_json::to_vec(&plain)
            .map_err(|error| Error::bad_input(format!("the secrets can't be kept: {error}")))?,
    );
    let what = owner(connection.id, generation);
    Ok(ConnectionRow {
        sealed: key.seal(&text, &what)?,
        connection: Connection {
            state: ConnectionState::Untested,
            problem: None,
            checked: None,
            ..connection
        },
        generation,
    })
}
