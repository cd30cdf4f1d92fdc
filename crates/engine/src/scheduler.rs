//! Which runs go on now: a bounded number at a time, workflows taking turns, each within its own
//! limit. Holds only ids; everything durable is in the store.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use errand_model::{RunId, WorkflowId};
use tokio::sync::Notify;

use crate::{Kind, core::Core, runner};

/// Runs that go on at the same time over all workflows.
const AT_ONCE: usize = 8;
/// Runs of one workflow at the same time, where it doesn't say.
pub(crate) const AT_ONCE_EACH: usize = 4;

/// How long to rest after records couldn't be written.
pub(crate) const AFTER_TROUBLE: std::time::Duration = std::time::Duration::from_secs(15);

#[derive(Default)]
pub(crate) struct Scheduler {
    state: Mutex<State>,
    /// A run stopped going on.
    pub(crate) released: Notify,
}

#[derive(Default)]
struct State {
    /// Workflows with waiting runs, in the order of their turns.
    turns: VecDeque<WorkflowId>,
    queues: HashMap<WorkflowId, VecDeque<RunId>>,
    limits: HashMap<WorkflowId, usize>,
    active: HashMap<WorkflowId, usize>,
    queued: HashSet<RunId>,
    running: HashSet<RunId>,
    cancelled: HashSet<RunId>,
}

impl Scheduler {
    /// Puts a run into its workflow's queue, unless it is there or going on.
    pub(crate) fn offer(&self, workflow: WorkflowId, run: RunId, limit: usize) {
        let mut state = self.lock();
        state.limits.insert(workflow, limit.max(1));
        if state.running.contains(&run) || !state.queued.insert(run) {
            return;
        }
        state.queues.entry(workflow).or_default().push_back(run);
        if !state.turns.contains(&workflow) {
            state.turns.push_back(workflow);
        }
    }

    pub(crate) fn is_running(&self, run: RunId) -> bool {
        self.lock().running.contains(&run)
    }

    /// Asks a run that is going on to end at its next step; false if it isn't going on.
    pub(crate) fn request_cancel(&self, run: RunId) -> bool {
        let mut state = self.lock();
        let going_on = state.running.contains(&run);
        if going_on {
            state.cancelled.insert(run);
        }
        going_on
    }

    pub(crate) fn is_cancelled(&self, run: RunId) -> bool {
        self.lock().cancelled.contains(&run)
    }

    pub(crate) fn going_on(&self) -> usize {
        self.lock().running.len()
    }

    /// Starts as many runs as there are free places.
    pub(crate) fn pump(&self, core: &Arc<Core>) {
        while !core.is_paused() && !core.stopping.is_cancelled() {
            let Some((workflow, run)) = self.lock().take() else {
                return;
            };
            start(Arc::clone(core), workflow, run);
        }
    }

    fn release(&self, workflow: WorkflowId, run: RunId) {
        let mut state = self.lock();
        state.running.remove(&run);
        state.cancelled.remove(&run);
        if let Some(active) = state.active.get_mut(&workflow) {
            *active = active.saturating_sub(1);
        }
        drop(state);
        self.released.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next run whose workflow has a free place; its workflow goes to the end of the turns.
    fn take(&mut self) -> Option<(WorkflowId, RunId)> {
        if self.running.len() >= AT_ONCE {
            return None;
        }
        let position = self
            .turns
            .iter()
            .position(|workflow| self.has_place(*workflow))?;
        let workflow = self.turns.remove(position)?;
        let queue = self.queues.get_mut(&workflow)?;
        let run = queue.pop_front()?;
        if queue.is_empty() {
            self.queues.remove(&workflow);
        } else {
            self.turns.push_back(workflow);
        }
        self.queued.remove(&run);
        self.running.insert(run);
        *self.active.entry(workflow).or_default() += 1;
        Some((workflow, run))
    }

    fn has_place(&self, workflow: WorkflowId) -> bool {
        let active = self.active.get(&workflow).copied().unwrap_or_default();
        active < self.limits.get(&workflow).copied().unwrap_or(AT_ONCE_EACH)
    }
}

/// Actions may block on the disk, so each run has a thread that may wait.
fn start(core: Arc<Core>, workflow: WorkflowId, run: RunId) {
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        if !runtime.block_on(go_on(&core, run)) {
            runtime.spawn(offer_later(Arc::clone(&core), workflow, run));
        }
        core.scheduler.release(workflow, run);
        core.scheduler.pump(&core);
    });
}

/// Whether the run came to its end or a rest. On a full disk it stays where it is and goes on when
/// there is room, for no other would fare better; one that can't go on by itself makes way, unless
/// others wait for its turn.
async fn go_on(core: &Core, run: RunId) -> bool {
    while let Err(error) = runner::drive(core, run).await {
        match error.kind {
            _ if core.stopping.is_cancelled() => return true,
            Kind::NoRoom => core.room.is_missing(),
            _ => {
                tracing::error!(%run, %error, "A run could not go on; it is tried again in a while.");
                if !core.turns.has(run) {
                    return false;
                }
            }
        }
        if !rested(core).await {
            return true;
        }
    }
    core.turns.give_back(run);
    true
}

/// False if the engine is asked to stop meanwhile.
async fn rested(core: &Core) -> bool {
    tokio::select! {
        () = tokio::time::sleep(AFTER_TROUBLE) => true,
        () = core.stopping.cancelled() => false,
    }
}

/// A run that couldn't go on keeps its place in the database and has another turn later.
async fn offer_later(core: Arc<Core>, workflow: WorkflowId, run: RunId) {
    if !rested(&core).await {
        return;
    }
    let limit = core
        .scheduler
        .lock()
        .limits
        .get(&workflow)
        .copied()
        .unwrap_or(AT_ONCE_EACH);
    core.scheduler.offer(workflow, run, limit);
    core.scheduler.pump(&core);
}

#[cfg(test)]
mod tests {
    use errand_model::Timestamp;

    use super::*;

    #[test]
    fn a_burst_in_one_workflow_delays_another_by_one_turn_at_most() {
        let scheduler = Scheduler::default();
        let (busy, other) = (
            WorkflowId::at(Timestamp::UNIX_EPOCH),
            WorkflowId::at(Timestamp::now()),
        );
        for _ in 0..100 {
            scheduler.offer(busy, RunId::at(Timestamp::now()), 50);
        }
        scheduler.offer(other, RunId::at(Timestamp::now()), 50);
        let mut state = scheduler.lock();
        let turns: Vec<WorkflowId> = std::iter::from_fn(|| state.take())
            .take(2)
            .map(|(workflow, _)| workflow)
            .collect();
        assert_eq!(turns, [busy, other]);
    }

    #[test]
    fn a_workflow_keeps_within_its_own_limit() {
        let scheduler = Scheduler::default();
        let workflow = WorkflowId::at(Timestamp::UNIX_EPOCH);
        for _ in 0..3 {
            scheduler.offer(workflow, RunId::at(Timestamp::now()), 1);
        }
        let mut state = scheduler.lock();
        assert!(state.take().is_some());
        assert!(state.take().is_none(), "one at a time");
    }
}
