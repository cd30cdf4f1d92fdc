//! What a person does with connections: list, add, test, replace, remove, and unlock the vault.

mod trying;
mod users;

use std::collections::HashMap;

use errand_connectors::check_input;
use errand_model::{
    Connection, ConnectionId, ConnectionState, ConnectionType, Field, FieldKind, Map,
};
use secrecy::{ExposeSecret, SecretString};

pub use self::{trying::Tested, users::User};
use crate::{Error, Handle, Masks, VaultStatus, error::Kind, vault::Given};

/// The longest name, in characters.
const LONGEST_NAME: usize = 80;

/// A connection with whoever uses it and waits for it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The connection, without secrets.
    pub connection: Connection,
    /// Workflows whose published version or draft names it.
    pub users: Vec<User>,
    /// Runs that wait for it to be mended.
    pub waiting: u32,
}

/// What a person fills in.
pub struct Filled {
    /// What it shall be called.
    pub name: String,
    /// What is no secret.
    pub fields: Map,
    /// The secrets by field.
    pub secrets: Given,
}

impl Handle {
    /// All connections, by name.
    pub async fn connections(&self) -> Result<Vec<Listed>, Error> {
        let mut users = self.connection_users().await?;
        let waiting = self.waiting_for_connections().await?;
        let connections = self.core.vault.connections().into_iter();
        Ok(connections
            .map(|connection| Listed {
                users: users.remove(&connection.name).unwrap_or_default(),
                waiting: waiting.get(&connection.name).copied().unwrap_or_default(),
                connection,
            })
            .collect())
    }

    /// One connection.
    pub async fn connection(&self, id: ConnectionId) -> Result<Listed, Error> {
        let all = self.connections().await?.into_iter();
        all.into_iter()
            .find(|listed| listed.connection.id == id)
            .ok_or_else(Error::no_connection)
    }

    /// Keeps a new connection of that connector and kind.
    pub async fn add_connection(
        &self,
        connector: &str,
        kind: &str,
        filled: Filled,
    ) -> Result<ConnectionId, Error> {
        let info = self.connection_type(connector, kind)?;
        let name = self.free_name(&filled.name, None)?;
        check_secrets(info, &filled, &[])?;
        let now = self.now();
        let connection = Connection {
            id: ConnectionId::at(now),
            name,
            connector: connector.to_owned(),
            kind: kind.to_owned(),
            fields: self.checked_fields(info, filled.fields)?,
            state: ConnectionState::Untested,
            problem: None,
            checked: None,
            created: now,
        };
        let id = connection.id;
        self.core.vault.add(connection, &filled.secrets).await?;
        self.connections_changed();
        Ok(id)
    }

    /// Replaces what a connection is called and holds; secrets that aren't given stay.
    pub async fn replace_connection(&self, id: ConnectionId, filled: Filled) -> Result<(), Error> {
        let Listed {
            connection, users, ..
        } = self.connection(id).await?;
        let name = self.free_name(&filled.name, Some(id))?;
        if name != connection.name && !users.is_empty() {
            let message = format!("“{}” is in use, so it keeps its name", connection.name);
            return Err(Error::conflict(message)
                .hint("Workflows name it. Add another connection if you need another name."));
        }
        let info = self.connection_type(&connection.connector, &connection.kind)?;
        check_secrets(info, &filled, &self.core.vault.kept_secrets(id))?;
        let fields = self.checked_fields(info, filled.fields)?;
        let connection = Connection {
            name,
            fields,
            ..connection
        };
        self.core.vault.replace(connection, &filled.secrets).await?;
        self.connections_changed();
        Ok(())
    }

    /// Removes a connection and wipes its secrets. One that a switched-on workflow uses is only
    /// removed by `force`; what needs it then waits.
    pub async fn remove_connection(&self, id: ConnectionId, force: bool) -> Result<(), Error> {
        let listed = self.connection(id).await?;
        let mut on = listed.users.iter().filter(|user| user.enabled);
        if let Some(user) = on.next().filter(|_| !force) {
            let message = format!(
                "“{}” is used by “{}”, which is switched on",
                listed.connection.name, user.name
            );
            return Err(Error::conflict(message)
                .hint("Switch the workflow off first, or remove the connection all the same: its runs then wait."));
        }
        self.core.vault.remove(id).await?;
        self.connections_changed();
        Ok(())
    }

    /// How the vault is.
    pub async fn vault_status(&self) -> VaultStatus {
        self.core.vault.status().await
    }

    /// Whether secrets are kept that can't be opened now.
    pub fn vault_is_shut(&self) -> bool {
        self.core.vault.is_shut()
    }

    /// Opens the vault; on a computer without a keyring the first call chooses the pass phrase.
    pub async fn unlock_vault(&self, pass_phrase: Option<SecretString>) -> Result<(), Error> {
        self.core.vault.unlock(pass_phrase).await?;
        self.connections_changed();
        Ok(())
    }

    /// Hides the secrets of all connections in texts.
    pub fn masks(&self) -> Masks {
        self.core.vault.masks.clone()
    }

