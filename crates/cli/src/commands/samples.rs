//! Runs a document's samples: previews it for each event, with the sample's results instead of the
//! connectors', and compares how that ends.

use std::path::Path;

use errand_engine::check::Problem;
use errand_model::{
    Map, Step, StepKind, Workflow,
    workflow::{OnError, Sample},
};
use errand_protocol::{Failure, commands::WorkflowPreview, views::RunDetail};

use super::show;
use crate::door::Door;

/// Every sample that doesn't end as it says.
pub(super) async fn unexpected(document: &Workflow) -> Result<Vec<Problem>, Failure> {
    let samples = document.samples.iter().enumerate();
    let expecting: Vec<(usize, &Sample)> = samples
        .filter(|(_, sample)| sample.expect.is_some())
        .collect();
    if expecting.is_empty() {
        return Ok(Vec::new());
    }
    // A preview needs an engine, though nothing that it has stored.
    let folder = Scratch::new()?;
    let door = Door::open(&folder.0).await?;
    let mut problems = Vec::new();
    for (index, sample) in expecting {
        problems.extend(rehearse(&door, document, index, sample).await?);
    }
    door.close().await;
    Ok(problems)
}

async fn rehearse(
    door: &Door,
    document: &Workflow,
    index: usize,
    sample: &Sample,
) -> Result<Option<Problem>, Failure> {
    let Some(expect) = &sample.expect else {
        return Ok(None);
    };
    let document = with_results(document, &sample.results);
    let event = sample.event.clone();
    let shown = door.call(&WorkflowPreview { document, event }).await?;
    if shown.run.outcome == Some(expect.outcome) {
        return Ok(None);
    }
    let expected = show::word(&expect.outcome);
    let message = format!(
        "Sample {} ends “{}” instead of “{expected}”.",
        index + 1,
        ended(&shown)
    );
    Ok(Some(Problem {
        place: format!("samples.{index}"),
        message,
        hint: Some("Change the steps, or what the sample expects.".to_owned()),
    }))
}

fn ended(shown: &RunDetail) -> String {
    show::standing(&shown.run)
}

/// The document with the given results instead of the actions that would give them. What goes into
/// those actions is rendered all the same, so that a reference that leads nowhere is found.
fn with_results(document: &Workflow, results: &Map) -> Workflow {
    let mut steps = Vec::new();
    for step in &document.steps {
        match (&step.kind, results.get(&step.id)) {
            (StepKind::Do(action), Some(result)) => {
                let given = result.as_object().cloned().unwrap_or_default();
                steps.push(values(
                    format!("{}_input", step.id),
                    step,
                    action.with.clone(),
                ));
                steps.push(values(step.id.clone(), step, given));
            }
            _ => steps.push(step.clone()),
        }
    }
    Workflow {
        steps,
        ..document.clone()
    }
}

fn values(id: String, step: &Step, values: Map) -> Step {
    let kind = StepKind::Set(values);
    Step {
        id,
        name: None,
        on_error: OnError::Attention,
        retry: None,
        kind,
        ..step.clone()
    }
}

/// A data folder for the moment.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let mut bytes = [0; 8];
        // Only a name that nobody else has; the engine makes the folder for its owner alone.
        let _ = getrandom::fill(&mut bytes);
        let name = format!(
            "errand-check-{}-{:x}",
            std::process::id(),
            u64::from_ne_bytes(bytes)
        );
        Ok(Self(std::env::temp_dir().join(name)))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn remove(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        tracing::warn!(%error, folder = %folder.display(), "the folder could not be removed");
    }
}
