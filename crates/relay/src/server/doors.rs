//! The relay's addresses: `/i/TOKEN/…` for senders, `/channels` and `/c/CHANNEL/…` for devices.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, Request, StatusCode, header},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::{any, get, post},
};
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::json;
use tokio::{task::spawn_blocking, time::timeout};

use super::{
    LONGEST_CALL,
    channels::{Channels, Open},
    store::Trouble,
};
use crate::{
    Delivery, PublicKeys, Sealed,
    proof::{NONCE, Purpose, SIGNATURE},
};

const BODY_TIME: Duration = Duration::from_secs(30);
/// A sign of life this often; a device takes more than twice of it for the end.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

type Relay = Arc<Channels>;

/// Every address; the clock gives milliseconds since 1970.
pub fn router(channels: Relay, now: fn() -> i64) -> Router {
    let take = move |state, path, request| take(state, path, request, now());
    Router::new()
        .route("/i/{token}", any(take))
        .route("/i/{token}/{*rest}", any(take))
        .route("/channels", post(create))
        .route("/nonce", get(nonce))
        .route("/c/{channel}/messages", get(messages))
        .route("/c/{channel}/acknowledge", post(acknowledge))
        .fallback(async || nothing_here())
        .with_state(channels)
}

fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "Nothing is here.\n").into_response()
}

#[derive(Deserialize)]
struct Sender {
    token: String,
    #[serde(default)]
    rest: String,
}

/// Keeps a call; says so only once it is on the disk.
async fn take(
    State(relay): State<Relay>,
    Path(Sender { token, rest }): Path<Sender>,
    request: Request<Body>,
    now: i64,
) -> Response {
    if is_from_a_page(request.headers()) {
        return (StatusCode::FORBIDDEN, "Web pages can't call this.\n").into_response();
    }
    let Some(open) = relay.of_sender(&token) else {
        return nothing_here();
    };
    let delivery = match read(request, rest).await {
        Ok(delivery) => delivery,
        Err(status) => return status.into_response(),
    };
    let kept = spawn_blocking(move || open.keep(&delivery, now)).await;
    match kept {
        Ok(Ok(_)) => Json(json!({ "ok": true })).into_response(),
        Ok(Err(trouble)) => refused(&trouble),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn refused(trouble: &Trouble) -> Response {
    tracing::warn!(%trouble, "a call was refused");
    let text = "The relay can't keep this now.\n";
    (
        StatusCode::INSUFFICIENT_STORAGE,
        [(header::RETRY_AFTER, "60")],
        text,
    )
        .into_response()
}

fn is_from_a_page(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN)
        || headers
            .get("sec-fetch-site")
            .is_some_and(|site| site != "none")
}

async fn read(request: Request<Body>, path: String) -> Result<Delivery, StatusCode> {
    let (head, body) = request.into_parts();
    let body = timeout(BODY_TIME, to_bytes(body, LONGEST_CALL)).await;
    let body = body.map_err(|_| StatusCode::REQUEST_TIMEOUT)?;
    let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into();
    let headers = head.headers.iter();
    Ok(Delivery {
        method: head.method.to_string(),
        path,
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: body.to_vec(),
    })
}

/// A channel for a device that was invited.
async fn create(
    State(relay): State<Relay>,
    headers: HeaderMap,
    Json(keys): Json<PublicKeys>,
) -> Response {
    let given = text_of(&headers, "authorization").strip_prefix("Bearer ");
    if !given.is_some_and(|given| relay.is_invited(given)) {
        return (
            StatusCode::UNAUTHORIZED,
            "This relay needs an invitation.\n",
        )
            .into_response();
    }
    match spawn_blocking(move || relay.create(keys)).await {
        Ok(Ok((channel, token))) => {
            Json(json!({ "channel": channel, "token": token })).into_response()
        }
        Ok(Err(error)) => refused(&Trouble::Disk(error)),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn nonce(State(relay): State<Relay>) -> Response {
    match relay.nonces.give() {
        Some(nonce) => Json(json!({ "nonce": nonce })).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn proven(
    relay: &Channels,
    channel: &str,
    purpose: Purpose,
    headers: &HeaderMap,
) -> Option<Arc<Open>> {
    let (nonce, signature) = (text_of(headers, NONCE), text_of(headers, SIGNATURE));
    relay.of_device(channel, purpose, nonce, signature)
}

fn unproven() -> Response {
    let text = "This isn't signed by the channel's device.\n";
    (StatusCode::UNAUTHORIZED, text).into_response()
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

/// Server-sent events: what waits, then what arrives.
async fn messages(
    State(relay): State<Relay>,
    Path(channel): Path<String>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> Response {
    match proven(&relay, &channel, Purpose::Fetch(after), &headers) {
        Some(open) => Sse::new(waiting(open, after))
            .keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE))
            .into_response(),
        None => unproven(),
    }
}

fn waiting(open: Arc<Open>, after: u64) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((open, after), |(open, after)| async move {
        // A message that can't be read ends the stream; the device asks again.
        let message = next(&open, after).await.ok()?;
        let event = Event::default().id(message.seq.to_string());
        let event = event.json_data(&message).ok()?;
        Some((Ok(event), (open, message.seq)))
    })
}

/// The next message, as soon as there is one.
async fn next(open: &Arc<Open>, after: u64) -> std::io::Result<Sealed> {
    loop {
        let grew = open.grew.notified();
        let reading = Arc::clone(open);
        let read = spawn_blocking(move || reading.after(after)).await;
        if let Some(message) = read.map_err(std::io::Error::other)?? {
            return Ok(message);
        }
        grew.await;
    }
}

#[derive(Deserialize)]
struct Upto {
    upto: u64,
}

async fn acknowledge(
    State(relay): State<Relay>,
    Path(channel): Path<String>,
    headers: HeaderMap,
    Json(Upto { upto }): Json<Upto>,
) -> Response {
    let Some(open) = proven(&relay, &channel, Purpose::Acknowledge(upto), &headers) else {
        return unproven();
    };
    match spawn_blocking(move || open.lock().acknowledge(upto)).await {
        Ok(Ok(())) => Json(json!({ "ok": true })).into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
