//! A request as the fields say it, before it is sent.

use std::time::Duration;

use errand_model::{Effect, Map, StepError};
use url::Url;

use super::{address, headers, payload::Payload};
use crate::ports::{
    Ports,
    net::{self, Answer, Request},
};

/// For the whole exchange, where nothing is said.
pub(super) const TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// The longest anybody may wait.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// A request before it is sent.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) payload: Payload,
    /// The `Content-Type` that a person chose.
    pub(super) kind: Option<String>,
    /// What sending it twice would mean.
    pub(super) effect: Effect,
    pub(super) timeout: Duration,
    pub(super) host_from_data: bool,
    /// The connection's name.
    pub(super) signed_in_as: Option<String>,
}

impl Draft {
    /// A question that changes nothing.
    pub(super) fn get(
        url: &str,
        query: &Map,
        headers: &Map,
        ports: &Ports,
    ) -> Result<Self, StepError> {
        let account = ports.secrets.using()?;
        let url = address::resolve(url, query, account.as_deref())?;
        Ok(Self {
            headers: headers::read(headers)?,
            signed_in_as: account.map(|account| account.name.clone()),
            ..Self::to(url)
        })
    }

    /// The simplest question to that address.
    pub(super) fn to(url: Url) -> Self {
        Self {
            method: "GET".into(),
            url,
            headers: Vec::new(),
            payload: Payload::Empty,
            kind: None,
            effect: Effect::Read,
            timeout: TIMEOUT,
            host_from_data: false,
            signed_in_as: None,
        }
    }

    /// Sends it and waits for the head of the answer.
    pub(super) async fn send(&self, ports: &Ports) -> Result<Answer, StepError> {
        let account = ports.secrets.using()?;
        let body = self
            .payload
            .open(self.kind.as_deref(), ports.files.as_ref())?;
        let request = Request {
            method: self.method.clone(),
            url: self.url.to_string(),
            headers: self.headers.clone(),
            body,
            effect: self.effect,
            timeout: self.timeout,
            host_from_data: self.host_from_data,
        };
        ports.net.send(request, account.as_deref()).await
    }

    /// Whether sending it changes something.
    pub(super) fn changes(&self) -> bool {
        self.effect != Effect::Read
    }

    /// The server as people read it.
    pub(super) fn host(&self) -> String {
        net::host(&self.url)
    }
}

/// A length of time as the field holds it, checked.
pub(super) fn timeout(text: Option<&str>) -> Result<Duration, StepError> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(TIMEOUT);
    };
    let length = errand_model::duration(text).and_then(|length| Duration::try_from(length).ok());
    match length {
        Some(length) if length <= LONGEST => Ok(length),
        Some(_) => Err(
            StepError::bad_input("timeout", "A request may take an hour at most.")
                .hint("Write a shorter time, such as 5m."),
        ),
        None => Err(
            StepError::bad_input("timeout", format!("“{text}” isn't a length of time."))
                .hint("Write it like 30s or 5m."),
        ),
    }
}
