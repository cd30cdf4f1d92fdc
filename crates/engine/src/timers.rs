//! Wakes runs at their stored times. Times are wall-clock and live in the store; this loop only
//! sleeps towards the next one, never longer than half a minute, since timers stand still while a
//! computer sleeps.

use std::{sync::Arc, time::Duration};

use crate::{Error, core::Core, dispatcher};

const LONGEST_SLEEP: Duration = Duration::from_secs(30);
const BATCH: u32 = 500;

/// Wakes runs until the engine stops.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        let sleep = match wake_due(&core).await {
            Ok(sleep) => sleep,
            Err(error) => {
                tracing::error!(%error, "Waiting runs could not be read; trying again.");
                LONGEST_SLEEP
            }
        };
        tokio::select! {
            () = tokio::time::sleep(sleep) => {}
            () = core.timer_changed.notified() => {}
            () = core.stopping.cancelled() => return,
        }
    }
}

/// Offers every run whose time has come; how long to sleep until the next.
async fn wake_due(core: &Arc<Core>) -> Result<Duration, Error> {
    let now = core.now();
    let read = core
        .store
        .read(move |view| Ok((view.due_runs(now, BATCH)?, view.next_wake()?)));
    let (due, next) = read.await?;
    if !core.is_paused() {
        for run in &due {
            dispatcher::offer(core, run).await?;
        }
        core.scheduler.pump(core);
    }
    let until = next
        .filter(|next| *next > now)
        .map(|next| next.duration_since(now));
    let until = until.and_then(|until| Duration::try_from(until).ok());
    Ok(until.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP))
}
