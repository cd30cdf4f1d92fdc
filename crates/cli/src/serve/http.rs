//! What every HTTP server of this program shares: how long a head may be and take, and going on
//! after trouble with one connection.

use std::{convert::Infallible, io, net::SocketAddr, time::Duration};

use axum::{body::Body, http::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// Connections at the same time.
pub(super) const CONNECTIONS: usize = 64;
/// How long a request's head may take.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a request's body may take.
pub(super) const BODY_TIME: Duration = Duration::from_secs(30);
/// The longest head, in bytes.
pub(super) const LONGEST_HEAD: usize = 16 * 1024;

/// Whether a connection may bring more than one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Requests {
    One,
    Many,
}

/// The next connection.
pub(super) async fn next(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(connection) => return connection,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Serves one connection to its end.
pub(super) async fn serve<I, S>(stream: I, service: S, requests: Requests)
where
    I: AsyncRead + AsyncWrite + Unpin,
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible>,
{
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(LONGEST_HEAD)
        .keep_alive(requests == Requests::Many)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Whether nothing but another program stands in the way of an address.
pub(super) fn is_taken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
}
