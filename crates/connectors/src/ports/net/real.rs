//! The network for real, within grants. Redirects are followed here, so that neither a connection
//! nor a body ever goes to another server.

use std::sync::Arc;

use async_trait::async_trait;
use errand_model::{Effect, ErrorKind, StepError};
use jiff::{SignedDuration, fmt::rfc2822};
use reqwest::{Method, Response, header};
use url::{Host, Url};

use super::{
    Answer, HostGrants, Net, NoAddress, Request, Wire, certificate,
    exchange::{self, Deadline, Incoming},
    hop::Hop,
    outgoing::Outgoing,
    redirect::{self, Redirect, host},
    sign_in,
    stage::Stage,
    traffic::Pass,
    trouble::{self, Cause, Trouble},
};
use crate::ports::secrets::Account;

/// Redirects followed one after the other.
const REDIRECTS: usize = 5;
/// A name that nobody knows may be one that was just given out; asked for about a quarter of an hour.
const UNKNOWN_AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// Sends for real.
pub struct RealNet {
    wire: Arc<Wire>,
    grants: HostGrants,
}

#[async_trait]
impl Net for RealNet {
    async fn send(&self, request: Request, using: Option<&Account>) -> Result<Answer, StepError> {
        let (mut hop, mut body) = self.first(request, using)?;
        let mut may_be_done = false;
        for _ in 0..=REDIRECTS {
            let again = body.again();
            let sent = self.hop(&mut hop, body).await;
            let (response, pass) = sent.map_err(|error| doubtful(error, may_be_done))?;
            let status = response.status().as_u16();
            // Any other redirect of a request that changes something may follow the change.
            let keeps = matches!(status, 307 | 308);
            may_be_done |= !keeps && !matches!(hop.effect, Effect::Pure | Effect::Read);
            let location = response.headers().get(header::LOCATION);
            let location = location.and_then(|it| it.to_str().ok());
            let next = redirect::of(status, location, &hop.method, &hop.url);
            let Some(next) = next.map_err(|error| doubtful(error, may_be_done))? else {
                return Ok(answer(response, &hop, pass));
            };
            body = match (next.keeps_body, again) {
                (false, _) => Outgoing::empty(),
                (true, Some(again)) => again,
                (true, None) => return Err(redirect::moved(&hop.url, &next.to)),
            };
            self.turn(&mut hop, next);
        }
        Err(doubtful(redirect::circles(&host(&hop.url)), may_be_done))
    }
}

impl RealNet {
    /// Reaches only these servers, but for requests whose host may come from data.
    pub fn new(wire: Arc<Wire>, grants: HostGrants) -> Self {
        Self { wire, grants }
    }

