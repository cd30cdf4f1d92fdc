//! The network for real, within grants. Redirects are followed here, so that neither a connection
//! nor a body ever goes to another server.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use errand_model::{ErrorKind, StepError};
use reqwest::{Method, Response};
use url::{Host, Url};

use super::{
    Answer, AnswerBody, HostGrants, Net, Request, Wire,
    body::{self, Again},
    lookup::is_public,
    sign_in, trouble,
    wire::Kind,
};
use crate::ports::secrets::Account;

/// Redirects followed one after the other.
const REDIRECTS: usize = 5;

/// Sends for real.
pub struct RealNet {
    wire: Arc<Wire>,
    grants: HostGrants,
}

impl RealNet {
    /// Reaches only these servers, but for requests whose host may come from data.
    pub fn new(wire: Arc<Wire>, grants: HostGrants) -> Self {
        Self { wire, grants }
    }

    fn is_granted(&self, url: &Url) -> bool {
        self.grants.allow(url)
    }
}

/// One hop of a request.
struct Hop<'a> {
    method: Method,
    url: Url,
    headers: Vec<(String, String)>,
    timeout: std::time::Duration,
    account: Option<&'a Account>,
    public_only: bool,
}

#[async_trait]
impl Net for RealNet {
    async fn send(&self, request: Request, using: Option<&Account>) -> Result<Answer, StepError> {
        let url = parsed(&request.url)?;
        let host = host(&url);
        let granted = self.is_granted(&url) || using.is_some_and(|it| sign_in::is_for(it, &url));
        if let Some(account) = using
            && !sign_in::is_for(account, &url)
        {
            return Err(sign_in::elsewhere(account, &host));
        }
        if !granted && !request.host_from_data {
            return Err(not_granted(&host));
        }
        let again = body::again(&request.body);
        let mut hop = Hop {
            method: method(&request.method)?,
            url,
            headers: request.headers,
            timeout: request.timeout,
            account: using,
            public_only: !granted,
        };
        let mut response = self.hop(&hop, request.body).await?;
        let mut changed = false;
        for _ in 0..REDIRECTS {
            let Some(next) = redirect(&response) else {
                return Ok(answer(response));
            };
            changed |= !is_question(&hop.method);
            let followed = self.follow(&mut hop, &response, next, &again).await;
            // What was asked at first may have been done before the redirect.
            response = followed.map_err(|error| if changed { error.ambiguous() } else { error })?;
        }
        let message = format!("{host} redirects in circles.");
        Err(StepError::new(ErrorKind::Rejected, message))
    }
}

impl RealNet {
    async fn hop(&self, hop: &Hop<'_>, body: super::Body) -> Result<Response, StepError> {
        let host = host(&hop.url);
        if hop.public_only && !may_be_public(&hop.url) {
            return Err(trouble::private(&host));
        }
        let certificate = hop.account.map(sign_in::certificate).transpose()?.flatten();
        let client = self.wire.client(Kind {
            public_only: hop.public_only,
            certificate,
        })?;
        let url = match hop.account {
            Some(account) => sign_in::url(account, hop.url.clone())?,
            None => hop.url.clone(),
        };
        let mut sending = client.request(hop.method.clone(), url).timeout(hop.timeout);
        for (name, value) in &hop.headers {
            sending = sending.header(name, value);
        }
        if let Some(account) = hop.account {
            sending = sign_in::headers(account, sending)?;
        }
        let (sending, sent) = body::attach(sending, body)?;
        let response = sending.send().await;
        response.map_err(|error| trouble::of(&error, &host, sent.is_complete()))
    }

    /// To the same server everything goes along; to another one only a question without the
    /// connection, and never from a secure server to one that isn't.
    async fn follow(
        &self,
        hop: &mut Hop<'_>,
        response: &Response,
        next: Url,
        again: &Again,
    ) -> Result<Response, StepError> {
        let keeps_method = matches!(response.status().as_u16(), 307 | 308);
        let is_same = next.origin() == hop.url.origin();
        if !keeps_method && !is_question(&hop.method) && response.status() != 303 {
            return Err(moved(&hop.url, &next));
        }
        if !keeps_method && hop.method != Method::HEAD {
            hop.method = Method::GET;
        }
        let asks = is_question(&hop.method);
        if !is_same && (!asks || (hop.url.scheme() == "https" && next.scheme() != "https")) {
            return Err(moved(&hop.url, &next));
        }
        if !is_same {
            hop.account = None;
            hop.public_only = !self.is_granted(&next);
        }
        let body = if asks {
            super::Body::Empty
        } else {
            again.body().ok_or_else(|| moved(&hop.url, &next))?
        };
        hop.url = next;
        self.hop(hop, body).await
    }
}

fn parsed(text: &str) -> Result<Url, StepError> {
    let url = Url::parse(text).ok().filter(Url::has_host);
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| {
        StepError::new(
            ErrorKind::BadInput,
            format!("“{text}” isn't a web address."),
        )
        .hint("It begins with https:// or http://.")
    })
}

fn method(text: &str) -> Result<Method, StepError> {
    Method::from_bytes(text.as_bytes())
        .map_err(|_| StepError::new(ErrorKind::BadInput, format!("“{text}” isn't a method.")))
}

fn is_question(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Names are checked when they are looked up; numbers have to be checked here.
fn may_be_public(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(v4)) => is_public(v4.into()),
        Some(Host::Ipv6(v6)) => is_public(v6.into()),
        Some(Host::Domain(_)) => true,
        None => false,
    }
}

fn not_granted(host: &str) -> StepError {
    StepError::new(
        ErrorKind::Rejected,
        format!("{host} isn't a server that this workflow names."),
    )
    .hint(
        "Write the server into the address, or switch on “The address comes from data” in the \
             step.",
    )
}

fn moved(from: &Url, to: &Url) -> StepError {
    let message = format!("{} sends this on to {}.", host(from), host(to));
    StepError::new(ErrorKind::Rejected, message)
        .hint("If that is right, write the new address into the step.")
}

fn redirect(response: &Response) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let place = response.headers().get(reqwest::header::LOCATION)?;
    let next = response.url().join(place.to_str().ok()?).ok()?;
    matches!(next.scheme(), "http" | "https").then_some(next)
}

fn answer(response: Response) -> Answer {
    let headers = response.headers().iter();
    let text = |value: &reqwest::header::HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    };
    Answer {
        status: response.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        url: response.url().to_string(),
        body: Box::new(Rest(Mutex::new(response))),
    }
}

/// The mutex is never locked: it only makes the response shareable.
struct Rest(Mutex<Response>);

#[async_trait]
impl AnswerBody for Rest {
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, StepError> {
        let response = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let host = host(response.url());
        let chunk = response.chunk().await;
        let chunk = chunk.map_err(|error| trouble::of_body(&error, &host))?;
        Ok(chunk.map(|bytes| bytes.to_vec()))
    }
}
