//! The writer thread: takes what is queued into one transaction, makes it durable with one sync of
//! the disk, and only then answers. A command that fails takes only itself back.

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::{Error, Tx, View, faults, lease};

/// Limits of one transaction, so that the first command in it isn't kept waiting.
const BATCH: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(2);
/// When the log is moved into the database file.
const IDLE: Duration = Duration::from_millis(50);
const PAGE: i64 = 4096;
const LOG_PASSIVE: i64 = 4 * 1024 * 1024 / PAGE;
const LOG_RESTART: i64 = 32 * 1024 * 1024 / PAGE;

/// What the writer is told.
pub(crate) enum Message {
    /// Carry this out.
    Do(Box<dyn Job>),
    /// End in an orderly way.
    Close(oneshot::Sender<()>),
}

/// A command whose kind of result only its caller knows.
pub(crate) trait Job: Send {
    /// Runs it inside the open transaction and keeps the result.
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Error>;
    /// Tells the caller, now that the transaction's fate is known.
    fn answer(self: Box<Self>, fate: &Result<(), Error>);
}

/// A caller's closure, its result and the way back.
pub(crate) struct Command<F, T> {
    act: Option<F>,
    result: Result<T, Error>,
    reply: oneshot::Sender<Result<T, Error>>,
    _room: OwnedSemaphorePermit,
}

impl<F, T> Command<F, T> {
    pub(crate) fn new(
        act: F,
        reply: oneshot::Sender<Result<T, Error>>,
        room: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            act: Some(act),
            result: Err(Error::Closed),
            reply,
            _room: room,
        }
    }
}

