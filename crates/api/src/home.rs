//! The home screen: every workflow with how it is doing.

use errand_engine::store::{RunFilter, View, WorkflowRow};
use errand_model::{Event, Run, RunState, Timestamp, Value, WorkflowId};
use errand_protocol::{
    Failure,
    commands::WorkflowsList,
    views::{DayCount, WorkflowSummary},
};
use jiff::{SignedDuration, ToSpan, tz::TimeZone};

use crate::{Api, failure::Heard, views, workflows};

/// Days shown.
const DAYS: usize = 14;

/// More runs than this that need a person make no difference to a row.
const ATTENTION_COUNTED: u32 = 1000;

/// A workflow that a person can start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Startable {
    /// Which.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Whether it asks for something first.
    pub asks: bool,
}

/// What the store knows about a workflow and how it is doing.
struct Row {
    workflow: WorkflowRow,
    published: Option<Value>,
    counts: Vec<(Timestamp, u32, u32)>,
    latest: Option<(Run, Value)>,
    attention: usize,
    live: u32,
}

pub(crate) async fn workflows_list(
    api: &Api,
    _: WorkflowsList,
) -> Result<Vec<WorkflowSummary>, Failure> {
    let since = first_day(api.engine.now());
    let read = api.engine.store().read(move |view| {
        let rows = view
            .workflows()?
            .into_iter()
            .map(|workflow| read_row(view, workflow, since));
        rows.collect::<Result<Vec<_>, _>>()
    });
    let mut summaries = Vec::new();
    for row in read.await.heard()? {
        summaries.push(summary(api, row, since).await?);
    }
    Ok(summaries)
}

/// The enabled workflows that a person can start.
pub(crate) async fn startable(api: &Api) -> Result<Vec<Startable>, Failure> {
    let read = api.engine.store().read(|view| {
        let mut enabled = Vec::new();
        for row in view.workflows()?.into_iter().filter(|row| row.enabled) {
            if let Some(version) = row.version {
                enabled.push((row.id, row.name, view.version_document(row.id, version)?));
            }
        }
        Ok(enabled)
    });
    let mut startable = Vec::new();
    for (id, name, document) in read.await.heard()? {
        let document = views::document(document.unwrap_or_default())?;
        if let Some(asks) = workflows::asks(api, &document) {
            startable.push(Startable { id, name, asks });
        }
    }
    Ok(startable)
}

fn read_row(
    view: &View<'_>,
    workflow: WorkflowRow,
    since: Timestamp,
) -> Result<Row, errand_engine::store::Error> {
    let id = workflow.id;
    let needing = RunFilter {
        workflow: Some(id),
        state: Some(RunState::Attention),
        before: None,
        limit: ATTENTION_COUNTED,
    };
    let latest = match view.latest_run(id)? {
        Some(run) => {
            let event = view.event(run.event_seq)?;
            Some((
                run,
                event
                    .map(|Event { payload, .. }| payload)
                    .unwrap_or_default(),
            ))
        }
        None => None,
    };
    Ok(Row {
        published: match workflow.version {
            Some(version) => view.version_document(id, version)?,
            None => None,
        },
        counts: view.run_counts(id, since)?,
        latest,
        attention: view.list_runs(&needing)?.len(),
        live: view.live_run_count(id)?,
        workflow,
    })
}

async fn summary(api: &Api, row: Row, since: Timestamp) -> Result<WorkflowSummary, Failure> {
    let Row {
        workflow,
        published,
        counts,
        latest,
        attention,
        live,
    } = row;
    let has_changes = published.as_ref() != Some(&workflow.draft);
    Ok(WorkflowSummary {
        id: workflow.id,
        enabled: workflow.enabled,
        version: workflow.version,
        document: views::document(published.unwrap_or(workflow.draft))?,
        has_changes,
        days: days(&counts, since),
        last_run: latest.map(|(run, event)| views::summary(&run, &workflow.name, &event)),
        attention: u32::try_from(attention).unwrap_or(ATTENTION_COUNTED),
        live,
        trigger: workflows::health(api, workflow.id, workflow.enabled).await?,
        name: workflow.name,
    })
}

/// Midnight where the person is, on the first of the days shown.
fn first_day(now: Timestamp) -> Timestamp {
    let today = now.to_zoned(TimeZone::system()).start_of_day();
    let first = today.and_then(|today| today.checked_sub((DAYS as i64 - 1).days()));
    first.map_or(now, |first| first.timestamp())
}

fn days(counts: &[(Timestamp, u32, u32)], since: Timestamp) -> Vec<DayCount> {
    let mut days = vec![DayCount::default(); DAYS];
    for (day, ok, bad) in counts {
        let hours = day
            .duration_since(since)
            .max(SignedDuration::ZERO)
            .as_hours();
        // A change of the clocks may make the last day begin an hour early.
        let index = usize::try_from(hours / 24).unwrap_or(0).min(DAYS - 1);
        days[index].ok += ok;
        days[index].bad += bad;
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_land_on_their_days() {
        let since: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let counts = [
            (at("2026-11-01T00:00:00Z"), 1, 2),
            (at("2026-11-14T00:00:00Z"), 3, 4),
        ];
        let days = days(&counts, since);
        assert_eq!(days[0], DayCount { ok: 1, bad: 2 });
        assert_eq!(days[13], DayCount { ok: 3, bad: 4 });
        assert_eq!(days.len(), 14);
    }
}
