//! How far a request has got: what nobody could have received can't have been carried out.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    /// The request that a new connection is made for.
    static CURRENT: Stage;
}

/// The progress of one request.
#[derive(Clone)]
pub(super) struct Stage(Arc<Progress>);

struct Progress {
    is_connected: AtomicBool,
    is_sent: AtomicBool,
    moved: Mutex<Instant>,
}

impl Stage {
    /// Nothing has happened yet. A request that may use a connection that is open already counts as
    /// connected from the start.
    pub(super) fn new(is_connected: bool) -> Self {
        Self(Arc::new(Progress {
            is_connected: is_connected.into(),
            is_sent: AtomicBool::new(true),
            moved: Mutex::new(Instant::now()),
        }))
    }

    /// Whether all of it may have reached the other side.
    pub(super) fn may_have_arrived(&self) -> bool {
        self.0.is_connected.load(Ordering::Acquire) && self.is_sent()
    }

    /// Whether the whole body was handed to the connection.
    pub(super) fn is_sent(&self) -> bool {
        self.0.is_sent.load(Ordering::Acquire)
    }

    /// There is a body, of which the last piece has, or hasn't, been handed to the connection.
    pub(super) fn sending(&self, is_complete: bool) {
        self.0.is_sent.store(is_complete, Ordering::Release);
        self.touch();
    }

    /// When it last got on.
    pub(super) fn moved(&self) -> Instant {
        *self.0.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connected(&self) {
        self.0.is_connected.store(true, Ordering::Release);
        self.touch();
    }

    fn touch(&self) {
        *self.0.moved.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Sends, and follows connections that are made meanwhile.
    pub(super) async fn follow<T>(&self, sending: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), sending).await
    }
}

/// Tells the request at hand when its connection stands.
#[derive(Clone)]
pub(super) struct Telling;

/// A connector that tells.
#[derive(Clone)]
pub(super) struct Tells<S>(S);

impl<S> Layer<S> for Telling {
    type Service = Tells<S>;

    fn layer(&self, connector: S) -> Tells<S> {
        Tells(connector)
    }
}

impl<S, R> Service<R> for Tells<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let stage = CURRENT.try_with(Stage::clone).ok();
        let connecting = self.0.call(request);
        Box::pin(async move {
            let connection = connecting.await?;
            if let Some(stage) = stage {
                stage.connected();
            }
            Ok(connection)
        })
    }
}
