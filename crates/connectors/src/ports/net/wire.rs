//! What all requests of one engine share: the clients with their open connections, and what is known
//! of the traffic.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use errand_model::{ErrorKind, StepError, Timestamp};
use jiff::SignedDuration;
use reqwest::{Certificate, Client, ClientBuilder, Identity, Proxy, redirect, tls};

use super::{Surroundings, ThisComputer, lookup::Lookup, stage::Telling, traffic::Traffic};
use crate::ports::Clock;

/// For the connection with all that belongs to it.
const CONNECT: Duration = Duration::from_secs(10);
/// Many servers close what nobody has used for a minute.
const IDLE: Duration = Duration::from_secs(30);
/// Clients with a certificate of their own that are kept.
const CLIENTS: usize = 32;
/// A clock that differs from the servers' by more is wrong.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);
const NAME: &str = concat!("Errand/", env!("CARGO_PKG_VERSION"));

/// Shared by everything that sends.
pub struct Wire {
    clock: Arc<dyn Clock>,
    pub(super) surroundings: Arc<dyn Surroundings>,
    pub(super) traffic: Arc<Traffic>,
    /// The latest used at the end.
    clients: Mutex<Vec<(Kind, Client)>>,
    /// How far the servers' clocks are ahead of this computer's.
    ahead: Mutex<SignedDuration>,
}

/// Clients differ in whom they may reach and how they prove themselves.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) struct Kind {
    pub(super) public_only: bool,
    /// Every request gets a connection of its own. One that was kept open may be closed by the other
    /// side at the very moment it is used again, and then nobody knows what became of the request.
    pub(super) is_fresh: bool,
    /// The way doesn't leave this computer, so no proxy has a say in it.
    pub(super) is_local: bool,
    /// Nothing is encrypted, so no certificates are needed.
    pub(super) is_plain: bool,
    /// Certificate and key, as PEM.
    pub(super) identity: Option<Pem>,
}

/// A certificate and its key; known by their hash alone where they are compared.
#[derive(Clone)]
pub(super) struct Pem {
    hash: blake3::Hash,
    text: Arc<secrecy::SecretSlice<u8>>,
}

impl Pem {
    pub(super) fn new(text: Vec<u8>) -> Self {
        Self {
            hash: blake3::hash(&text),
            text: Arc::new(text.into()),
        }
    }
}

impl PartialEq for Pem {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Pem {}

impl std::fmt::Debug for Pem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pem")
    }
}

impl Wire {
    /// Nothing open yet.
    pub fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Self::within(clock, Arc::new(ThisComputer))
    }

    /// The same within other surroundings.
    pub fn within(clock: Arc<dyn Clock>, surroundings: Arc<dyn Surroundings>) -> Arc<Self> {
        Arc::new(Self {
            traffic: Traffic::new(Arc::clone(&clock)),
            clock,
            surroundings,
            clients: Mutex::default(),
            ahead: Mutex::default(),
        })
    }

    /// Waits until a host that rested, or the network, is back.
    pub async fn returned(&self) {
        self.traffic.returned.notified().await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A server told its time.
    pub(super) fn note_time(&self, theirs: Timestamp) {
        let ahead = theirs.duration_since(self.now());
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = ahead;
    }

    /// Whether this computer's clock is wrong, as far as servers have told.
    pub(super) fn is_clock_wrong(&self) -> bool {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        ahead.abs() > TOLERANCE
    }

    pub(super) fn client(&self, kind: Kind) -> Result<Client, StepError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clients.iter().position(|(known, _)| *known == kind);
        let (kind, client) = match known {
            Some(at) => clients.remove(at),
            None => {
                let client = self.build(&kind)?;
                (kind, client)
            }
        };
        if clients.len() >= CLIENTS {
            clients.remove(0);
        }
        clients.push((kind, client.clone()));
        Ok(client)
    }

    fn build(&self, kind: &Kind) -> Result<Client, StepError> {
        let mut builder = Client::builder()
            .user_agent(NAME)
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT.min(self.surroundings.patience() / 2))
            .connector_layer(Telling)
            .pool_idle_timeout(IDLE)
            .dns_resolver(Arc::new(Lookup {
                surroundings: Arc::clone(&self.surroundings),
                public_only: kind.public_only,
            }));
        if kind.is_fresh {
            builder = builder.http1_only().pool_max_idle_per_host(0);
        }
        builder = self.proxied(builder, kind)?;
        builder = self.secured(builder, kind)?;
        builder.build().map_err(|error| no_client(&error))
    }

    /// A proxy would look up by itself what data says, so such hosts are reached without one.
    fn proxied(&self, builder: ClientBuilder, kind: &Kind) -> Result<ClientBuilder, StepError> {
        if kind.public_only || kind.is_local {
            return Ok(builder.no_proxy());
        }
        let Some(proxy) = self.surroundings.proxy() else {
            return Ok(builder);
        };
        let proxy = Proxy::all(proxy).map_err(|error| no_client(&error))?;
        Ok(builder.proxy(proxy))
    }

    fn secured(&self, builder: ClientBuilder, kind: &Kind) -> Result<ClientBuilder, StepError> {
        if kind.is_plain {
            return Ok(builder.tls_certs_only([]));
        }
        let roots = self.surroundings.roots();
        let roots = roots.iter().map(|pem| Certificate::from_pem(pem));
        let roots: Vec<_> = roots
            .collect::<Result<_, _>>()
            .map_err(|error| no_client(&error))?;
        let builder = builder
            .tls_version_min(tls::Version::TLS_1_2)
            .tls_certs_merge(roots);
        match &kind.identity {
            Some(pem) => Ok(builder.identity(identity(pem)?)),
            None => Ok(builder),
        }
    }
}

fn identity(pem: &Pem) -> Result<Identity, StepError> {
    use secrecy::ExposeSecret as _;
    Identity::from_pem(pem.text.expose_secret()).map_err(|_| {
        let message = "The client certificate or its key can't be read.";
        StepError::new(ErrorKind::Reconnect, message)
            .hint("Both must be in PEM form, as text that begins with -----BEGIN.")
    })
}

fn no_client(error: &reqwest::Error) -> StepError {
    let mut words = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        words += &format!(": {error}");
        next = error.source();
    }
    StepError::new(
        ErrorKind::Rejected,
        format!("No secure connection can be prepared: {words}."),
    )
    .hint("Look whether this computer has a list of certificates that it trusts.")
}
