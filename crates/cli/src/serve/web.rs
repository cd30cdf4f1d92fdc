//! The same screens in a browser of this computer: files, `POST /rpc` and `GET /events`. Nothing
//! but the screens' files is given without the token, which only the printed address holds.

mod guard;
mod screens;

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, Request, StatusCode, header},
    middleware,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::{get, post},
};
use errand_api::Api;
use errand_protocol::{Failure, FailureKind, system_words};
use futures_util::{Stream, stream};
use hyper_util::service::TowerToHyperService;
use serde::Deserialize;
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::http::{self, BODY_TIME, CONNECTIONS, Requests};
use guard::{Guard, Token};

/// The longest body, in bytes.
const LONGEST_BODY: usize = 16 * 1024 * 1024;

/// Begins to serve; gives the address with its token.
pub(super) async fn listen(address: SocketAddr, api: Api) -> Result<String, Failure> {
    if !address.ip().is_loopback() {
        let message = format!("{address} could be reached from other computers.");
        return Err(Failure::new(FailureKind::BadInput, message)
            .hint("Use an address of this computer only, such as 127.0.0.1:4321."));
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| taken(address, &error))?;
    let address = listener
        .local_addr()
        .map_err(|error| taken(address, &error))?;
    let token = Token::random()?;
    let url = format!("http://{address}/#token={}", token.text());
    tokio::spawn(accept(listener, router(api, Guard::new(address, token))));
    Ok(url)
}

fn taken(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(
        FailureKind::BadInput,
        format!(
            "The address {address} can't be used: {}.",
            system_words(error)
        ),
    )
    .hint("Another program may use this port. Give another one, or port 0 for any free one.")
}

fn router(api: Api, guard: Guard) -> Router {
    let guard = Arc::new(guard);
    let with_token = middleware::from_fn_with_state(Arc::clone(&guard), guard::token);
    Router::new()
        .route("/rpc", post(rpc))
        .route("/events", get(events))
        .route_layer(with_token)
        .with_state(api)
        .fallback(screens::serve)
        .layer(middleware::from_fn_with_state(guard, guard::every_request))
}

async fn accept(listener: TcpListener, router: Router) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
            return;
        };
        let (stream, _) = http::next(&listener).await;
        tokio::spawn(serve(stream, router.clone(), slot));
    }
}

async fn serve(stream: TcpStream, router: Router, _slot: OwnedSemaphorePermit) {
    http::serve(stream, TowerToHyperService::new(router), Requests::Many).await;
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    cmd: String,
    #[serde(default)]
    payload: Value,
}

async fn rpc(State(api): State<Api>, headers: HeaderMap, request: Request<Body>) -> Response {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send JSON.\n").into_response();
    }
    let Ok(body) = timeout(BODY_TIME, to_bytes(request.into_body(), LONGEST_BODY)).await else {
        return (StatusCode::REQUEST_TIMEOUT, "That took too long.\n").into_response();
    };
    let Ok(body) = body else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "That is too much.\n").into_response();
    };
    let Ok(Call { cmd, payload }) = serde_json::from_slice(&body) else {
        return (StatusCode::BAD_REQUEST, "That isn't a call.\n").into_response();
    };
    match api.dispatch(&cmd, payload).await {
        Ok(value) => Json(value).into_response(),
        Err(failure) => (status(failure.kind), Json(failure)).into_response(),
    }
}

fn status(kind: FailureKind) -> StatusCode {
    match kind {
        FailureKind::BadInput => StatusCode::UNPROCESSABLE_ENTITY,
        FailureKind::NotFound => StatusCode::NOT_FOUND,
        FailureKind::Conflict => StatusCode::CONFLICT,
        FailureKind::EngineGone => StatusCode::SERVICE_UNAVAILABLE,
        FailureKind::Bug => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn events(State(api): State<Api>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(api.events(), |mut events| async move {
        let event = events.next().await?;
        // An event that isn't JSON can't be: the enum has only ids in it.
        let shown = Event::default().json_data(&event).unwrap_or_default();
        Some((Ok(shown), events))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
