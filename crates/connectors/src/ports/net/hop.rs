//! One leg of a request's way: to one server, until it answers or sends it on.

use std::time::Duration;

use errand_model::{Effect, StepError};
use reqwest::{Method, header};
use url::{Host, Url};

use super::{
    exchange::Deadline,
    outgoing::Outgoing,
    redirect::host,
    sign_in,
    stage::Stage,
    traffic::Lane,
    trouble,
    wire::{Kind, Pem},
};
use crate::ports::secrets::Account;

/// One leg of a request's way.
pub(super) struct Hop<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) account: Option<&'a Account>,
    /// The server comes from data or from a redirect.
    pub(super) public_only: bool,
    pub(super) effect: Effect,
    pub(super) timeout: Duration,
    pub(super) deadline: Deadline,
}

impl Hop<'_> {
    /// What may be sent again anyway can use any connection that is open.
    pub(super) fn is_fresh(&self) -> bool {
        !matches!(
            self.effect,
            Effect::Pure | Effect::Read | Effect::Idempotent
        )
    }

    pub(super) fn client(&self) -> Result<Kind, StepError> {
        let identity = self
            .account
            .map(sign_in::certificate)
            .transpose()?
            .flatten();
        Ok(Kind {
            public_only: self.public_only,
            is_fresh: self.is_fresh(),
            is_local: is_local(&self.url),
            is_plain: self.url.scheme() == "http",
            identity: identity.map(Pem::new),
        })
    }

    pub(super) fn lane(&self) -> Lane {
        let name = self.url.domain().unwrap_or_default();
        Lane {
            connection: self.account.map(|account| account.name.clone()),
            origin: self.url.origin().ascii_serialization(),
            host: host(&self.url),
            is_remote: !name.is_empty() && !is_local(&self.url) && !name.ends_with(".local"),
        }
    }

    pub(super) fn request(
        &self,
        client: &reqwest::Client,
        body: Outgoing,
        stage: &Stage,
    ) -> Result<reqwest::Request, StepError> {
        let url = match self.account {
            Some(account) => sign_in::url(account, self.url.clone())?,
            None => self.url.clone(),
        };
        let mut request = client.request(self.method.clone(), url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let names_kind = self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if let Some(kind) = body.content_type.as_ref().filter(|_| !names_kind) {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        // Some servers insist on it.
        if body.is_empty() && matches!(self.method, Method::POST | Method::PUT | Method::PATCH) {
            request = request.header(header::CONTENT_LENGTH, 0);
        }
        if let Some(account) = self.account {
            request = sign_in::headers(account, request)?;
        }
        if let Some(flow) = body.flow(stage) {
            request = request.body(flow);
        }
        let host = host(&self.url);
        request
            .build()
            .map_err(|error| trouble::of(&error, &host, stage).error)
    }
}

/// Whether an address is this computer by its very name.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(v4)) => v4.is_loopback(),
        Some(Host::Ipv6(v6)) => v6.is_loopback(),
        None => false,
    }
}
