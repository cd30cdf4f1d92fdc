//! The desktop's keyring (Secret Service): whether it is there and unlocked is asked over D-Bus, so
//! that nobody is prompted; the key is read and kept through `keyring-core`. Its all-in-one wrapper
//! holds one connection for as long as the program runs, which a keyring that was started again no
//! longer knows; here each call has its own.

use std::{collections::HashMap, fs, future::Future, time::Duration};

use errand_engine::{Key, Keyring, KeyringError, MasterKeys};
use keyring::Error;
use keyring_core::{Entry, api::CredentialStoreApi};
use secrecy::{SecretString, zeroize::Zeroizing};
use tokio::time::timeout;
use zbus::{
    Connection, Proxy,
    fdo::{DBusProxy, PropertiesProxy},
    names::InterfaceName,
    zvariant::OwnedObjectPath,
};
use zbus_secret_service_keyring_store::Store;

const SERVICE: &str = "org.freedesktop.secrets";
const OBJECT: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";

/// Under which the keyring's own program shows the key.
const NAME: &str = "Errand";
const LABEL: &str = "Errand: key to the secrets of your connections";

/// Names a file that holds the pass phrase, for computers that nobody sits at.
pub(crate) const PASS_PHRASE_FILE: &str = "ERRAND_PASS_PHRASE_FILE";

/// How long a keyring may take to say how it is.
const PATIENCE: Duration = Duration::from_secs(3);

/// The keyring of the session's bus.
pub(crate) struct SecretService;

impl MasterKeys for SecretService {
    fn look(&self) -> Keyring {
        alone(async {
            match timeout(PATIENCE, state()).await {
                Ok(Ok(state)) => state,
                Ok(Err(error)) => {
                    tracing::info!(%error, "No keyring answers on this computer.");
                    Keyring::Absent
                }
                Err(_) => Keyring::Silent,
            }
        })
        .unwrap_or(Keyring::Absent)
    }

    fn read(&self, account: &str) -> Result<Option<Key>, KeyringError> {
        match entry(account)?.get_secret() {
            Ok(bytes) => match Key::of(&Zeroizing::new(bytes)) {
                Some(key) => Ok(Some(key)),
                None => Err(KeyringError::Failed("it gave something else".to_owned())),
            },
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(error)),
        }
    }

    fn keep(&self, account: &str, key: &Key) -> Result<(), KeyringError> {
        let kept = entry(account)?.set_secret(key.bytes());
        kept.map_err(refusal)
    }

    fn pass_phrase(&self) -> Option<SecretString> {
        pass_phrase_file()
            .inspect_err(|problem| tracing::warn!("{problem}"))
            .ok()?
    }
}

/// The pass phrase in the file that the surroundings name, if they name one.
pub(crate) fn pass_phrase_file() -> Result<Option<SecretString>, String> {
    let Some(file) = std::env::var_os(PASS_PHRASE_FILE) else {
        return Ok(None);
    };
    let text = fs::read_to_string(&file)
        .map(Zeroizing::new)
        .map_err(|error| {
            let words = errand_protocol::system_words(&error);
            let name = file.display();
            format!("The file {name}, named by {PASS_PHRASE_FILE}, can't be read: {words}.")
        })?;
    Ok(Some(SecretString::from(
        text.trim_end_matches(['\r', '\n']),
    )))
}

fn entry(account: &str) -> Result<Entry, KeyringError> {
    let store = Store::new().map_err(|error| {
        tracing::info!(%error, "No keyring answers on this computer.");
        KeyringError::Absent
    })?;
    let label = HashMap::from([("label", LABEL)]);
    store.build(NAME, account, Some(&label)).map_err(refusal)
}

fn refusal(error: Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(_) => KeyringError::Refused,
        other => KeyringError::Failed(other.to_string()),
    }
}

/// Calls block, and are made on threads of their own.
fn alone<T>(work: impl Future<Output = T>) -> Option<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    Some(runtime.block_on(work))
}

async fn state() -> zbus::Result<Keyring> {
    let bus = Connection::session().await?;
    if !is_there(&bus).await? {
        return Ok(Keyring::Absent);
    }
    let service = Proxy::new(&bus, SERVICE, OBJECT, "org.freedesktop.Secret.Service").await?;
    let default: OwnedObjectPath = service.call("ReadAlias", &"default").await?;
    // Making the first collection asks for its password.
    if default.as_str() == "/" {
        return Ok(Keyring::Locked);
    }
    let properties = PropertiesProxy::new(&bus, SERVICE, default).await?;
    let locked = properties
        .get(
            InterfaceName::from_static_str_unchecked(COLLECTION),
            "Locked",
        )
        .await?;
    Ok(match bool::try_from(locked)? {
        true => Keyring::Locked,
        false => Keyring::Open,
    })
}

async fn is_there(bus: &Connection) -> zbus::Result<bool> {
    let names = DBusProxy::new(bus).await?;
    if names.name_has_owner(SERVICE.try_into()?).await? {
        return Ok(true);
    }
    let startable = names.list_activatable_names().await?;
    Ok(startable.iter().any(|name| name.as_str() == SERVICE))
}
