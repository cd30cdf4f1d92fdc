//! How the master key is found, made and lost. Nobody is asked anything but on request: what is
//! locked stays so until a person opens it, and is looked at now and then in case they have.

use std::{sync::Arc, time::Duration};

use errand_model::ConnectionState;
use errand_store::{Kept, VaultRow};
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::oneshot, time::timeout};

use super::{
    State, Trouble, Vault, file, hide,
    keys::{Key, Keyring, KeyringError, MasterKeys},
    seal::NoChance,
};
use crate::{Error, Happening, core::Core};

/// The start of the engine waits this long for the keyring.
const AT_START: Duration = Duration::from_secs(3);
/// A person asked for a password may take this long.
const FOR_A_PERSON: Duration = Duration::from_secs(120);
/// How often a locked keyring is looked at, and one that isn't there or lost the key.
const LOCKED: Duration = Duration::from_secs(3);
const ELSEWHERE: Duration = Duration::from_secs(30);

const SHORTEST_PASS_PHRASE: usize = 8;

/// The key to seal with, and what is to be noted if it is a new one.
pub(super) struct Keeping {
    pub(super) key: Key,
    pub(super) anew: Option<VaultRow>,
}

/// How the vault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultStatus {
    /// Where the key is; None until a secret is kept.
    pub kept: Option<Kept>,
    /// Why secrets can't be opened, if they can't.
    pub trouble: Option<Trouble>,
    /// Whether a pass phrase must be given before a secret can be kept or opened.
    pub wants_pass_phrase: bool,
}

/// Opens the vault as soon as the keyring allows it, until the engine stops.
pub(crate) async fn run(core: Arc<Core>) {
    let vault = Arc::clone(&core.vault);
    loop {
        let pause = match vault.trouble_with_keyring() {
            Some(Trouble::Locked | Trouble::Refused | Trouble::Silent | Trouble::Opening) => LOCKED,
            Some(_) => ELSEWHERE,
            None => Duration::MAX,
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = vault.trouble_began.notified() => continue,
            () = core.stopping.cancelled() => return,
        }
        let _turn = vault.turn.lock().await;
        if vault.read().key.is_none() && vault.open_quietly().await.is_ok() {
            core.after_mending();
        }
    }
}

impl Core {
    /// A connection or the vault is usable again.
    pub(crate) fn after_mending(&self) {
        self.timer_changed.notify_one();
        self.triggers_changed.notify_one();
        self.announce(Happening::StatusChanged);
    }
}

impl Vault {
    /// Reads what is kept, and opens it if nobody has to be asked.
    pub(crate) async fn load(self: &Arc<Self>) -> Result<(), Error> {
        let read = self
            .store
            .read(|view| Ok((view.vault()?, view.connections()?)));
        let (kept, connections) = read.await?;
        let needed = kept.is_some();
        *self.write() = State {
            kept,
            connections,
            ..State::default()
        };
        if needed {
            self.write().trouble = Some(Trouble::Opening);
            let vault = Arc::clone(self);
            let opening = tokio::spawn(async move {
                let _turn = vault.turn.lock().await;
                vault.open_quietly().await
            });
            // A keyring that takes longer is waited for beside everything else.
            timeout(AT_START, opening).await.ok();
        }
        Ok(())
    }

    pub(crate) async fn status(&self) -> VaultStatus {
        let (kept, trouble) = {
            let state = self.read();
            let closed = state.key.is_none() && state.kept.is_some();
            let trouble = state.trouble.clone().unwrap_or(Trouble::Opening);
            (
                state.kept.as_ref().map(|row| row.kept),
                closed.then_some(trouble),
            )
        };
        let wants_pass_phrase = match (&kept, &trouble) {
            (None, _) => self.look().await == Keyring::Absent,
            (_, trouble) => trouble.as_ref().is_some_and(Trouble::wants_pass_phrase),
        };
        VaultStatus {
            kept,
            trouble,
            wants_pass_phrase,
        }
    }

