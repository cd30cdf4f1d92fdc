//! Activity: runs, their steps, and a person's answers.

use errand_engine::store::RunFilter;
use errand_model::RunId;
use errand_protocol::{
    Failure,
    commands::{RunCancel, RunGet, RunResolve, RunRetry, RunsList},
    views::{RunDetail, RunSummary},
};

use crate::{
    Api,
    failure::{Heard, not_found},
    views,
};

/// Runs in a list when nobody says how many.
const USUAL_LIMIT: u32 = 200;

pub(crate) async fn runs_list(api: &Api, list: RunsList) -> Result<Vec<RunSummary>, Failure> {
    let filter = RunFilter {
        workflow: list.workflow,
        state: list.state,
        before: list.before,
        limit: list.limit.unwrap_or(USUAL_LIMIT),
    };
    let read = api.engine.store().read(move |view| {
        let mut summaries = Vec::new();
        for run in view.list_runs(&filter)? {
            let name = view
                .workflow(run.workflow)?
                .map(|row| row.name)
                .unwrap_or_default();
            let event = view
                .event(run.event_seq)?
                .map(|event| event.payload)
                .unwrap_or_default();
            summaries.push(views::summary(&run, &name, &event));
        }
        Ok(summaries)
    });
    read.await.heard()
}

pub(crate) async fn run_get(api: &Api, get: RunGet) -> Result<RunDetail, Failure> {
    detail(api, get.id).await
}

pub(crate) async fn run_retry(api: &Api, retry: RunRetry) -> Result<RunDetail, Failure> {
    let run = api.engine.retry(retry.id, retry.from_start).await.heard()?;
    detail(api, run).await
}

pub(crate) async fn run_resolve(api: &Api, resolve: RunResolve) -> Result<RunDetail, Failure> {
    api.engine
        .resolve(resolve.id, &resolve.path, resolve.answer)
        .await
        .heard()?;
    detail(api, resolve.id).await
}

pub(crate) async fn run_cancel(api: &Api, cancel: RunCancel) -> Result<RunDetail, Failure> {
    api.engine.cancel(cancel.id).await.heard()?;
    detail(api, cancel.id).await
}

/// A run with everything that is known about it.
pub(crate) async fn detail(api: &Api, id: RunId) -> Result<RunDetail, Failure> {
    let read = api.engine.store().read(move |view| {
        let Some(run) = view.run(id)? else {
            return Ok(None);
        };
        let workflow = view.workflow(run.workflow)?;
        let document = view
            .version_document(run.workflow, run.version)?
            .unwrap_or_default();
        let event = view
            .event(run.event_seq)?
            .map(|event| event.payload)
            .unwrap_or_default();
        Ok(Some((
            run,
            workflow,
            document,
            event,
            view.steps(id)?,
            view.attempts(id)?,
        )))
    });
    let (run, workflow, document, event, steps, attempts) =
        read.await.heard()?.ok_or_else(|| not_found("run"))?;
    let name = workflow.map(|row| row.name).unwrap_or_default();
    Ok(RunDetail {
        run: views::summary(&run, &name, &event),
        event: views::payload(event),
        document: views::document(document)?,
        steps: steps
            .into_iter()
            .map(|step| views::step(step, &attempts, None))
            .collect(),
    })
}
