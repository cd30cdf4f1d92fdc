//! The private socket in the data folder: every command and event, for this user only.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::Duration,
};

use errand_api::Api;
use errand_protocol::{
    Failure, FailureKind, system_words,
    wire::{self, Call, Message, SOCKET, SocketPath},
};
use tokio::{
    io::BufReader,
    net::{UnixListener, UnixStream, unix::OwnedWriteHalf},
    sync::mpsc,
    task::JoinSet,
    time::sleep,
};

/// Answers and events that may wait for a slow client.
const WAITING: usize = 256;

/// Begins to listen. The caller holds the data folder, so a socket left behind is nobody's.
pub(super) fn listen(folder: &Path, api: Api) -> Result<(), Failure> {
    let listener = bind(folder).map_err(|error| {
        let path = folder.join(SOCKET);
        let message = format!(
            "The socket {} can't be opened: {}.",
            path.display(),
            system_words(&error)
        );
        Failure::new(FailureKind::BadInput, message)
            .hint("Give another folder with --data, on a disk of this computer.")
    })?;
    tokio::spawn(accept(listener, api));
    Ok(())
}

/// Removes the socket at the end.
pub(super) fn remove(folder: &Path) {
    if let Err(error) = fs::remove_file(folder.join(SOCKET))
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the socket could not be removed");
    }
}

fn bind(folder: &Path) -> io::Result<UnixListener> {
    remove(folder);
    let socket = SocketPath::of(folder)?;
    // The folder lets nobody else in, so the moment before the next line does no harm.
    let listener = UnixListener::bind(socket.path())?;
    fs::set_permissions(socket.path(), Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn accept(listener: UnixListener, api: Api) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, api.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a client could not be let in");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Serves one client until it goes. Calls that are under way then are carried out all the same.
async fn serve(stream: UnixStream, api: Api) {
    let (reader, writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let (answers, waiting) = mpsc::channel(WAITING);
    tokio::spawn(write(writer, waiting));
    let mut subscriptions = JoinSet::new();
    loop {
        match wire::read_line::<Call>(&mut reader).await {
            Ok(Some(call)) if call.cmd == wire::SUBSCRIBE => {
                subscriptions.spawn(subscribe(call.id, api.clone(), answers.clone()));
            }
            Ok(Some(call)) => {
                tokio::spawn(carry_out(call, api.clone(), answers.clone()));
            }
            Ok(None) => return,
            Err(error) => {
                tracing::info!(%error, "a client said something that isn't a call");
                return;
            }
        }
    }
}

async fn write(mut writer: OwnedWriteHalf, mut waiting: mpsc::Receiver<Message>) {
    while let Some(message) = waiting.recv().await {
        if wire::write_line(&mut writer, &message).await.is_err() {
            return;
        }
    }
}

async fn carry_out(call: Call, api: Api, answers: mpsc::Sender<Message>) {
    let Call { id, cmd, payload } = call;
    let message = match api.dispatch(&cmd, payload).await {
        Ok(value) => Message::Answer { id, value },
        Err(failure) => Message::Failed { id, failure },
    };
    // The client may be gone; what it asked for is done.
    let _ = answers.send(message).await;
}

async fn subscribe(id: u64, api: Api, answers: mpsc::Sender<Message>) {
    let mut events = api.events();
    let mut message = Message::Answer {
        id,
        value: serde_json::Value::Null,
    };
    while answers.send(message).await.is_ok() {
        match events.next().await {
            Some(event) => message = Message::Event(event),
            None => return,
        }
    }
}
