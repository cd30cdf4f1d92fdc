//! What all requests of one engine share: the clients with their open connections.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use errand_model::{ErrorKind, StepError};
use reqwest::{Client, Identity, redirect, tls};

use super::lookup::Lookup;
use crate::ports::Clock;

const CONNECT: Duration = Duration::from_secs(10);
/// Between two pieces of an answer.
const SILENCE: Duration = Duration::from_secs(60);
const NAME: &str = concat!("Errand/", env!("CARGO_PKG_VERSION"));

/// Shared by everything that sends.
pub struct Wire {
    #[allow(dead_code, reason = "the traffic rules need the time")]
    clock: Arc<dyn Clock>,
    clients: Mutex<HashMap<Kind, Client>>,
}

/// Clients differ in whom they may reach and how they prove themselves.
#[derive(PartialEq, Eq, Hash, Clone)]
pub(super) struct Kind {
    pub(super) public_only: bool,
    /// Certificate and key, as PEM.
    pub(super) certificate: Option<Vec<u8>>,
}

impl Wire {
    /// Nothing open yet.
    pub fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            clock,
            clients: Mutex::default(),
        })
    }

    pub(super) fn client(&self, kind: Kind) -> Result<Client, StepError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&kind) {
            return Ok(client.clone());
        }
        let client = build(&kind)?;
        clients.insert(kind, client.clone());
        Ok(client)
    }
}

fn build(kind: &Kind) -> Result<Client, StepError> {
    let mut builder = Client::builder()
        .user_agent(NAME)
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .min_tls_version(tls::Version::TLS_1_2)
        .dns_resolver(Lookup::shared(kind.public_only));
    if kind.public_only {
        // A proxy would look the host up itself.
        builder = builder.no_proxy();
    }
    if let Some(pem) = &kind.certificate {
        let identity = Identity::from_pem(pem).map_err(|_| {
            StepError::new(
                ErrorKind::Reconnect,
                "The client certificate or its key can't be read.",
            )
            .hint("Both must be in PEM form, as text that begins with -----BEGIN.")
        })?;
        builder = builder.identity(identity);
    }
    builder
        .build()
        .map_err(|error| StepError::bug(format!("no way to the network could be made: {error}")))
}