    fn first<'a>(
        &self,
        request: Request,
        using: Option<&'a Account>,
    ) -> Result<(Hop<'a>, Outgoing), StepError> {
        let url = parsed(&request.url)?;
        if let Some(account) = using
            && !sign_in::is_for(account, &url)
        {
            return Err(sign_in::elsewhere(account, &host(&url)));
        }
        let is_granted = using.is_some() || self.grants.allow(&url);
        if !is_granted && !request.host_from_data {
            return Err(not_granted(&host(&url)));
        }
        let hop = Hop {
            method: method(&request.method)?,
            url,
            headers: request.headers,
            account: using,
            public_only: !is_granted,
            effect: request.effect,
            timeout: request.timeout,
            deadline: Deadline::after(request.timeout, self.wire.surroundings.patience()),
        };
        Ok((hop, Outgoing::of(request.body)?))
    }

    async fn hop(&self, hop: &mut Hop<'_>, body: Outgoing) -> Result<(Response, Pass), StepError> {
        let host = host(&hop.url);
        if hop.public_only && !self.may_be_public(&hop.url) {
            return Err(trouble::private(&host));
        }
        let client = self.wire.client(hop.client()?)?;
        let stage = Stage::new(!hop.is_fresh());
        let request = hop.request(&client, body, &stage)?;
        let waits_since = tokio::time::Instant::now();
        let mut pass = self.wire.traffic.enter(hop.lane(), hop.timeout).await?;
        hop.deadline.put_off(waits_since.elapsed());
        match exchange::send(&client, request, &stage, &host, hop.deadline).await {
            Ok(response) => self.heard(response, pass),
            Err(trouble) => Err(self.learned(trouble, &mut pass, &host)),
        }
    }

    /// An answer of the server, unless it is the proxy's.
    fn heard(&self, response: Response, mut pass: Pass) -> Result<(Response, Pass), StepError> {
        let status = response.status().as_u16();
        let headers = response.headers();
        let header = |name: &str| headers.get(name)?.to_str().ok();
        pass.answered(status, &header);
        if let Some(time) = header("date").and_then(|date| rfc2822::parse(date).ok()) {
            self.wire.note_time(time.timestamp());
        }
        match status {
            407 => Err(trouble::proxy_sign_in()),
            _ => Ok((response, pass)),
        }
    }

    /// What a failure means for this request, and for those to come.
    fn learned(&self, trouble: Trouble, pass: &mut Pass, host: &str) -> StepError {
        if matches!(trouble.cause, Cause::Lookup(_) | Cause::NoRoute)
            && let Some(offline) = self.offline(trouble.cause, pass)
        {
            return offline;
        }
        match trouble.cause {
            Cause::Lookup(NoAddress::Private) | Cause::Ours => return trouble.error,
            Cause::Outdated if self.wire.is_clock_wrong() => {
                return distrusted(certificate::own_clock(host), pass);
            }
            Cause::Outdated | Cause::Certificate => return distrusted(trouble.error, pass),
            Cause::Lookup(_) | Cause::NoRoute | Cause::Host => pass.failed(),
        }
        match trouble.cause {
            Cause::Lookup(NoAddress::Unknown) => {
                trouble.error.not_before(self.wire.now() + UNKNOWN_AGAIN)
            }
            _ => trouble.error,
        }
    }

    /// Without a route even "there is no such name" may only mean that nobody could be asked.
    fn offline(&self, cause: Cause, pass: &Pass) -> Option<StepError> {
        let has_route = self.wire.surroundings.has_route();
        match cause {
            Cause::Lookup(NoAddress::Private) => None,
            Cause::Lookup(NoAddress::NoAnswer) => pass.offline(has_route),
            _ if has_route => None,
            _ => pass.offline(false),
        }
    }

    /// To another server nothing goes along that is for this one only.
    fn turn(&self, hop: &mut Hop<'_>, next: Redirect) {
        if !next.is_same {
            hop.account = None;
            hop.public_only = !self.grants.allow(&next.to);
            hop.headers.retain(|(name, _)| redirect::may_go_along(name));
        }
        if !next.keeps_body {
            let is_about_body = |name: &str| {
                name.get(..8)
                    .is_some_and(|it| it.eq_ignore_ascii_case("content-"))
            };
            hop.headers.retain(|(name, _)| !is_about_body(name));
        }
        hop.method = next.method;
        hop.url = next.to;
    }

    /// Names are checked when they are looked up; numbers have to be checked here.
    fn may_be_public(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(v4)) => self.wire.surroundings.is_public(v4.into()),
            Some(Host::Ipv6(v6)) => self.wire.surroundings.is_public(v6.into()),
            Some(Host::Domain(_)) => true,
            None => false,
        }
    }
}

fn doubtful(error: StepError, may_be_done: bool) -> StepError {
    match may_be_done {
        true => StepError {
            waits_for: None,
            ..error.ambiguous()
        },
        false => error,
    }
}

/// Tried again for a while, for certificates are renewed late; then a person has to look.
fn distrusted(error: StepError, pass: &Pass) -> StepError {
    let Some(then) = pass.distrusted() else {
        return error;
    };
    let kind = ErrorKind::Unreachable;
    StepError { kind, ..error }.not_before(then)
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

/// The address is the one that was asked for, without what signed it in.
fn answer(response: Response, hop: &Hop<'_>, pass: Pass) -> Answer {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter();
    Answer {
        status: response.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        url: hop.url.to_string(),
        body: Box::new(Incoming::new(response, host(&hop.url), hop.deadline, pass)),
    }
}
