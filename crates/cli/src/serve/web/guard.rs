//! Keeps other web pages, other names for this computer and anybody without the token out, and
//! puts the strict headers on every answer.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use errand_protocol::{Failure, FailureKind};
use tokio::time::sleep;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' \
     data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// What a wrong token costs, so that guessing is slow.
const WRONG_TOKEN: Duration = Duration::from_millis(250);

/// What proves that a browser was started by the person: 192 random bits.
pub(super) struct Token(String);

impl Token {
    /// A new one.
    pub(super) fn random() -> Result<Self, Failure> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).map_err(|error| {
            let message = format!("This computer gives no random numbers: {error}.");
            Failure::new(FailureKind::Bug, message)
        })?;
        Ok(Self(
            bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        ))
    }

    /// As it stands in the address.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Compared as hashes, whose comparison takes the same time whatever they are.
    fn is(&self, other: &str) -> bool {
        blake3::hash(self.0.as_bytes()) == blake3::hash(other.as_bytes())
    }
}

/// What requests are held against.
pub(super) struct Guard {
    hosts: Vec<String>,
    token: Token,
}

impl Guard {
    /// The guard of this address.
    pub(super) fn new(address: SocketAddr, token: Token) -> Self {
        let hosts = vec![address.to_string(), format!("localhost:{}", address.port())];
        Self { hosts, token }
    }

    /// Why a request is refused before anybody looks at what it wants.
    fn refusal(&self, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let host = text(header::HOST).unwrap_or_default();
        if !self
            .hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(host))
        {
            return Some((
                StatusCode::MISDIRECTED_REQUEST,
                "This isn't that computer's name.\n",
            ));
        }
        let ours = |origin: &str| {
            origin
                .strip_prefix("http://")
                .is_some_and(|host| self.hosts.iter().any(|it| it == host))
        };
        let foreign = text(header::ORIGIN).is_some_and(|origin| !ours(origin));
        let site = text(HeaderName::from_static("sec-fetch-site"));
        if foreign || matches!(site, Some("cross-site" | "same-site")) {
            return Some((StatusCode::FORBIDDEN, "Other web pages may not ask.\n"));
        }
        None
    }

    fn has_token(&self, headers: &HeaderMap) -> bool {
        let given = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        given
            .and_then(|value| value.strip_prefix("Bearer "))
            .is_some_and(|it| self.token.is(it))
    }
}

/// For every request.
pub(super) async fn every_request(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match guard.refusal(request.headers()) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// For requests that need the token.
pub(super) async fn token(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    if guard.has_token(request.headers()) {
        return next.run(request).await;
    }
    sleep(WRONG_TOKEN).await;
    let advice = "Open the whole address that `errand serve --web` printed, token included.\n";
    (StatusCode::UNAUTHORIZED, advice).into_response()
}