    pub(crate) fn connections_changed(&self) {
        self.core.after_mending();
    }

    fn connection_type(&self, connector: &str, kind: &str) -> Result<&ConnectionType, Error> {
        let registry = &self.core.registry;
        if let Some(found) = registry.connection_type(connector, kind) {
            return Ok(found);
        }
        let connectors = registry.connectors().iter();
        let with_some = connectors.filter(|known| !known.connections.is_empty());
        match registry.connectors().iter().find(|it| it.id == connector) {
            Some(found) if !found.connections.is_empty() => {
                let kinds = found.connections.iter().map(|kind| kind.id.as_str());
                let message = format!("{} has no connections of the kind `{kind}`", found.name);
                Err(Error::bad_input(message).hint(choices("Its kinds are", kinds)))
            }
            Some(found) => {
                let message = format!("{} needs no connection", found.name);
                let ids = with_some.map(|known| known.id.as_str());
                Err(Error::bad_input(message).hint(choices("Connectors with connections are", ids)))
            }
            None => {
                let message = format!("there is no connector called `{connector}`");
                let ids = with_some.map(|known| known.id.as_str());
                Err(Error::bad_input(message).hint(choices("Connectors with connections are", ids)))
            }
        }
    }

    /// The name as it is kept; refused if another connection has it.
    fn free_name(&self, name: &str, own: Option<ConnectionId>) -> Result<String, Error> {
        let name = name.trim();
        let plain = !name.contains(|c: char| c.is_control()) && !name.contains("{{");
        if name.is_empty() || !plain || name.chars().count() > LONGEST_NAME {
            return Err(
                Error::bad_input(format!("“{name}” can't be a connection's name"))
                    .hint("Choose one line of at most 80 letters."),
            );
        }
        let all = self.core.vault.connections();
        let taken = all
            .iter()
            .find(|it| Some(it.id) != own && it.name.to_lowercase() == name.to_lowercase());
        match taken {
            Some(other) => Err(Error::conflict(format!(
                "there is a connection called “{}” already",
                other.name
            ))
            .hint("Choose another name, or replace that one.")),
            None => Ok(name.to_owned()),
        }
    }

    fn checked_fields(&self, info: &ConnectionType, fields: Map) -> Result<Map, Error> {
        let plain: Vec<Field> = info
            .fields
            .iter()
            .filter(|field| field.kind != FieldKind::Secret)
            .cloned()
            .collect();
        let checked = check_input(&plain, fields, &self.core.home)?;
        for field in plain.iter().filter(|field| field.kind == FieldKind::Url) {
            if let Some(text) = checked.get(&field.id).and_then(|value| value.as_str()) {
                check_address(field, text)?;
            }
        }
        Ok(checked)
    }
}

impl Error {
    pub(crate) fn no_connection() -> Self {
        Self::new(Kind::NotFound, "there is no such connection")
            .hint("List them with `errand connection list`.")
    }
}

/// Every secret that is needed is given or kept, and nothing else.
fn check_secrets(info: &ConnectionType, filled: &Filled, kept: &[String]) -> Result<(), Error> {
    let secret = |field: &&Field| field.kind == FieldKind::Secret;
    let known: HashMap<&str, &Field> = info
        .fields
        .iter()
        .filter(secret)
        .map(|field| (field.id.as_str(), field))
        .collect();
    if let Some(field) = filled.fields.keys().find_map(|id| known.get(id.as_str())) {
        let message = format!(
            "“{}” is a secret and isn't given like other fields",
            field.label
        );
        return Err(Error::bad_input(message).hint("On the command line use `--secret`."));
    }
    if let Some(id) = filled
        .secrets
        .keys()
        .find(|id| !known.contains_key(id.as_str()))
    {
        let message = format!("{} has no secret called `{id}`", info.name);
        return Err(Error::bad_input(message).hint(choices("Its secrets are", known.into_keys())));
    }
    let is_given = |field: &Field| {
        let given = filled.secrets.get(&field.id);
        given.is_some_and(|it| !it.expose_secret().trim().is_empty()) || kept.contains(&field.id)
    };
    let mut missing = info.fields.iter().filter(secret);
    match missing.find(|field| field.required && !is_given(field)) {
        Some(field) => {
            let error = Error::bad_input(format!("“{}” isn't filled in", field.label));
            let how = format!("Fill it in. On the command line: `--secret {}`.", field.id);
            Err(error.hint(how))
        }
        None => Ok(()),
    }
}

fn check_address(field: &Field, text: &str) -> Result<(), Error> {
    let address = url::Url::parse(text).ok();
    let fits = address.is_some_and(|it| {
        matches!(it.scheme(), "http" | "https")
            && it.has_host()
            && it.username().is_empty()
            && it.password().is_none()
    });
    if fits {
        return Ok(());
    }
    let message = format!("“{}” must be a web address, but is “{text}”", field.label);
    Err(Error::bad_input(message).hint("Write it like `https://api.example.com`."))
}

fn choices<'a>(begin: &str, words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    format!("{begin}: {}.", words.join(", "))
}
