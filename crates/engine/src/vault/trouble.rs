//! Why secrets can't be opened, in words for a person.

use errand_store::Kept;

use super::keys::KeyringError;

/// Why secrets can't be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The key is being asked for.
    Opening,
    /// The file with the key wants its pass phrase.
    PassPhrase,
    /// That wasn't the pass phrase.
    WrongPassPhrase,
    /// The file with the key isn't there any more.
    FileGone,
    /// The file with the key can't be read.
    FileUnreadable(String),
    /// The keyring is locked.
    Locked,
    /// The person or the desktop refused to unlock the keyring.
    Refused,
    /// The key was in a keyring, and there is none now.
    NoKeyring,
    /// The keyring doesn't answer.
    Silent,
    /// The keyring doesn't have the key any more.
    Gone,
    /// The key is another one than the secrets were sealed with.
    OtherKey(Kept),
    /// The keyring failed in a way of its own.
    Failed(String),
}

impl Trouble {
    /// What is wrong.
    pub fn sentence(&self) -> String {
        match self {
            Self::Opening => "The key to your secrets is being asked for.".into(),
            Self::PassPhrase => "Your secrets are locked with a pass phrase.".into(),
            Self::WrongPassPhrase => "That isn't the pass phrase of your secrets.".into(),
            Self::FileGone => {
                "The file `secrets.key`, which held the key to your secrets, is gone.".into()
            }
            Self::FileUnreadable(why) => {
                format!(
                    "The file `secrets.key`, which holds the key to your secrets, can't be read: {why}."
                )
            }
            Self::Locked => "Your keyring, which holds the key to your secrets, is locked.".into(),
            Self::Refused => "Your keyring was not unlocked, so your secrets stay closed.".into(),
            Self::NoKeyring => {
                "The key to your secrets is in a keyring, and no keyring is running here.".into()
            }
            Self::Silent => {
                "Your keyring, which holds the key to your secrets, doesn't answer.".into()
            }
            Self::Gone => "The key to your secrets is gone from your keyring.".into(),
            Self::OtherKey(Kept::Keyring) => {
                "The key in your keyring is not the one your secrets were sealed with.".into()
            }
            Self::OtherKey(Kept::File) => {
                "The key in the file `secrets.key` is not the one your secrets were sealed with."
                    .into()
            }
            Self::Failed(why) => {
                format!("Your keyring, which holds the key to your secrets, failed: {why}.")
            }
        }
    }

    /// What to do.
    pub fn hint(&self) -> String {
        let hint = match self {
            Self::Opening => "This takes a moment.",
            Self::PassPhrase => {
                "Unlock them under Connections, or with `errand connection unlock`. What waits then goes on."
            }
            Self::WrongPassPhrase => {
                "Try again. If it is lost, remove the file `secrets.key` from the data folder, choose a new pass phrase and enter the secrets again."
            }
            Self::FileGone => {
                "Put the file back into the data folder if you have a copy. Otherwise choose a new pass phrase under Connections and enter the secrets again."
            }
            Self::FileUnreadable(_) => "See that you may read it, or put back a copy of it.",
            Self::Locked | Self::Refused => {
                "Unlock your keyring, or press Unlock under Connections. What waits then goes on."
            }
            Self::NoKeyring => {
                "Start Errand in your desktop session, where the keyring runs. What waits then goes on."
            }
            Self::Silent | Self::Failed(_) => {
                "See whether your keyring works, for example by opening “Passwords and Keys”. What waits goes on once it answers."
            }
            Self::Gone | Self::OtherKey(Kept::Keyring) => {
                "Enter the secrets of your connections again under Connections. What waits then goes on."
            }
            Self::OtherKey(Kept::File) => {
                "Put back the file that belongs to this data folder, or enter the secrets of your connections again."
            }
        };
        hint.to_owned()
    }

    /// Whether only entering secrets anew helps.
    pub(super) fn is_loss(&self) -> bool {
        matches!(self, Self::FileGone | Self::Gone | Self::OtherKey(_))
    }

    /// Whether a pass phrase is what helps.
    pub fn wants_pass_phrase(&self) -> bool {
        matches!(
            self,
            Self::PassPhrase | Self::WrongPassPhrase | Self::FileGone
        )
    }
}

impl From<KeyringError> for Trouble {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Absent => Self::NoKeyring,
            KeyringError::Refused => Self::Refused,
            KeyringError::Silent => Self::Silent,
            KeyringError::Failed(why) => Self::Failed(why),
        }
    }
}
