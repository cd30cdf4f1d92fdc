//! The three connections that read. They never wait for the writer, nor it for them.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, View, connection};

const READERS: usize = 3;

pub(crate) struct Readers {
    idle: Mutex<Vec<Connection>>,
    free: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(file: &Path) -> Result<Self, Error> {
        let idle = (0..READERS)
            .map(|_| connection::reader(file))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            idle: Mutex::new(idle),
            free: Arc::new(Semaphore::new(READERS)),
        })
    }

    /// Waits until a connection is free. Keep the turn until reading has ended.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        Arc::clone(&self.free)
            .acquire_owned()
            .await
            .map_err(|_| Error::Closed)
    }

    /// Reads one moment of the database. Blocks; call it with a turn in hand.
    pub(crate) fn read<T>(
        &self,
        f: impl FnOnce(&View<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let borrowed = Borrowed {
            connection: Some(self.take()?),
            home: self,
        };
        let connection = borrowed.connection.as_ref().ok_or(Error::Closed)?;
        let moment = connection.unchecked_transaction()?;
        let result = f(&View(&moment));
        moment.rollback()?;
        result
    }

    /// Lets go of every idle connection.
    pub(crate) fn close(&self) {
        self.free.close();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn take(&self) -> Result<Connection, Error> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .ok_or(Error::Closed)
    }
}

/// Brings the connection back, also when reading panicked.
struct Borrowed<'r> {
    connection: Option<Connection>,
    home: &'r Readers,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if !self.home.free.is_closed() {
            self.home
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
    }
}
