//! Which relay is used, and how it is: choosing one, leaving it, its state for the screens.

use std::sync::{Mutex, MutexGuard, PoisonError};

use errand_model::StepError;
use errand_relay::DeviceKeys;
use errand_store::RelayRow;
use tokio::sync::Notify;

use super::client::Client;
use crate::{Error, Handle, Happening, core::Core};

/// What the sealed keys belong to.
const OWNER: &str = "relay";

/// How the relay is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayStatus {
    /// Where it is.
    pub address: String,
    /// Whether messages arrive at once.
    pub connected: bool,
    /// Why not, in a sentence.
    pub problem: Option<String>,
    /// Messages since the start that were damaged or forged, or that no workflow took.
    pub refused: u64,
    /// Messages that the relay let go before this computer came to fetch them.
    pub lost: u64,
}

/// The relay as the engine knows it now.
#[derive(Default)]
pub(crate) struct Link {
    pub(crate) changed: Notify,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    connected: bool,
    problem: Option<String>,
    refused: u64,
    lost: u64,
}

impl Link {
    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Not connected, for this reason.
    pub(super) fn note(&self, problem: Option<String>) {
        let mut now = self.lock();
        if let Some(problem) = problem
            .as_ref()
            .filter(|it| now.problem.as_ref() != Some(it))
        {
            tracing::warn!(problem, "the relay can't be reached; trying again");
        }
        (now.connected, now.problem) = (false, problem);
    }

    pub(super) fn note_connected(&self) {
        let mut now = self.lock();
        (now.connected, now.problem) = (true, None);
    }

    pub(super) fn note_refused(&self) {
        self.lock().refused += 1;
    }

    pub(super) fn note_lost(&self, count: u64) {
        tracing::error!(count, "the relay let messages go before they were fetched");
        self.lock().lost += count;
    }
}

/// The keys of this computer.
pub(super) fn keys(core: &Core, row: &RelayRow) -> Result<DeviceKeys, StepError> {
    let bytes = core.vault.open(OWNER, &row.sealed)?;
    DeviceKeys::from_bytes(&bytes).ok_or_else(|| StepError::bug("the relay's keys are damaged"))
}

impl Handle {
    /// Uses a relay from now on, in place of the one before.
    pub async fn join_relay(&self, address: &str, invitation: &str) -> Result<(), Error> {
        let address = tidy(address)?;
        let keys = DeviceKeys::random()
            .map_err(|_| Error::bad_input("this computer gives no random numbers"))?;
        let sealed = self.core.vault.seal(OWNER, &keys.to_bytes()).await?;
        let client = Client::of(&self.core, &address);
        let made = client.create(&keys.public(), invitation.trim()).await?;
        let row = RelayRow {
            address,
            channel: made.channel,
            token: made.token,
            sealed,
            after: 0,
        };
        self.core.store.write(move |tx| tx.put_relay(&row)).await?;
        self.after_relay_change();
        Ok(())
    }

    /// Uses no relay any more.
    pub async fn leave_relay(&self) -> Result<(), Error> {
        self.core.store.write(|tx| tx.drop_relay()).await?;
        self.after_relay_change();
        Ok(())
    }

    /// How the relay is; None where none is used.
    pub async fn relay(&self) -> Result<Option<RelayStatus>, Error> {
        let row = self.core.store.read(|view| view.relay()).await?;
        let now = self.core.relay.lock();
        Ok(row.map(|row| RelayStatus {
            address: row.address,
            connected: now.connected,
            problem: now.problem.clone(),
            refused: now.refused,
            lost: now.lost,
        }))
    }

    /// The address at the relay that reaches a webhook of this computer, for senders on the internet.
    pub async fn relay_url(&self, hook_url: &str) -> Result<Option<String>, Error> {
        let relay = self.core.store.read(|view| view.relay()).await?;
        let token = hook_url.rsplit('/').next().unwrap_or_default();
        Ok(relay.map(|relay| format!("{}/i/{}/{token}", relay.address, relay.token)))
    }

    fn after_relay_change(&self) {
        self.core.relay.changed.notify_one();
        self.core.announce(Happening::StatusChanged);
    }
}

/// `https://host[:port][/path]` without a `/` at the end. Plain `http` only on this computer.
fn tidy(address: &str) -> Result<String, Error> {
    let address = address.trim().trim_end_matches('/');
    let local = ["http://127.0.0.1:", "http://localhost:"];
    let is_safe = address.starts_with("https://") || local.iter().any(|it| address.starts_with(it));
    match is_safe && !address.contains(['?', '#', ' ', '@']) {
        true => Ok(address.to_owned()),
        false => Err(Error::bad_input("that can't be a relay's address")
            .hint("It begins with https://, as whoever runs the relay tells you.")),
    }
}
