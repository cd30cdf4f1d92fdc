//! `errand runs`: what was done, and a person's answers.

use errand_model::{Outcome, RunId, RunState, WorkflowId};
use errand_protocol::{
    Command, Failure,
    commands::{RunCancel, RunGet, RunResolve, RunRetry, RunsList},
    views::{RunDetail, RunSummary},
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{show, wait};
use crate::{
    args::{Runs, State},
    door::Door,
    exit, print,
};

/// Runs asked for at once: one answer has to stay within a line's limit.
const PAGE: u32 = 1000;

/// Details read at the same time.
const AT_ONCE: usize = 16;

pub(super) async fn runs(door: &Door, command: Runs, json: bool) -> Result<u8, Failure> {
    match command {
        Runs::List {
            workflow,
            state,
            limit,
        } => list(door, workflow, state, limit, json).await,
        Runs::Show { id } => {
            show::run(&door.call(&RunGet { id }).await?, json);
            Ok(exit::OK)
        }
        Runs::Retry { id, from_start } => {
            ask_and_wait(door, &RunRetry { id, from_start }, json).await
        }
        Runs::Resolve {
            id,
            step_path,
            answer,
        } => {
            let request = RunResolve {
                id,
                path: step_path,
                answer: answer.into(),
            };
            ask_and_wait(door, &request, json).await
        }
        Runs::Cancel { id } => cancel(door, id, json).await,
    }
}

/// Cancelling what has ended is no failure, but it isn't kept silent either.
async fn cancel(door: &Door, id: RunId, json: bool) -> Result<u8, Failure> {
    let found = door.call(&RunCancel { id }).await?;
    show::run(&found, json);
    if found.run.state == RunState::Done && found.run.outcome != Some(Outcome::Cancelled) {
        let sentence = "errand: The run had already ended, so there was nothing to cancel.";
        print::complaint(sentence, Some("Above is how it ended."));
    }
    Ok(exit::OK)
}

async fn ask_and_wait<C>(door: &Door, request: &C, json: bool) -> Result<u8, Failure>
where
    C: Command<Response = RunDetail>,
{
    let events = door.events().await?;
    let going_on = door.call(request).await?;
    let ended = wait::to_the_end(door, events, going_on.run.id).await?;
    Ok(show::run(&ended, json))
}

async fn list(
    door: &Door,
    workflow: Option<WorkflowId>,
    state: Option<State>,
    limit: u32,
    json: bool,
) -> Result<u8, Failure> {
    let runs = pages(door, workflow, state, limit).await?;
    match json {
        true => print::json(&details(door, &runs).await?),
        false => print::table(&runs.iter().map(row).collect::<Vec<_>>()),
    }
    Ok(exit::OK)
}

async fn pages(
    door: &Door,
    workflow: Option<WorkflowId>,
    state: Option<State>,
    limit: u32,
) -> Result<Vec<RunSummary>, Failure> {
    let mut runs: Vec<RunSummary> = Vec::new();
    let mut left = limit;
    while left > 0 {
        let page = left.min(PAGE);
        let before: Option<RunId> = runs.last().map(|run| run.id);
        let request = RunsList {
            workflow,
            state: state.map(Into::into),
            limit: Some(page),
            before,
        };
        let found = door.call(&request).await?;
        let last = found.len() < page as usize;
        runs.extend(found);
        left -= page;
        if last {
            break;
        }
    }
    Ok(runs)
}

/// The runs with event and steps.
async fn details(door: &Door, runs: &[RunSummary]) -> Result<Vec<errand_model::Value>, Failure> {
    stream::iter(runs)
        .map(|run| async move { door.call(&RunGet { id: run.id }).await })
        .buffered(AT_ONCE)
        .map_ok(|run| show::as_json(&run))
        .try_collect()
        .await
}

fn row(run: &RunSummary) -> Vec<String> {
    vec![
        run.id.to_string(),
        run.created.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        run.workflow_name.clone(),
        run.subject.clone(),
        show::standing(run),
    ]
}
