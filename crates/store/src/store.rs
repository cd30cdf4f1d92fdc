//! The door to the database: open it, write through the writer thread, read from the side.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
};

use errand_model::Timestamp;
use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use crate::{
    Error, Tx, View, connection,
    folder::{self, DATABASE},
    header::Found,
    lease::{self, Lease},
    migrate,
    readers::Readers,
    writer::{Command, Message, Writer},
};

/// More commands than this wait outside the queue.
const QUEUE: usize = 1024;

/// Errand's database. Clones share it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    lease: Lease,
    readers: Readers,
    room: Arc<Semaphore>,
    queue: Mutex<Option<mpsc::Sender<Message>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Store {
    /// Opens the database of a data folder, making both if need be. Only one process can have a
    /// folder open.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, Error> {
        folder::prepare(folder)?;
        let lock = folder::lock(folder)?;
        let file = folder.join(DATABASE);
        let (connection, lease, readers) =
            open_database(&file, now).map_err(|error| error.while_opening(&file))?;
        let (queue, commands) = mpsc::channel();
        let writer = Writer::new(connection, lease.epoch, lock);
        let thread = std::thread::Builder::new()
            .name("errand-writer".to_owned())
            .spawn(move || writer.serve(&commands))
            .map_err(|error| Error::folder("start the writer of", &file, &error))?;
        Ok(Self(Arc::new(Inner {
            folder: folder.to_owned(),
            lease,
            readers,
            room: Arc::new(Semaphore::new(QUEUE)),
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
        })))
    }

    /// Number of this start; results of an earlier one never count.
    pub fn epoch(&self) -> i64 {
        self.0.lease.epoch
    }

    /// Random name of this installation, from which idempotency keys derive.
    pub fn install_id(&self) -> [u8; 16] {
        self.0.lease.install
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Whether the last end was orderly; true for a new database.
    pub fn was_clean(&self) -> bool {
        self.0.lease.was_clean
    }

    /// Changes the database, all or nothing. `Ok` only after the change is durable; an error means
    /// that nothing of it happened.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let room = Arc::clone(&self.0.room)
            .acquire_owned()
            .await
            .map_err(|_| Error::Closed)?;
        let (reply, answer) = oneshot::channel();
        self.0
            .send(Message::Do(Box::new(Command::new(f, reply, room))))?;
        answer.await.map_err(|_| Error::Closed)?
    }

    /// Reads one moment of the database.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&View<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.0.readers.turn().await?;
        let inner = Arc::clone(&self.0);
        let reading = tokio::task::spawn_blocking(move || {
            let _turn = turn; // A caller that gives up doesn't make the connection free.
            inner.readers.read(f)
        });
        match reading.await {
            Ok(result) => result,
            Err(error) => Err(Error::Failed {
                detail: format!("reading broke off: {error}"),
            }),
        }
    }

    /// Finishes what is queued, notes the orderly end and lets the folder go.
    pub async fn close(&self) {
        let (done, ended) = oneshot::channel();
        let sent = self.0.send(Message::Close(done));
        self.0.readers.close();
        if sent.is_ok() {
            let _ = ended.await;
        }
        self.0.end();
    }
}

fn open_database(file: &Path, now: Timestamp) -> Result<(Connection, Lease, Readers), Error> {
    if migrate::refuse_unfit_file(file)? == Found::Nothing {
        migrate::create(file)?;
    }
    folder::private_file(file)?;
    let mut connection = connection::writer(file)?;
    migrate::refuse_newer_content(&connection, file)?;
    connection::make_durable(&connection)?;
    migrate::migrate(&mut connection, file, migrate::STEPS)?;
    connection.execute_batch("PRAGMA foreign_keys = ON;")?;
    let lease = lease::take(&connection, now)?;
    Ok((connection, lease, Readers::open(file)?))
}

impl Inner {
    fn send(&self, message: Message) -> Result<(), Error> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue
            .as_ref()
            .ok_or(Error::Closed)?
            .send(message)
            .map_err(|_| Error::Closed)
    }

    /// Waits for the writer thread, so that the folder is free afterwards.
    fn end(&self) {
        self.queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(thread) = thread else { return };
        if thread.thread().id() != std::thread::current().id() {
            let _ = thread.join();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end();
    }
}
