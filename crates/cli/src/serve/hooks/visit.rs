//! One connection and its one request: refused by what its head says, read within limits, handed to
//! the engine, answered. Everything that isn't a webhook hears the same.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Request, header},
    response::Response,
};
use errand_engine::{Handle, Hook, HookAnswer, HookCall};
use futures_util::StreamExt;
use hyper::{body::Incoming, service::service_fn};
use tokio::{
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::{sleep, timeout},
};

use super::{
    crowd::{Seat, Seated},
    guard,
    head::Watched,
    limits::{Limits, SMALL},
};
use crate::serve::http::{self, BODY_TIME, Requests};

/// The longest body, in bytes.
const LONGEST_BODY: usize = 10 * 1024 * 1024;
/// What one wrong address too many costs.
const GUESSED: Duration = Duration::from_secs(1);
/// Of a refused request's body so much is still listened to, so that the caller hears why.
const LISTENED_TO: usize = 64 * 1024;
const SECOND: Duration = Duration::from_secs(1);

/// One connection.
pub(super) struct Visit {
    engine: Handle,
    limits: Arc<Limits>,
    peer: IpAddr,
    here: SocketAddr,
    two_lengths: Arc<AtomicBool>,
}

/// A body, and the room that it takes.
struct Received {
    bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Visit {
    pub(super) fn new(engine: Handle, limits: Arc<Limits>, peer: IpAddr, here: SocketAddr) -> Self {
        Self {
            engine,
            limits,
            peer,
            here,
            two_lengths: Arc::default(),
        }
    }

    /// Serves until the end, or until the seat is needed by somebody faster.
    pub(super) async fn serve(self, stream: TcpStream, seated: Seated) {
        let stream = Watched::new(stream, Arc::clone(&self.two_lengths));
        let (visit, seat) = (Arc::new(self), Arc::clone(&seated.seat));
        let service = service_fn(move |request| {
            let (visit, seat) = (Arc::clone(&visit), Arc::clone(&seat));
            async move { Ok::<_, Infallible>(visit.request(request, &seat).await) }
        });
        tokio::select! {
            () = http::serve(stream, service, Requests::One) => {}
            () = seated.seat.sent_away() => {}
        }
    }

    async fn request(&self, request: Request<Incoming>, seat: &Seat) -> Response {
        let (head, body) = request.into_parts();
        let mut body = Body::new(body);
        let hook = match self.admit(&head).await {
            Ok(hook) => hook,
            Err(answer) => {
                let listened = read(&mut body, LISTENED_TO, None);
                timeout(SECOND, listened).await.ok();
                return response(answer);
            }
        };
        let received = match self.receive(&head.headers, body).await {
            Ok(received) => received,
            Err(answer) => return response(answer),
        };
        // Only now: callers that never finish must not use up what others may call.
        if !self.limits.allows(hook.trigger, Instant::now()) {
            let sentence = "Too many calls at once. Come again in a second.\n";
            return response(HookAnswer::later(429, sentence, SECOND));
        }
        let call = self.call(&head, received.bytes);
        tracing::debug!(trigger = %hook.trigger, "a webhook is called");
        seat.working(true);
        let answer = self.engine.receive(call).await;
        seat.working(false);
        response(answer)
    }

    /// The webhook that is called, or why nobody listens.
    async fn admit(&self, head: &axum::http::request::Parts) -> Result<Arc<Hook>, HookAnswer> {
        if self.two_lengths.load(Ordering::Acquire) {
            return Err(HookAnswer::refusal(400, "Give one length, not two.\n"));
        }
        if !guard::is_for(self.here, &head.headers, &head.uri) {
            return Err(HookAnswer::unknown());
        }
        if !guard::is_call(&head.method) {
            return Err(HookAnswer::refusal(403, ""));
        }
        let parts = guard::parts(head.uri.path());
        let hook = parts.and_then(|(token, _)| self.engine.hook(token));
        if guard::is_from_page(&head.headers) && !hook.as_ref().is_some_and(|it| it.browsers) {
            return Err(HookAnswer::refusal(403, ""));
        }
        let Some(hook) = hook else {
            if self.limits.guessed(self.peer, Instant::now()) {
                sleep(GUESSED).await;
            }
            return Err(HookAnswer::unknown());
        };
        Ok(hook)
    }

    async fn receive(&self, headers: &HeaderMap, mut body: Body) -> Result<Received, HookAnswer> {
        let length = headers.get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if length.is_some_and(|length| length > LONGEST_BODY) {
            return Err(too_long());
        }
        let may_be = length.unwrap_or(LONGEST_BODY).max(1);
        let room = || self.limits.room(may_be);
        let read = read(&mut body, LONGEST_BODY, Some(&room));
        match timeout(BODY_TIME, read).await {
            Ok(received) => received,
            Err(_) => Err(HookAnswer::refusal(408, "That took too long.\n")),
        }
    }

    fn call(&self, head: &axum::http::request::Parts, body: Vec<u8>) -> HookCall {
        let (token, path) = guard::parts(head.uri.path()).unwrap_or_default();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter();
        HookCall {
            token: token.to_owned(),
            method: head.method.to_string(),
            path: path.to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            body,
            arrived: self.engine.now(),
            delivery: None,
        }
    }
}

/// Reads a whole body. A small one always finds room; for a longer one there must be some.
async fn read(
    body: &mut Body,
    longest: usize,
    room: Option<&(dyn Fn() -> Option<OwnedSemaphorePermit> + Sync)>,
) -> Result<Received, HookAnswer> {
    let mut stream = std::mem::take(body).into_data_stream();
    let mut received = Received {
        bytes: Vec::new(),
        _room: None,
    };
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| HookAnswer::refusal(400, "The body broke off.\n"))?;
        let length = received.bytes.len() + chunk.len();
        if length > longest {
            return Err(too_long());
        }
        if length > SMALL
            && received._room.is_none()
            && let Some(room) = room
        {
            received._room = Some(room().ok_or_else(no_room)?);
        }
        received.bytes.extend_from_slice(&chunk);
    }
    Ok(received)
}

fn too_long() -> HookAnswer {
    HookAnswer::refusal(413, "That is too much: 10 MB at most.\n")
}

fn no_room() -> HookAnswer {
    HookAnswer::later(503, "Too much arrives at once. Come again soon.\n", SECOND)
}

fn response(answer: HookAnswer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    let status = axum::http::StatusCode::from_u16(answer.status);
    *response.status_mut() = status.unwrap_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(answer.content_type),
    );
    if let Some(after) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs()));
    }
    response
}
