//! `errand run`: once, now, the durable way.

use std::path::Path;

use errand_model::{Map, Workflow, WorkflowId, document};
use errand_protocol::{
    Failure, FailureKind,
    commands::{DocumentRun, WorkflowGet, WorkflowPreview, WorkflowRun, WorkflowSamples},
    views::RunDetail,
};

use super::{check, event, show, wait};
use crate::{args, door::Door};

/// What is to be run.
enum What {
    Document(Box<Workflow>),
    Workflow(WorkflowId),
}

pub(super) async fn run(door: &Door, run: args::Run, json: bool) -> Result<u8, Failure> {
    let what = find(&run.what)?;
    let event = run.event.as_deref().map(event::read).transpose()?;
    if run.preview {
        let shown = preview(door, what, event).await?;
        return Ok(show::run(&shown, json));
    }
    let events = door.events().await?;
    let started = start(door, what, event.unwrap_or_default()).await?;
    let ended = match run.detach {
        true => started,
        false => wait::to_the_end(door, events, started.run.id).await?,
    };
    Ok(show::run(&ended, json))
}

fn find(what: &str) -> Result<What, Failure> {
    let file = Path::new(what);
    if file.exists() {
        let text = super::read(file)?;
        let document = document::parse(&text);
        let document = document.map_err(|error| check::as_failure(file, error))?;
        return Ok(What::Document(Box::new(document)));
    }
    what.parse().map(What::Workflow).map_err(|_| {
        let message = format!("There is no file and no workflow {what}.");
        Failure::new(FailureKind::NotFound, message)
            .hint("Give a workflow file, or an id from `errand workflow list`.")
    })
}

async fn start(door: &Door, what: What, event: Map) -> Result<RunDetail, Failure> {
    match what {
        What::Workflow(id) => door.call(&WorkflowRun { id, event }).await,
        What::Document(document) => {
            door.call(&DocumentRun {
                document: *document,
                event,
            })
            .await
        }
    }
}

/// Shows what would happen for the event, or for one that the trigger could give now.
async fn preview(door: &Door, what: What, event: Option<Map>) -> Result<RunDetail, Failure> {
    let (id, document) = match what {
        What::Document(document) => (None, *document),
        What::Workflow(id) => {
            let detail = door.call(&WorkflowGet { id }).await?;
            (Some(id), detail.published.unwrap_or(detail.draft))
        }
    };
    let event = match event {
        Some(event) => event,
        None => {
            let samples = door
                .call(&WorkflowSamples {
                    id,
                    document: document.clone(),
                })
                .await?;
            samples
                .into_iter()
                .find_map(|sample| sample.as_object().cloned())
                .unwrap_or_default()
        }
    };
    door.call(&WorkflowPreview { document, event }).await
}
