//! The client of the engine's private socket: calls commands, hears events, and notices when the
//! engine is gone. Used by the window and by the command line.

mod folder;
mod start;

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::Value;
use tokio::{
    io::BufReader,
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Mutex as AsyncMutex, broadcast, oneshot, watch},
};

use crate::{
    AppEvent, Command, Failure, FailureKind,
    wire::{self, Call, Message, SocketPath},
};

pub use folder::data_folder;
pub use start::start_engine;

/// Events a slow listener may fall behind before it is told to read everything again.
const EVENTS_KEPT: usize = 1024;

/// A connection to a running engine. Clones share it.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
    writer: Arc<AsyncMutex<OwnedWriteHalf>>,
    gone: watch::Receiver<bool>,
}

#[derive(Debug)]
struct Shared {
    next_id: AtomicU64,
    /// None once the engine is gone.
    waiting: Mutex<Option<HashMap<u64, Answer>>>,
    events: broadcast::Sender<AppEvent>,
}

type Answer = oneshot::Sender<Result<Value, Failure>>;

impl Client {
    /// Connects to the engine that holds this data folder.
    ///
    /// # Errors
    /// `engine_gone` when none answers there.
    pub async fn connect(folder: &Path) -> Result<Self, Failure> {
        let socket = SocketPath::of(folder).map_err(|_| engine_gone())?;
        let stream = UnixStream::connect(socket.path())
            .await
            .map_err(|_| engine_gone())?;
        let (reader, writer) = stream.into_split();
        let (set_gone, gone) = watch::channel(false);
        let shared = Arc::new(Shared {
            next_id: AtomicU64::new(1),
            waiting: Mutex::new(Some(HashMap::new())),
            events: broadcast::channel(EVENTS_KEPT).0,
        });
        tokio::spawn(listen(Arc::clone(&shared), reader, set_gone));
        Ok(Self {
            shared,
            writer: Arc::new(AsyncMutex::new(writer)),
            gone,
        })
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// The engine's failure, or `engine_gone`.
    pub async fn call<C: Command>(&self, request: &C) -> Result<C::Response, Failure> {
        let payload = serde_json::to_value(request).map_err(not_understood)?;
        let value = self.call_raw(C::NAME, payload).await?;
        serde_json::from_value(value).map_err(not_understood)
    }

    /// Carries out a command by its name, with JSON on both sides.
    ///
    /// # Errors
    /// The engine's failure, or `engine_gone`.
    pub async fn call_raw(&self, cmd: &str, payload: Value) -> Result<Value, Failure> {
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed);
        let answer = self.shared.wait_for(id).ok_or_else(engine_gone)?;
        let call = Call {
            id,
            cmd: cmd.to_owned(),
            payload,
        };
        if wire::write_line(&mut *self.writer.lock().await, &call)
            .await
            .is_err()
        {
            self.shared.forget(id);
            return Err(engine_gone());
        }
        answer.await.unwrap_or_else(|_| Err(engine_gone()))
    }

    /// Events from now on. When the engine goes, the last one is `engine_stopped`.
    ///
    /// # Errors
    /// `engine_gone`.
    pub async fn subscribe(&self) -> Result<broadcast::Receiver<AppEvent>, Failure> {
        let events = self.shared.events.subscribe();
        self.call_raw(wire::SUBSCRIBE, Value::Null).await?;
        Ok(events)
    }

    /// Returns when the engine is gone.
    pub async fn gone(&self) {
        let mut gone = self.gone.clone();
        // An error means that the listening task ended, which is the same thing.
        let _ended = gone.wait_for(|gone| *gone).await;
    }

    /// Whether the engine is gone.
    pub fn is_gone(&self) -> bool {
        *self.gone.borrow()
    }
}

impl Shared {
    fn wait_for(&self, id: u64) -> Option<oneshot::Receiver<Result<Value, Failure>>> {
        let (sender, receiver) = oneshot::channel();
        self.waiting().as_mut()?.insert(id, sender);
        Some(receiver)
    }

    fn forget(&self, id: u64) -> Option<Answer> {
        self.waiting().as_mut()?.remove(&id)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Option<HashMap<u64, Answer>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_in(&self, message: Message) {
        let (id, result) = match message {
            Message::Answer { id, value } => (id, Ok(value)),
            Message::Failed { id, failure } => (id, Err(failure)),
            Message::Event(event) => {
                // Nobody listening is fine: events are hints.
                let _ = self.events.send(event);
                return;
            }
        };
        if let Some(answer) = self.forget(id) {
            let _ = answer.send(result);
        }
    }
}

async fn listen(shared: Arc<Shared>, reader: OwnedReadHalf, gone: watch::Sender<bool>) {
    let mut reader = BufReader::new(reader);
    while let Ok(Some(message)) = wire::read_line(&mut reader).await {
        shared.take_in(message);
    }
    // Dropping the senders answers every waiting call with `engine_gone`.
    shared.waiting().take();
    gone.send_replace(true);
    let _ = shared.events.send(AppEvent::EngineStopped);
}

fn engine_gone() -> Failure {
    Failure::new(FailureKind::EngineGone, "Errand's engine isn't running.")
        .hint("Open Errand, or start it with `errand serve`.")
}

fn not_understood(error: serde_json::Error) -> Failure {
    Failure::new(
        FailureKind::Bug,
        format!("The engine and this program don't understand each other: {error}."),
    )
    .hint("They may be of different versions: quit Errand and start it again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::EngineStatusGet;
    use tokio::net::UnixListener;

    /// An engine that answers one call with an event and a failure, then dies.
    async fn short_lived_engine(listener: UnixListener) {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut reader = BufReader::new(reader);
        let call: Call = wire::read_line(&mut reader).await.unwrap().unwrap();
        let answer = Message::Answer {
            id: call.id,
            value: Value::Null,
        };
        wire::write_line(&mut writer, &Message::Event(AppEvent::StatusChanged))
            .await
            .unwrap();
        wire::write_line(&mut writer, &answer).await.unwrap();
        let _: Call = wire::read_line(&mut reader).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_dying_engine_is_noticed_by_calls_and_listeners() {
        let folder = std::env::temp_dir().join(format!("errand-client-{}", std::process::id()));
        let deep = folder.join("a".repeat(120));
        std::fs::create_dir_all(&deep).unwrap();
        assert_eq!(
            Client::connect(&deep).await.unwrap_err().kind,
            FailureKind::EngineGone
        );

        let socket = SocketPath::of(&deep).unwrap();
        tokio::spawn(short_lived_engine(
            UnixListener::bind(socket.path()).unwrap(),
        ));
        let client = Client::connect(&deep).await.unwrap();
        let mut events = client.subscribe().await.unwrap();
        let failure = client.call(&EngineStatusGet {}).await.unwrap_err();

        assert_eq!(failure.kind, FailureKind::EngineGone);
        assert_eq!(events.recv().await.unwrap(), AppEvent::StatusChanged);
        assert_eq!(events.recv().await.unwrap(), AppEvent::EngineStopped);
        client.gone().await;
        assert!(client.is_gone());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
