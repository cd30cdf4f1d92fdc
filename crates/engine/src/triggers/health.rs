//! What a person is told about a trigger that looks for itself: when it last looked, and what was in
//! the way.

use errand_store::TriggerRow;

use crate::{Happening, core::Core};

/// Notes how a look went. Screens hear of it once when there is a problem, and once when there is
/// none any more; `told` is what they heard last.
pub(super) async fn note(
    core: &Core,
    trigger: &TriggerRow,
    told: &mut Option<String>,
    problem: Option<String>,
) {
    let changed = problem != *told;
    let (id, now, text) = (trigger.id, core.now(), problem.clone());
    *told = problem;
    let note = core
        .store
        .write(move |tx| tx.note_trigger(id, text.as_deref(), now, None));
    let note = note.await;
    core.room
        .after(&note, "A trigger's health could not be kept.");
    if changed {
        core.announce(Happening::WorkflowChanged(trigger.workflow));
    }
}
