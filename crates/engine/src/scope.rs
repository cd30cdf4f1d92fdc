//! What references in a run can see: `trigger, steps, now, workflow, run`.

use errand_model::{Map, Run, Timestamp, Value, Workflow, WorkflowId};
use errand_template::Scope;
use serde_json::json;

use crate::runner::journal::Journal;

/// The identities a run shows to its references.
pub(crate) struct About<'a> {
    pub(crate) workflow: &'a Workflow,
    pub(crate) workflow_id: Option<WorkflowId>,
    pub(crate) run: Option<&'a Run>,
}

pub(crate) fn of(about: &About<'_>, event: &Map, journal: &Journal, now: Timestamp) -> Scope {
    let mut root = Map::new();
    root.insert("trigger".into(), Value::Object(event.clone()));
    root.insert("steps".into(), Value::Object(journal.outputs()));
    let id = about
        .workflow_id
        .map(|id| id.to_string())
        .unwrap_or_default();
    root.insert(
        "workflow".into(),
        json!({ "id": id, "name": about.workflow.name }),
    );
    let run = about
        .run
        .map(|run| json!({ "id": run.id.to_string(), "version": run.version }));
    root.insert(
        "run".into(),
        run.unwrap_or_else(|| json!({ "id": "", "version": 0 })),
    );
    Scope::new(root, now)
}
