//! Where webhooks are reached: a random port, chosen once for each data folder, and a random word for
//! each trigger. Both stay as they are, for they stand in other people's settings.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

use errand_model::{TriggerId, TriggerSource, Value, Workflow, WorkflowId, workflow::Trigger};
use serde::{Deserialize, Serialize};

use super::{Hooks, refresh};
use crate::{Error, Handle, Kind, core::Core};

/// The setting that says where.
const SETTING: &str = "hooks";

/// Below the ports that systems give to outgoing connections, so that one of those is never in the
/// way.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// How many ports are tried before giving up.
const TRIES: usize = 50;

/// Letters and digits that can't be mistaken for each other; 32 of them: five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Where webhooks are reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HookSettings {
    /// None before the first webhook.
    pub port: Option<u16>,
    /// Whether other computers of the local network may call.
    pub local_network: bool,
}

impl HookSettings {
    /// The address that everything begins with; None before the first webhook.
    pub fn base(self) -> Option<String> {
        Some(format!("http://{}:{}", self.shown_ip(), self.port?))
    }

    /// What the address is bound to.
    pub fn bind(self) -> Option<SocketAddr> {
        let ip = match self.local_network {
            true => Ipv4Addr::UNSPECIFIED,
            false => Ipv4Addr::LOCALHOST,
        };
        Some(SocketAddr::from((ip, self.port?)))
    }

    fn shown_ip(self) -> IpAddr {
        let outside = self.local_network.then(local_network_ip).flatten();
        outside.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }
}

impl Handle {
    /// Where webhooks are reached.
    pub async fn hook_settings(&self) -> Result<HookSettings, Error> {
        load(&self.core).await
    }

    /// Changes where webhooks are reached. Without a port the present one stays.
    pub async fn set_hook_settings(&self, wanted: HookSettings) -> Result<HookSettings, Error> {
        if wanted.port == Some(0) {
            return Err(Error::bad_input("0 isn't a port")
                .hint("Use one between 1024 and 65535, or leave it as it was."));
        }
        let before = load(&self.core).await?;
        let settings = HookSettings {
            port: wanted.port.or(before.port),
            ..wanted
        };
        if settings != before {
            keep(&self.core, settings).await?;
            refresh(&self.core).await?;
        }
        Ok(settings)
    }

    /// The port of this data folder, chosen now if it has none yet.
    pub async fn hook_port(&self) -> Result<u16, Error> {
        port(&self.core).await
    }

    /// The address of the document's webhook, made now if there is none yet; None where nothing calls
    /// an address to start it.
    pub async fn hook_url(
        &self,
        id: WorkflowId,
        document: &Workflow,
    ) -> Result<Option<String>, Error> {
        let Some(trigger) = &document.trigger else {
            return Ok(None);
        };
        let info = self.core.registry.trigger_info(&trigger.on);
        if info.map(|info| info.source) != Some(TriggerSource::Webhook) {
            return Ok(None);
        }
        port(&self.core).await?;
        let token = match known(&self.core, id, &trigger.on).await? {
            Some(token) => token,
            None => made(&self.core, id, trigger).await?,
        };
        let base = load(&self.core).await?.base().unwrap_or_default();
        Ok(Some(format!("{base}/h/{token}")))
    }
}

async fn known(core: &Core, id: WorkflowId, on: &str) -> Result<Option<String>, Error> {
    let on = on.to_owned();
    let read = core.store.read(move |view| {
        let trigger = view.triggers_of(id)?.into_iter().find(|row| row.on == on);
        let hook = trigger.map(|row| view.hook(row.id)).transpose()?;
        Ok(hook.flatten().map(|hook| hook.token))
    });
    Ok(read.await?)
}

/// Makes the address; the fields of a trigger that listens already stay as they were published.
async fn made(core: &Core, id: WorkflowId, trigger: &Trigger) -> Result<String, Error> {
    let (on, config) = (trigger.on.clone(), Value::Object(trigger.with.clone()));
    let (token, now) = (token()?, core.now());
    let made = core.store.write(move |tx| {
        let known = tx.triggers_of(id)?.into_iter().find(|row| row.on == on);
        let row = match known {
            Some(row) => row,
            None => tx.put_trigger(TriggerId::at(now), id, &on, &config)?,
        };
        tx.ensure_hook(row.id, &token, now)
    });
    Ok(made.await?.token)
}

pub(super) async fn load(core: &Core) -> Result<HookSettings, Error> {
    let kept = core.store.read(|view| view.setting(SETTING)).await?;
    Ok(kept
        .and_then(|kept| serde_json::from_value(kept).ok())
        .unwrap_or_default())
}

async fn keep(core: &Core, settings: HookSettings) -> Result<(), Error> {
    let value = serde_json::json!(settings);
    core.store
        .write(move |tx| tx.put_setting(SETTING, &value))
        .await?;
    Ok(())
}

/// The port, chosen now if there is none yet.
pub(super) async fn port(core: &Core) -> Result<u16, Error> {
    let settings = load(core).await?;
    if let Some(port) = settings.port {
        return Ok(port);
    }
    let port = Some(free_port()?);
    keep(core, HookSettings { port, ..settings }).await?;
    port.ok_or_else(no_port)
}

fn free_port() -> Result<u16, Error> {
    for _ in 0..TRIES {
        let mut bytes = [0; 2];
        random(&mut bytes)?;
        let port = PORTS.start + u16::from_le_bytes(bytes) % (PORTS.end - PORTS.start);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Err(no_port())
}

fn no_port() -> Error {
    Error::conflict("no port for webhooks is free on this computer")
        .hint("Choose one in the settings, or end programs that use many ports.")
}

/// 160 random bits.
pub(crate) fn token() -> Result<String, Error> {
    let mut bytes = [0; 32];
    random(&mut bytes)?;
    let letters = bytes.iter().map(|byte| ALPHABET[usize::from(byte % 32)]);
    Ok(letters.map(char::from).collect())
}

fn random(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|error| {
        Error::new(
            Kind::Bug,
            format!("this computer gives no random numbers: {error}"),
        )
    })
}

/// This computer's address in its local network, by asking which one it would speak from. Nothing
/// is sent.
fn local_network_ip() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified()).then_some(ip)
}

/// What a token is found by: comparing hashes tells nothing about how much of a guess was right.
pub(super) fn digest(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

impl Hooks {
    pub(crate) fn is_token(text: &str) -> bool {
        text.len() == 32 && text.bytes().all(|byte| ALPHABET.contains(&byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_long_different_and_easy_to_read() {
        let words: std::collections::HashSet<_> = (0..1000)
            .map(|_| token().expect("there are random numbers"))
            .collect();
        assert_eq!(words.len(), 1000);
        assert!(words.iter().all(|word| Hooks::is_token(word)));
    }

    #[test]
    fn only_whoever_wants_it_is_reached_from_other_computers() {
        let mut settings = HookSettings {
            port: Some(23_456),
            local_network: false,
        };
        assert_eq!(settings.base().as_deref(), Some("http://127.0.0.1:23456"));
        assert!(
            settings
                .bind()
                .is_some_and(|bound| bound.ip().is_loopback())
        );
        settings.local_network = true;
        assert!(
            settings
                .bind()
                .is_some_and(|bound| bound.ip().is_unspecified())
        );
        assert_eq!(HookSettings::default().base(), None);
    }
}
