//! What the vault asks of the computer it runs on: a keyring, if there is one.

use secrecy::SecretString;

pub use super::seal::Key;

/// The desktop's keyring. Its calls may wait, for the desktop or for a person; never for ever.
pub trait MasterKeys: Send + Sync {
    /// How the keyring is. Asks no person anything.
    fn look(&self) -> Keyring;

    /// The key kept under this name. May ask the person to unlock the keyring.
    ///
    /// # Errors
    /// When the keyring doesn't say.
    fn read(&self, account: &str) -> Result<Option<Key>, KeyringError>;

    /// Keeps a key under this name, in place of the one before. May ask the person to unlock the
    /// keyring.
    ///
    /// # Errors
    /// When it isn't kept.
    fn keep(&self, account: &str, key: &Key) -> Result<(), KeyringError>;

    /// A pass phrase that is handed in from outside, for computers nobody sits at.
    fn pass_phrase(&self) -> Option<SecretString> {
        None
    }
}

/// How the keyring is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// There is none.
    Absent,
    /// It must be unlocked first.
    Locked,
    /// It answers.
    Open,
    /// It is there, and doesn't answer.
    Silent,
}

/// Why the keyring didn't do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyringError {
    /// There is none.
    Absent,
    /// It is locked, and the person or the desktop refused to unlock it.
    Refused,
    /// It didn't answer in time.
    Silent,
    /// Something else, in its words.
    Failed(String),
}

/// A computer without a keyring.
pub struct NoKeyring;

impl MasterKeys for NoKeyring {
    fn look(&self) -> Keyring {
        Keyring::Absent
    }

    fn read(&self, _account: &str) -> Result<Option<Key>, KeyringError> {
        Err(KeyringError::Absent)
    }

    fn keep(&self, _account: &str, _key: &Key) -> Result<(), KeyringError> {
        Err(KeyringError::Absent)
    }
}
