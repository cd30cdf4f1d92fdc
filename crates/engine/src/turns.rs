//! Turns at files: while a run adds to the end of one, from its plan to its known result, no other
//! run does. So the place that was committed with the intent is the place that was written to. A
//! run whose result couldn't be recorded keeps its turn.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use errand_model::RunId;
use tokio::sync::Notify;

/// Who has its turn where.
#[derive(Default)]
pub(crate) struct Turns {
    taken: Mutex<HashMap<PathBuf, RunId>>,
    given_back: Notify,
}

impl Turns {
    /// Waits until it is this run's turn; a run that has it goes on.
    pub(crate) async fn take(&self, file: &Path, run: RunId) {
        let file = real(file);
        loop {
            let given_back = self.given_back.notified();
            if *self.lock().entry(file.clone()).or_insert(run) == run {
                return;
            }
            given_back.await;
        }
    }

    /// Whether the run has a turn somewhere.
    pub(crate) fn has(&self, run: RunId) -> bool {
        self.lock().values().any(|other| *other == run)
    }

    /// Lets the next run have its turn.
    pub(crate) fn give_back(&self, run: RunId) {
        self.lock().retain(|_, other| *other != run);
        self.given_back.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, RunId>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same file by whatever way its folder is named.
fn real(file: &Path) -> PathBuf {
    let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, file.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => file.components().collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use errand_model::Timestamp;
    use tokio::time::timeout;

    use super::*;

    const AT_ONCE: Duration = Duration::from_millis(1);

    #[tokio::test(start_paused = true)]
    async fn one_run_at_a_time_adds_to_a_file_however_it_is_named() {
        let turns = Turns::default();
        let [one, two] = [1, 2].map(|n| RunId::at(Timestamp::from_second(n).unwrap_or_default()));
        turns.take(Path::new("/nowhere/a.txt"), one).await;
        turns.take(Path::new("/nowhere/a.txt"), one).await;
        turns.take(Path::new("/nowhere/b.txt"), two).await;
        let waits = turns.take(Path::new("/nowhere//./a.txt"), two);
        tokio::pin!(waits);
        assert!(
            timeout(AT_ONCE, &mut waits).await.is_err(),
            "the first has its turn"
        );
        turns.give_back(one);
        assert!(!turns.has(one));
        assert!(
            timeout(AT_ONCE, waits).await.is_ok(),
            "now it is the second's turn"
        );
    }
}
