//! Every channel of this relay, and who may have one: whoever knows the invitation.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use super::{
    nonces::Nonces,
    store::{Channel, Owner, Trouble, write_synced},
};
use crate::{
    Delivery, PublicKeys, Sealed,
    keys::hex,
    proof::{Purpose, is_signed},
};

/// The relay's whole state.
pub struct Channels {
    folder: PathBuf,
    invitation: String,
    pub(super) nonces: Nonces,
    open: Mutex<HashMap<String, Arc<Open>>>,
}

/// A channel in use.
pub(super) struct Open {
    channel: Mutex<Channel>,
    pub(super) grew: Notify,
}

impl Open {
    fn of(channel: Channel) -> Arc<Self> {
        Arc::new(Self {
            channel: Mutex::new(channel),
            grew: Notify::new(),
        })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Channel> {
        self.channel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keep(&self, delivery: &Delivery, now: i64) -> Result<u64, Trouble> {
        let seq = self.lock().keep(delivery, now)?;
        self.grew.notify_waiters();
        Ok(seq)
    }

    pub(super) fn after(&self, seq: u64) -> io::Result<Option<Sealed>> {
        self.lock().after(seq)
    }
}

impl Channels {
    /// Takes up what stands in the folder; makes the invitation the first time.
    pub fn load(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder.join("channels"))?;
        let mut open = HashMap::new();
        for entry in fs::read_dir(folder.join("channels"))? {
            let channel = entry?.path();
            // A channel whose making was cut short was promised to nobody.
            if channel.join("channel.json").exists() {
                let channel = Channel::load(channel)?;
                open.insert(channel.id.clone(), Open::of(channel));
            }
        }
        Ok(Self {
            invitation: invitation(folder)?,
            folder: folder.to_owned(),
            nonces: Nonces::default(),
            open: Mutex::new(open),
        })
    }

    /// What a device must know to get a channel.
    pub fn invitation(&self) -> &str {
        &self.invitation
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Open>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_invited(&self, invitation: &str) -> bool {
        blake3::hash(invitation.as_bytes()) == blake3::hash(self.invitation.as_bytes())
    }

    /// A new channel; its name and the token for senders.
    pub(super) fn create(&self, keys: PublicKeys) -> io::Result<(String, String)> {
        let (id, token) = (random::<16>()?, random::<20>()?);
        let owner = Owner {
            keys,
            ingest: hash(&token),
        };
        let channel = Channel::create(&self.folder.join("channels"), &id, owner)?;
        self.lock().insert(id.clone(), Open::of(channel));
        Ok((id, token))
    }

    /// The channel that senders with this token reach. Compared as hashes.
    pub(super) fn of_sender(&self, token: &str) -> Option<Arc<Open>> {
        let hash = hash(token);
        let open = self.lock();
        open.values()
            .find(|it| it.lock().owner.ingest == hash)
            .cloned()
    }

    /// The channel of a device that proves itself.
    pub(super) fn of_device(
        &self,
        id: &str,
        purpose: Purpose,
        nonce: &str,
        signature: &str,
    ) -> Option<Arc<Open>> {
        let is_good = self.nonces.take(nonce);
        let open = self.lock().get(id).cloned()?;
        let keys = open.lock().owner.keys.clone();
        (is_good && is_signed(&keys, id, purpose, nonce, signature)).then_some(open)
    }
}

fn invitation(folder: &Path) -> io::Result<String> {
    match fs::read_to_string(folder.join("invitation")) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let made = random::<16>()?;
            write_synced(folder, "invitation", made.as_bytes())?;
            Ok(made)
        }
        Err(error) => Err(error),
    }
}

fn random<const BYTES: usize>() -> io::Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(hex(&bytes))
}

fn hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}