    /// A person opens the vault, or on a computer without a keyring chooses the pass phrase.
    pub(crate) async fn unlock(&self, pass_phrase: Option<SecretString>) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        let (kept, open) = {
            let state = self.read();
            (state.kept.clone(), state.key.is_some())
        };
        match kept.map(|row| row.kept) {
            _ if open => Ok(()),
            None if self.look().await == Keyring::Absent => self.begin_file(pass_phrase).await,
            None => Ok(()),
            Some(Kept::Keyring) => Ok(self.open_keyring().await?),
            Some(Kept::File) if !file::is_there(self.store.folder()) => {
                self.begin_file(pass_phrase).await
            }
            Some(Kept::File) => {
                let pass_phrase = pass_phrase.ok_or_else(|| refusal(&Trouble::PassPhrase))?;
                Ok(self.open_file(pass_phrase).await?)
            }
        }
    }

    /// The key to seal with; where there is none yet, or it is lost, a new one.
    pub(super) async fn key_to_keep_with(&self) -> Result<Keeping, Error> {
        let (key, kept) = {
            let state = self.read();
            (state.key.clone(), state.kept.clone())
        };
        if let Some(key) = key {
            return Ok(Keeping { key, anew: None });
        }
        match kept.map(|row| row.kept) {
            None => self.new_in_keyring().await,
            Some(Kept::Keyring) => match self.open_keyring().await {
                Ok(()) => self.opened_key(),
                Err(trouble) if trouble.is_loss() => self.new_in_keyring().await,
                Err(trouble) => Err(refusal(&trouble)),
            },
            Some(Kept::File) => match self.open_quietly().await {
                Ok(()) => self.opened_key(),
                Err(trouble) => Err(refusal(&trouble)),
            },
        }
    }

    fn opened_key(&self) -> Result<Keeping, Error> {
        let key = self.read().key.clone();
        let key = key.ok_or_else(|| refusal(&Trouble::Opening))?;
        Ok(Keeping { key, anew: None })
    }

    async fn new_in_keyring(&self) -> Result<Keeping, Error> {
        let key = Key::random()?;
        let (account, kept) = (self.account_name(), key.clone());
        let keeping = self.ask(move |keys| keys.keep(&account, &kept)).await;
        match keeping {
            Ok(()) => Ok(Keeping {
                anew: Some(self.row_of(&key, Kept::Keyring)?),
                key,
            }),
            Err(error) => match (self.keys.pass_phrase(), error) {
                (Some(pass_phrase), _) => self.new_in_file(pass_phrase).await,
                (None, KeyringError::Absent) => Err(Error::conflict(
                    "There is no keyring on this computer, so your secrets need a pass phrase",
                )
                .hint("Choose one under Connections, or with `errand connection unlock`.")),
                (None, error) => Err(refusal(&Trouble::from(error))),
            },
        }
    }

    async fn new_in_file(&self, pass_phrase: SecretString) -> Result<Keeping, Error> {
        let key = Key::random()?;
        let (folder, kept) = (self.store.folder().to_owned(), key.clone());
        let keeping = aside(move || file::keep(&folder, &pass_phrase, &kept)).await;
        let keeping = keeping.unwrap_or_else(|| Err(std::io::Error::other("it was interrupted")));
        keeping.map_err(|error| {
            Error::conflict(format!("the key to your secrets can't be written: {error}"))
                .hint("See that the disk has room and that you may write to the data folder.")
        })?;
        Ok(Keeping {
            anew: Some(self.row_of(&key, Kept::File)?),
            key,
        })
    }

    /// A new key behind a pass phrase.
    async fn begin_file(&self, pass_phrase: Option<SecretString>) -> Result<(), Error> {
        let pass_phrase = pass_phrase.unwrap_or_default();
        if pass_phrase.expose_secret().chars().count() < SHORTEST_PASS_PHRASE {
            return Err(Error::bad_input("the pass phrase is too short")
                .hint("Use at least eight letters; a few words are good."));
        }
        let keeping = self.new_in_file(pass_phrase).await?;
        self.noted(keeping).await.map(drop)
    }

    /// Notes the key if it is a new one. What was sealed with an earlier one is lost.
    pub(super) async fn noted(&self, keeping: Keeping) -> Result<Key, Error> {
        let Keeping { key, anew } = keeping;
        let Some(row) = anew else { return Ok(key) };
        let (now, noted) = (self.clock.now(), row.clone());
        let ids: Vec<_> = self.connections().iter().map(|it| it.id).collect();
        let written = self.store.write(move |tx| {
            tx.put_vault(&noted)?;
            ids.iter().try_for_each(|id| {
                tx.mark_connection(*id, ConnectionState::Broken, Some(LOST), now)
            })
        });
        written.await?;
        let mut state = self.write();
        for row in &mut state.connections {
            row.connection.state = ConnectionState::Broken;
            row.connection.problem = Some(LOST.to_owned());
        }
        (state.kept, state.key, state.trouble) = (Some(row), Some(key.clone()), None);
        Ok(key)
    }

    fn row_of(&self, key: &Key, kept: Kept) -> Result<VaultRow, Error> {
        Ok(VaultRow {
            kept,
            probe: key.probe()?,
            created: self.clock.now(),
        })
    }

    /// Opens the vault if nobody has to be asked.
    pub(super) async fn open_quietly(&self) -> Result<(), Trouble> {
        let kept = self.read().kept.as_ref().map(|row| row.kept);
        let trouble = match kept {
            None => return Ok(()),
            Some(Kept::File) => match self.keys.pass_phrase() {
                _ if !file::is_there(self.store.folder()) => Trouble::FileGone,
                Some(pass_phrase) => match self.open_file(pass_phrase).await {
                    Err(trouble) => trouble,
                    Ok(()) => return Ok(()),
                },
                None => Trouble::PassPhrase,
            },
            Some(Kept::Keyring) => match self.look().await {
                Keyring::Absent => Trouble::NoKeyring,
                Keyring::Locked => Trouble::Locked,
                Keyring::Silent => Trouble::Silent,
                Keyring::Open => return self.open_keyring().await,
            },
        };
        self.settle(Err(trouble)).await
    }

    /// Opens the vault, asking the person if the keyring wants that.
    async fn open_keyring(&self) -> Result<(), Trouble> {
        let account = self.account_name();
        let found = match self.ask(move |keys| keys.read(&account)).await {
            Ok(Some(key)) => self.proved(key, Kept::Keyring),
            Ok(None) => Err(Trouble::Gone),
            Err(error) => Err(error.into()),
        };
        self.settle(found).await
    }

    async fn open_file(&self, pass_phrase: SecretString) -> Result<(), Trouble> {
        let folder = self.store.folder().to_owned();
        let found = match aside(move || file::open(&folder, &pass_phrase)).await {
            Some(Ok(key)) => self.proved(key, Kept::File),
            Some(Err(file::NotOpened::WrongPassPhrase)) => return Err(Trouble::WrongPassPhrase),
            Some(Err(file::NotOpened::Gone)) => Err(Trouble::FileGone),
            Some(Err(file::NotOpened::Unreadable(why))) => Err(Trouble::FileUnreadable(why)),
            None => Err(Trouble::PassPhrase),
        };
        self.settle(found).await
    }

    fn proved(&self, key: Key, kept: Kept) -> Result<Key, Trouble> {
        let state = self.read();
        match &state.kept {
            Some(row) if key.fits(&row.probe) => Ok(key),
            _ => Err(Trouble::OtherKey(kept)),
        }
    }

    /// Remembers how an attempt to open ended, and lets go on what waited for it.
    async fn settle(&self, found: Result<Key, Trouble>) -> Result<(), Trouble> {
        let key = match found {
            Ok(key) => key,
            Err(trouble) => {
                self.write().trouble = Some(trouble.clone());
                self.trouble_began.notify_one();
                return Err(trouble);
            }
        };
        hide(&self.masks, &key, &self.read().connections);
        {
            let mut state = self.write();
            (state.key, state.trouble) = (Some(key), None);
        }
        if let Err(error) = self.wake().await {
            tracing::error!(%error, "Runs that waited for the vault could not be woken; they look again later.");
        }
        Ok(())
    }

    fn trouble_with_keyring(&self) -> Option<Trouble> {
        let state = self.read();
        let in_keyring = state.kept.as_ref()?.kept == Kept::Keyring;
        let closed = in_keyring && state.key.is_none();
        closed.then(|| state.trouble.clone().unwrap_or(Trouble::Opening))
    }

    async fn look(&self) -> Keyring {
        let keys = Arc::clone(&self.keys);
        aside(move || keys.look()).await.unwrap_or(Keyring::Absent)
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn MasterKeys) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let keys = Arc::clone(&self.keys);
        let answer = timeout(FOR_A_PERSON, aside(move || question(&*keys))).await;
        answer.ok().flatten().unwrap_or(Err(KeyringError::Silent))
    }

    /// The name of the key in the keyring: this installation's.
    fn account_name(&self) -> String {
        let hex = |byte: &u8| format!("{byte:02x}");
        self.store.install_id().iter().map(hex).collect()
    }
}

const LOST: &str = "The key that its secret was sealed with is lost. Enter the secret again.";

/// On a thread of its own: a keyring may wait for a person, and the end of the program must not.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, answer) = oneshot::channel();
    let thread = std::thread::Builder::new().name("vault".into());
    thread.spawn(move || done.send(work()).ok()).ok()?;
    answer.await.ok()
}

fn refusal(trouble: &Trouble) -> Error {
    Error::from(trouble.clone())
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        Self::conflict(trouble.sentence()).hint(trouble.hint())
    }
}

impl From<NoChance> for Error {
    fn from(_: NoChance) -> Self {
        Self::conflict("the system gives no random numbers, so nothing can be sealed")
            .hint("Try again in a moment.")
    }
}