impl<F, T> Job for Command<F, T>
where
    F: FnOnce(&Tx<'_>) -> Result<T, Error> + Send,
    T: Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Error> {
        let Some(act) = self.act.take() else {
            return Err(Error::Closed);
        };
        self.result = catch_unwind(AssertUnwindSafe(|| act(tx))).unwrap_or_else(|_| {
            Err(Error::Failed {
                detail: "a change of the database broke off".to_owned(),
            })
        });
        self.result.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    fn answer(self: Box<Self>, fate: &Result<(), Error>) {
        let answer = match fate {
            Err(error) if self.result.is_ok() || self.act.is_some() => Err(error.clone()),
            _ => self.result,
        };
        let _ = self.reply.send(answer); // A caller that went away doesn't want to know.
    }
}

/// The only connection that writes, and the lock that makes it the only one.
pub(crate) struct Writer {
    connection: Connection,
    epoch: i64,
    lock: File,
    closing: Option<oneshot::Sender<()>>,
}

impl Writer {
    pub(crate) fn new(connection: Connection, epoch: i64, lock: File) -> Self {
        Self {
            connection,
            epoch,
            lock,
            closing: None,
        }
    }

    /// Works until told to close, or until nobody is left to tell.
    pub(crate) fn serve(mut self, queue: &Receiver<Message>) {
        while self.closing.is_none() {
            let Some(message) = self.next(queue) else {
                break;
            };
            match message {
                Message::Do(job) => self.batch(job, queue),
                Message::Close(done) => self.closing = Some(done),
            }
        }
        self.end();
    }

    /// The next message; the pause before it is used to keep the log short.
    fn next(&self, queue: &Receiver<Message>) -> Option<Message> {
        match queue.recv_timeout(IDLE) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                if self.log_pages() > 0 {
                    self.checkpoint("PASSIVE");
                }
                queue.recv().ok()
            }
        }
    }

    fn batch(&mut self, first: Box<dyn Job>, queue: &Receiver<Message>) {
        let mut jobs = vec![first];
        let fate = self.transaction(&mut jobs, queue);
        for job in jobs {
            job.answer(&fate);
        }
        match self.log_pages() {
            LOG_RESTART.. => self.checkpoint("RESTART"),
            LOG_PASSIVE.. => self.checkpoint("PASSIVE"),
            _ => {}
        }
    }

    /// Runs the first job and whatever else is queued. Err: nothing of all of it was kept.
    fn transaction(
        &mut self,
        jobs: &mut Vec<Box<dyn Job>>,
        queue: &Receiver<Message>,
    ) -> Result<(), Error> {
        let started = Instant::now();
        self.execute("BEGIN IMMEDIATE")?;
        lease::check(&self.connection, self.epoch).or_else(|error| self.give_up(error))?;
        for index in 0..BATCH {
            if index == jobs.len() {
                match (started.elapsed() < BATCH_TIME).then(|| queue.try_recv()) {
                    Some(Ok(Message::Do(job))) => jobs.push(job),
                    Some(Ok(Message::Close(done))) => self.closing = Some(done),
                    _ => {}
                }
            }
            let Some(job) = jobs.get_mut(index) else {
                break;
            };
            self.isolated(job.as_mut())
                .or_else(|error| self.give_up(error))?;
        }
        self.commit()
    }

    /// Runs one job so that its failure undoes only itself. Err: the whole transaction is lost.
    fn isolated(&self, job: &mut dyn Job) -> Result<(), Error> {
        self.execute("SAVEPOINT command")?;
        let tx = Tx {
            view: View(&self.connection),
            epoch: self.epoch,
        };
        if let Err(error) = job.run(&tx) {
            if self.connection.is_autocommit() {
                return Err(error); // SQLite has already rolled everything back.
            }
            self.execute("ROLLBACK TO command")?;
        }
        self.execute("RELEASE command")
    }

    fn commit(&self) -> Result<(), Error> {
        faults::hit("store.before_commit");
        if faults::is_full() {
            return self.give_up(Error::DiskFull);
        }
        self.execute("COMMIT")
            .or_else(|error| self.give_up(error))?;
        faults::hit("store.after_commit");
        Ok(())
    }

    /// Ends a transaction that can't be kept. After a failed write nobody knows what is on the
    /// disk, so that only a fresh start, which reads it again, is safe.
    fn give_up(&self, error: Error) -> Result<(), Error> {
        if error.is_fatal() {
            abort(&error);
        }
        if !self.connection.is_autocommit()
            && let Err(stuck) = self.execute("ROLLBACK")
        {
            abort(&stuck);
        }
        Err(error)
    }

    fn execute(&self, sql: &str) -> Result<(), Error> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// How long the log is; reading that moves nothing.
    fn log_pages(&self) -> i64 {
        let counts = self
            .connection
            .query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| {
                Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            });
        counts.map_or(0, |(log, moved)| log - moved)
    }

    /// The log stays whole when this fails, so it is only worth a warning; none on a full disk, of
    /// which whoever writes is told.
    fn checkpoint(&self, mode: &str) {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let moved = self.connection.query_row(&sql, [], |_| Ok(()));
        match moved.map_err(Error::from) {
            Ok(()) | Err(Error::DiskFull) => {}
            Err(error) => {
                tracing::warn!(%error, "the database's log could not be moved into the database");
            }
        }
    }

    fn end(self) {
        if self.closing.is_some() {
            let _ = self
                .connection
                .execute_batch("PRAGMA analysis_limit = 400; PRAGMA optimize;");
            if let Err(error) = lease::give_back(&self.connection, self.epoch) {
                tracing::warn!(%error, "the orderly end could not be noted");
            }
            self.checkpoint("PASSIVE");
        }
        drop(self.connection);
        drop(self.lock);
        if let Some(done) = self.closing {
            let _ = done.send(());
        }
    }
}

fn abort(error: &Error) -> ! {
    tracing::error!(%error, hint = %error.hint(), "stopping at once, because saving failed");
    std::process::abort()
}

#[cfg(test)]
mod tests {
    use crate::{Error, Store, Tx};
    use errand_model::Timestamp;
    use serde_json::json;

    fn limit_pages(tx: &Tx<'_>, pages: i64) -> Result<(), Error> {
        Ok(tx
            .0
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
    }

    #[tokio::test]
    async fn a_full_disk_is_told_to_the_caller_and_over_when_there_is_room_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Timestamp::UNIX_EPOCH).unwrap();
        store
            .write(|tx| tx.put_setting("before", &json!(1)))
            .await
            .unwrap();
        store.write(|tx| limit_pages(tx, 1)).await.unwrap();

        let large = json!("x".repeat(1_000_000));
        let refused = large.clone();
        let result = store
            .write(move |tx| tx.put_setting("large", &refused))
            .await;

        assert_eq!(result, Err(Error::DiskFull));
        assert_eq!(
            store.read(|view| view.setting("before")).await,
            Ok(Some(json!(1)))
        );
        store.write(|tx| limit_pages(tx, 1_000_000)).await.unwrap();
        store
            .write(move |tx| tx.put_setting("large", &large))
            .await
            .unwrap();
    }
}
