//! Whether the computer's clock can be trusted. A dead battery or a slip of the hand can put it
//! years away; schedules then wait until it agrees with what was seen before, or a person says that
//! it is right.

use std::sync::{Arc, Mutex, PoisonError};

use errand_model::{Timestamp, TriggerSource};
use jiff::SignedDuration;
use serde_json::json;
use tokio::sync::Notify;

use super::cursor::Cursor;
use crate::{Error, Handle, Happening, core::Core};

/// The setting that holds the latest time seen.
const SEEN: &str = "clock.seen";
/// Clocks are corrected by that much without a word.
pub(super) const BACK: SignedDuration = SignedDuration::from_mins(5);
/// No computer is off for longer.
const AHEAD: SignedDuration = SignedDuration::from_hours(400 * 24);
/// How often the time is kept while a schedule uses it, and else.
const KEPT_IN_USE: SignedDuration = SignedDuration::from_mins(1);
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What is wrong with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It was later already.
    Back { seen: Timestamp },
    /// It is too much later at once.
    Ahead { seen: Timestamp },
}

impl Doubt {
    /// What people read, and what to do.
    pub(crate) fn sentence(self, now: Timestamp) -> String {
        let day = |moment: Timestamp| {
            let local = moment.to_zoned(jiff::tz::TimeZone::system());
            local.strftime("%-d %B %Y, %H:%M").to_string()
        };
        let (Self::Back { seen } | Self::Ahead { seen }) = self;
        let what = match self {
            Self::Back { .. } => "but it was later already",
            Self::Ahead { .. } => "more than a year later than it was last",
        };
        format!(
            "This computer's clock says {}, {what} ({}). Schedules wait until it is set right. If \
             it is right, say so: `errand doctor --clock-is-right`.",
            day(now),
            day(seen)
        )
    }
}

/// Pure: what to think of the time `now` after `seen`.
pub(super) fn doubt(seen: Option<Timestamp>, now: Timestamp) -> Option<Doubt> {
    let seen = seen?;
    match now.duration_since(seen) {
        since if since < -BACK => Some(Doubt::Back { seen }),
        since if since > AHEAD => Some(Doubt::Ahead { seen }),
        _ => None,
    }
}

/// What is known of the clock.
#[derive(Default)]
pub(crate) struct ClockWatch {
    state: Mutex<State>,
    /// A person said that the clock is right.
    pub(super) confirmed: Notify,
}

#[derive(Default)]
struct State {
    seen: Option<Timestamp>,
    kept: Option<Timestamp>,
    in_use: bool,
}

impl ClockWatch {
    /// Whether schedules may go by this time.
    pub(super) fn judge(&self, now: Timestamp) -> Result<(), Doubt> {
        let mut state = self.state();
        state.in_use = true;
        look(&mut state, now)
    }

    /// The time to keep now, if it is time to.
    fn to_keep(&self, now: Timestamp) -> Option<Timestamp> {
        let mut state = self.state();
        look(&mut state, now).ok()?;
        let often = if state.in_use { KEPT_IN_USE } else { KEPT };
        let is_due = state
            .kept
            .is_none_or(|kept| now.duration_since(kept).abs() >= often);
        state.in_use = false;
        is_due.then_some(now)
    }

    fn kept(&self, seen: Timestamp) {
        self.state().kept = Some(seen);
    }

    fn believe(&self, now: Timestamp) {
        let mut state = self.state();
        (state.seen, state.kept) = (Some(now), Some(now));
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(state: &mut State, now: Timestamp) -> Result<(), Doubt> {
    match doubt(state.seen, now) {
        Some(doubt) => Err(doubt),
        None => {
            state.seen = Some(now);
            Ok(())
        }
    }
}

/// Learns the time of the last engine.
pub(crate) async fn load(core: &Core) -> Result<(), Error> {
    let seen = core.store.read(|view| view.setting(SEEN)).await?;
    let seen = seen.and_then(|seen| seen.as_str()?.parse().ok());
    let mut state = core.schedules.clock.state();
    (state.seen, state.kept) = (seen, seen);
    Ok(())
}

/// Keeps the time for the next engine, until this one stops.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        if let Some(now) = core.schedules.clock.to_keep(core.now()) {
            let kept = core
                .store
                .write(move |tx| tx.put_setting(SEEN, &json!(now)));
            match kept.await {
                Ok(()) => core.schedules.clock.kept(now),
                Err(error) => tracing::error!(%error, "The time could not be kept."),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(core.clock.longest_sleep()) => {}
            () = core.stopping.cancelled() => return,
        }
    }
}

impl Handle {
    /// A person says that the computer's clock is right. Schedules that had come farther than it
    /// begin again from now; times that had their run keep it.
    pub async fn confirm_clock(&self) -> Result<(), Error> {
        let now = self.core.now();
        let core = Arc::clone(&self.core);
        let confirmed = self.core.store.write(move |tx| {
            tx.put_setting(SEEN, &json!(now))?;
            tx.audit("clock.confirmed", "clock", &now.to_string(), now)?;
            for row in tx.enabled_triggers()? {
                let info = core.registry.trigger_info(&row.on);
                let is_schedule = info.is_some_and(|it| it.source == TriggerSource::Schedule);
                let cursor = tx
                    .cursor(row.id)?
                    .and_then(|(cursor, _)| Cursor::read(cursor));
                if let Some(cursor) = cursor.filter(|it| is_schedule && it.last > now) {
                    tx.put_cursor(
                        row.id,
                        &Cursor {
                            last: now,
                            ..cursor
                        }
                        .value(),
                        now,
                    )?;
                }
            }
            Ok(())
        });
        confirmed.await?;
        self.core.schedules.clock.believe(now);
        self.core.schedules.clock.confirmed.notify_waiters();
        self.core.announce(Happening::StatusChanged);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_clock_that_was_later_already_or_is_years_ahead_is_doubted() {
        let seen = Some(at("2026-11-25T12:00:00Z"));
        let is_doubted = |now| doubt(seen, at(now)).is_some();
        assert!(
            !is_doubted("2026-11-25T11:55:00Z"),
            "small corrections are nothing"
        );
        assert!(is_doubted("2026-11-25T11:54:59Z"));
        assert!(is_doubted("1970-01-01T00:00:00Z"));
        assert!(
            !is_doubted("2027-12-30T11:00:00Z"),
            "a year in a cupboard is possible"
        );
        assert!(is_doubted("2036-01-01T00:00:00Z"));
        assert_eq!(
            doubt(None, at("1970-01-01T00:00:00Z")),
            None,
            "nothing was seen before"
        );
    }
}
