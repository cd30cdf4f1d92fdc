//! What the engine asks of a relay, each request proven by a signature.

use std::{sync::Arc, time::Duration};

use errand_connectors::ports::{
    Net,
    net::{Answer, Body, Request},
};
use errand_model::{Effect, ErrorKind, StepError};
use errand_relay::{
    DeviceKeys, PublicKeys,
    proof::{self, Purpose},
};
use serde::Deserialize;
use serde_json::json;

use crate::{core::Core, outside};

/// A relay's answers, but for the stream, are short.
const LONGEST: u64 = 64 * 1024;
const A_MOMENT: Duration = Duration::from_secs(30);
/// The stream has no end of its own.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// The way to one relay.
pub(super) struct Client {
    net: Arc<dyn Net>,
    address: String,
}

/// A new channel.
#[derive(Deserialize)]
pub(super) struct Channel {
    pub(super) channel: String,
    pub(super) token: String,
}

#[derive(Deserialize)]
struct Nonce {
    nonce: String,
}

impl Client {
    pub(super) fn of(core: &Core, address: &str) -> Self {
        Self {
            net: outside::to(core, address),
            address: address.to_owned(),
        }
    }

    /// Asks for a channel.
    pub(super) async fn create(
        &self,
        keys: &PublicKeys,
        invitation: &str,
    ) -> Result<Channel, StepError> {
        let headers = vec![("authorization".to_owned(), format!("Bearer {invitation}"))];
        let mut answer = self
            .send("POST", "/channels", headers, Some(json!(keys)), A_MOMENT)
            .await?;
        match answer.status {
            200 => read(&mut answer).await,
            401 => Err(StepError::new(
                ErrorKind::Rejected,
                "The relay doesn't know this invitation.",
            )
            .hint("Copy it again from where the relay was started.")),
            status => Err(not_a_relay(status)),
        }
    }

    /// The stream of messages after this one.
    pub(super) async fn messages(
        &self,
        keys: &DeviceKeys,
        channel: &str,
        after: u64,
    ) -> Result<Answer, StepError> {
        let path = format!("/c/{channel}/messages?after={after}");
        let headers = self.proof(keys, channel, Purpose::Fetch(after)).await?;
        let answer = self.send("GET", &path, headers, None, FOR_EVER).await?;
        is_ok(answer.status)?;
        Ok(answer)
    }

    /// Lets the relay forget the messages up to this one.
    pub(super) async fn acknowledge(
        &self,
        keys: &DeviceKeys,
        channel: &str,
        upto: u64,
    ) -> Result<(), StepError> {
        let path = format!("/c/{channel}/acknowledge");
        let headers = self
            .proof(keys, channel, Purpose::Acknowledge(upto))
            .await?;
        let body = Some(json!({ "upto": upto }));
        let answer = self.send("POST", &path, headers, body, A_MOMENT).await?;
        is_ok(answer.status)
    }

    async fn proof(
        &self,
        keys: &DeviceKeys,
        channel: &str,
        purpose: Purpose,
    ) -> Result<Vec<(String, String)>, StepError> {
        let mut answer = self
            .send("GET", "/nonce", Vec::new(), None, A_MOMENT)
            .await?;
        is_ok(answer.status)?;
        let Nonce { nonce } = read(&mut answer).await?;
        let signature = proof::sign(keys, channel, purpose, &nonce);
        Ok(vec![
            (proof::NONCE.to_owned(), nonce),
            (proof::SIGNATURE.to_owned(), signature),
        ])
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: Vec<(String, String)>,
        body: Option<serde_json::Value>,
        timeout: Duration,
    ) -> Result<Answer, StepError> {
        let body = body.map_or(Body::Empty, |value| Body::Bytes {
            content_type: "application/json".to_owned(),
            bytes: value.to_string().into_bytes(),
        });
        let request = Request {
            method: method.to_owned(),
            url: format!("{}{path}", self.address),
            headers,
            body,
            effect: Effect::Idempotent,
            timeout,
            host_from_data: false,
        };
        self.net.send(request, None).await
    }
}

async fn read<T: for<'de> Deserialize<'de>>(answer: &mut Answer) -> Result<T, StepError> {
    let bytes = answer.bytes(LONGEST).await?;
    serde_json::from_slice(&bytes).map_err(|_| not_a_relay(answer.status))
}

fn is_ok(status: u16) -> Result<(), StepError> {
    match status {
        200 => Ok(()),
        401 => Err(StepError::new(
            ErrorKind::Rejected,
            "The relay doesn't know this computer any more.",
        )
        .hint("Leave the relay and join it again.")),
        status => Err(not_a_relay(status)),
    }
}

fn not_a_relay(status: u16) -> StepError {
    let message = format!("The relay answered in a way no relay does (status {status}).");
    StepError::new(ErrorKind::Unreachable, message).hint("Check the relay's address.")
}
