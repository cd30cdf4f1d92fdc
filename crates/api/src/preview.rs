//! What a document would do. The run shown is made up: nothing of it is stored.

use errand_model::{RunId, Value, WorkflowId};
use errand_protocol::{
    Failure,
    commands::WorkflowPreview,
    views::{RunDetail, RunSummary},
};

use crate::{Api, failure::Heard, views};

pub(crate) async fn workflow_preview(
    api: &Api,
    request: WorkflowPreview,
) -> Result<RunDetail, Failure> {
    let WorkflowPreview { document, event } = request;
    let now = api.engine.now();
    let preview = api.engine.preview(&document, event.clone()).await.heard()?;
    let steps = preview.steps.into_iter();
    Ok(RunDetail {
        run: RunSummary {
            id: RunId::from_bytes([0; 16]),
            workflow: WorkflowId::from_bytes([0; 16]),
            workflow_name: document.name.clone(),
            version: 0,
            state: preview.state,
            outcome: preview.outcome,
            reason: preview.reason,
            subject: views::subject(&Value::Object(event.clone())),
            created: now,
            started: Some(now),
            ended: Some(now),
            wake_at: None,
        },
        event,
        document,
        steps: steps
            .map(|step| views::step(step.record, &[], step.would))
            .collect(),
    })
}
