//! `errand workflow`: the list of workflows and what can be done with each.

use std::path::Path;

use errand_model::{Value, WorkflowId, document};
use errand_protocol::{
    Failure,
    commands::{
        WorkflowDelete, WorkflowEnable, WorkflowExport, WorkflowGet, WorkflowImport,
        WorkflowPublish, WorkflowsList,
    },
    views::WorkflowDetail,
};
use serde::Serialize;
use serde_json::json;

use super::{check, schedule::Times};
use crate::{args::Workflow, door::Door, exit, print};

pub(super) async fn workflow(door: &Door, command: Workflow, json: bool) -> Result<u8, Failure> {
    match command {
        Workflow::Import { file, enable } => import(door, &file, enable).await?,
        Workflow::Export { id } => {
            let text = door.call(&WorkflowExport { id }).await?;
            print::exactly(text.trim_end());
        }
        Workflow::List => list(door, json).await?,
        Workflow::Show { id } => show(door, &door.call(&WorkflowGet { id }).await?, json).await?,
        Workflow::Enable { id } => switch(&enable(door, id).await?, json),
        Workflow::Disable { id } => {
            switch(
                &door.call(&WorkflowEnable { id, enabled: false }).await?,
                json,
            );
        }
        Workflow::Delete { id } => {
            door.call(&WorkflowDelete { id }).await?;
            if json {
                print::json(&json!({ "id": id, "deleted": true }));
            }
        }
    }
    Ok(exit::OK)
}

async fn import(door: &Door, file: &Path, enable: bool) -> Result<(), Failure> {
    let text = super::read(file)?;
    // Read here as well, so that what is wrong is said with the file's name.
    let document = document::parse(&text).map_err(|error| check::as_failure(file, error))?;
    if enable && let Some(problem) = check::first_problem(file, &text, &document) {
        return Err(problem);
    }
    let imported = door.call(&WorkflowImport { text, enable }).await?;
    print::json(&imported);
    Ok(())
}

/// Switching on an unpublished workflow publishes it: asking for it is the person's consent.
async fn enable(door: &Door, id: WorkflowId) -> Result<WorkflowDetail, Failure> {
    match door.call(&WorkflowGet { id }).await?.version {
        Some(_) => door.call(&WorkflowEnable { id, enabled: true }).await,
        None => door.call(&WorkflowPublish { id, enable: true }).await,
    }
}

async fn list(door: &Door, json: bool) -> Result<(), Failure> {
    let workflows = door.call(&WorkflowsList {}).await?;
    if json {
        let rows: Vec<Value> = workflows
            .iter()
            .map(|it| row_json(it.id, &it.name, it.enabled, it.version))
            .collect();
        print::json(&rows);
        return Ok(());
    }
    let rows = workflows.iter().map(|it| {
        let problem = it
            .trigger
            .as_ref()
            .and_then(|trigger| trigger.problem.clone());
        vec![
            it.id.to_string(),
            on_off(it.enabled).to_owned(),
            it.name.clone(),
            problem.unwrap_or_default(),
        ]
    });
    print::table(&rows.collect::<Vec<_>>());
    Ok(())
}

async fn show(door: &Door, workflow: &WorkflowDetail, json: bool) -> Result<(), Failure> {
    let times = Times::of(door, workflow).await?;
    if json {
        print::json(&Shown { workflow, times });
        return Ok(());
    }
    switch(workflow, false);
    let version = match workflow.version {
        Some(version) if workflow.has_changes => format!("version {version}, changed since"),
        Some(version) => format!("version {version}"),
        None => "not published yet".to_owned(),
    };
    print::line(format_args!("  {version}"));
    if let Some(address) = &workflow.hook_url {
        print::line(format_args!("  called at {address}"));
    }
    if let Some(address) = &workflow.relay_url {
        print::line(format_args!("  from the internet at {address}"));
    }
    if let Some(problem) = workflow.trigger.as_ref().and_then(|it| it.problem.as_ref()) {
        print::line(format_args!("  {problem}"));
    }
    for problem in &workflow.problems {
        print::line(format_args!("  {}: {}", problem.place, problem.message));
    }
    times.print();
    Ok(())
}

/// A workflow with the times of its schedule.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    workflow: &'a WorkflowDetail,
    #[serde(flatten)]
    times: Times,
}

fn switch(workflow: &WorkflowDetail, json: bool) {
    let WorkflowDetail {
        id,
        name,
        enabled,
        version,
        ..
    } = workflow;
    match json {
        true => print::json(&row_json(*id, name, *enabled, *version)),
        false => print::line(format_args!("{id}  {}  {name}", on_off(*enabled))),
    }
}

fn row_json(id: WorkflowId, name: &str, enabled: bool, version: Option<i64>) -> Value {
    json!({ "id": id, "name": name, "enabled": enabled, "version": version })
}

fn on_off(enabled: bool) -> &'static str {
    if enabled { "on " } else { "off" }
}
