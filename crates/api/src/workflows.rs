//! Home and Builder: workflows, their drafts and versions, switching on, trying out.

use errand_engine::store::WorkflowRow;
use errand_model::{FieldKind, Map, TriggerSource, Value, Workflow, WorkflowId, document};
use errand_protocol::{
    Failure,
    commands::{
        DocumentRun, WorkflowCreate, WorkflowDelete, WorkflowEnable, WorkflowExport, WorkflowGet,
        WorkflowImport, WorkflowPublish, WorkflowRestore, WorkflowRun, WorkflowSamples,
        WorkflowSave,
    },
    views::{DraftSaved, Imported, RunDetail, TriggerHealth, WorkflowDetail},
};

use crate::{
    Api,
    failure::{Heard, bad_input, not_found},
    runs, views,
};

pub(crate) async fn workflow_get(api: &Api, get: WorkflowGet) -> Result<WorkflowDetail, Failure> {
    let (row, published) = load(api, get.id).await?;
    let draft = views::document(row.draft)?;
    let hook_url = api.engine.hook_url(row.id, &draft).await.heard()?;
    Ok(WorkflowDetail {
        id: row.id,
        name: row.name,
        enabled: row.enabled,
        version: row.version,
        revision: row.draft_revision,
        problems: views::problems(api, &draft),
        has_changes: published.as_ref() != Some(&draft),
        trigger: health(api, row.id, row.enabled).await?,
        relay_url: match &hook_url {
            Some(url) => api.engine.relay_url(url).await.heard()?,
            None => None,
        },
        hook_url,
        draft,
        published,
    })
}

pub(crate) async fn workflow_create(
    api: &Api,
    create: WorkflowCreate,
) -> Result<WorkflowDetail, Failure> {
    let id = api.engine.create(create.document, true).await.heard()?;
    workflow_get(api, WorkflowGet { id }).await
}

pub(crate) async fn workflow_import(
    api: &Api,
    import: WorkflowImport,
) -> Result<Imported, Failure> {
    let document = read_document(&import.text)?;
    if import.enable {
        complete(api, &document, "It can't be switched on yet")?;
    }
    let id = api.engine.create(document, true).await.heard()?;
    if import.enable {
        publish(api, id, true).await?;
    }
    let hook_url = workflow_get(api, WorkflowGet { id }).await?.hook_url;
    Ok(Imported {
        id,
        hook_urls: hook_url.into_iter().collect(),
    })
}

pub(crate) async fn workflow_export(api: &Api, export: WorkflowExport) -> Result<String, Failure> {
    let (row, _) = load(api, export.id).await?;
    Ok(document::to_yaml(&views::document(row.draft)?))
}

pub(crate) async fn workflow_save(api: &Api, save: WorkflowSave) -> Result<DraftSaved, Failure> {
    let problems = views::problems(api, &save.document);
    let (_, published) = load(api, save.id).await?;
    let has_changes = published.as_ref() != Some(&save.document);
    let saved = api.engine.save(save.id, save.document, save.revision);
    Ok(DraftSaved {
        revision: saved.await.heard()?,
        problems,
        has_changes,
    })
}

pub(crate) async fn workflow_publish(
    api: &Api,
    request: WorkflowPublish,
) -> Result<WorkflowDetail, Failure> {
    publish(api, request.id, request.enable).await?;
    workflow_get(api, WorkflowGet { id: request.id }).await
}

pub(crate) async fn workflow_enable(
    api: &Api,
    enable: WorkflowEnable,
) -> Result<WorkflowDetail, Failure> {
    api.engine.enable(enable.id, enable.enabled).await.heard()?;
    workflow_get(api, WorkflowGet { id: enable.id }).await
}

pub(crate) async fn workflow_delete(api: &Api, delete: WorkflowDelete) -> Result<(), Failure> {
    api.engine.delete(delete.id).await.heard()
}

pub(crate) async fn workflow_restore(api: &Api, restore: WorkflowRestore) -> Result<(), Failure> {
    api.engine.restore(restore.id).await.heard()
}

pub(crate) async fn workflow_run(api: &Api, run: WorkflowRun) -> Result<RunDetail, Failure> {
    let (row, published) = load(api, run.id).await?;
    let document = match published {
        Some(document) => document,
        None => views::document(row.draft)?,
    };
    inputs_given(api, &document, &run.event)?;
    let event = api.engine.event_by_hand(&document, run.event);
    if row.version.is_none() {
        api.engine.publish(run.id).await.heard()?;
    }
    let run = api.engine.run_now(run.id, event).await.heard()?;
    runs::detail(api, run).await
}

pub(crate) async fn document_run(api: &Api, run: DocumentRun) -> Result<RunDetail, Failure> {
    complete(api, &run.document, "It can't be run yet")?;
    inputs_given(api, &run.document, &run.event)?;
    let event = api.engine.event_by_hand(&run.document, run.event);
    let id = api.engine.create(run.document, false).await.heard()?;
    api.engine.publish(id).await.heard()?;
    let run = api.engine.run_now(id, event).await.heard()?;
    runs::detail(api, run).await
}

pub(crate) async fn workflow_samples(
    api: &Api,
    samples: WorkflowSamples,
) -> Result<Vec<Value>, Failure> {
    if let Some(id) = samples.id {
        let calls = api.engine.last_calls(id).await.heard()?;
        if !calls.is_empty() {
            return Ok(calls);
        }
    }
    api.engine.samples(&samples.document).await.heard()
}

async fn publish(api: &Api, id: WorkflowId, enable: bool) -> Result<(), Failure> {
    api.engine.publish(id).await.heard()?;
    if enable {
        api.engine.enable(id, true).await.heard()?;
    }
    Ok(())
}

/// A workflow that isn't deleted, with its published document.
async fn load(api: &Api, id: WorkflowId) -> Result<(WorkflowRow, Option<Workflow>), Failure> {
    let read = api.engine.store().read(move |view| {
        let Some(row) = view.workflow(id)?.filter(|row| row.deleted.is_none()) else {
            return Ok(None);
        };
        let published = match row.version {
            Some(version) => view.version_document(id, version)?,
            None => None,
        };
        Ok(Some((row, published)))
    });
    let (row, published) = read.await.heard()?.ok_or_else(|| not_found("workflow"))?;
    Ok((row, published.map(views::document).transpose()?))
}

pub(crate) async fn health(
    api: &Api,
    id: WorkflowId,
    enabled: bool,
) -> Result<Option<TriggerHealth>, Failure> {
    if !enabled {
        return Ok(None);
    }
    let row = api.engine.trigger_health(id).await.heard()?;
    Ok(row.map(|row| TriggerHealth {
        ok: row.problem.is_none(),
        problem: row.problem,
        checked: row.checked,
        found: row.found,
    }))
}

/// Whether a document that a person can start asks for something first; None if nobody can.
pub(crate) fn asks(api: &Api, document: &Workflow) -> Option<bool> {
    inputs(api, document).map(|inputs| !inputs.is_empty())
}

/// The inputs that a person is asked for; None if no person can start the document.
fn inputs<'a>(api: &Api, document: &'a Workflow) -> Option<&'a [Value]> {
    let trigger = document.trigger.as_ref()?;
    let info = api.engine.registry().trigger_info(&trigger.on)?;
    let field = info
        .fields
        .iter()
        .find(|field| field.kind == FieldKind::Inputs);
    let asked = field
        .and_then(|field| trigger.with.get(&field.id))
        .and_then(Value::as_array);
    (info.source == TriggerSource::Manual).then(|| asked.map_or(&[][..], Vec::as_slice))
}

/// Refuses an event in which a required input is missing.
fn inputs_given(api: &Api, document: &Workflow, event: &Map) -> Result<(), Failure> {
    let required = inputs(api, document).unwrap_or_default().iter();
    let mut names = required
        .filter(|it| it["required"] == true)
        .filter_map(|it| it["name"].as_str());
    let is_missing = |name: &&str| match event.get(*name) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(_) => false,
    };
    match names.find(is_missing) {
        None => Ok(()),
        Some(name) => Err(
            bad_input(format!("“{name}” isn't filled in.")).hint(format!(
                "This workflow asks for “{name}” when it starts: fill it in."
            )),
        ),
    }
}

fn read_document(text: &str) -> Result<Workflow, Failure> {
    document::parse(text).map_err(|error| {
        let place = match (error.line, error.column) {
            (Some(line), Some(column)) => format!("Line {line}, column {column}: "),
            (Some(line), None) => format!("Line {line}: "),
            _ => String::new(),
        };
        let failure = bad_input(format!("{place}{}", error.message));
        Failure {
            hint: error.hint,
            ..failure
        }
    })
}

/// Refuses a document that something stands in the way of, naming the first thing.
fn complete(api: &Api, document: &Workflow, refusal: &str) -> Result<(), Failure> {
    let problems = views::problems(api, document);
    let Some(first) = problems.first() else {
        return Ok(());
    };
    let failure = bad_input(format!("{refusal}: {} ({})", first.message, first.place));
    Err(Failure {
        hint: first.hint.clone(),
        ..failure
    })
}
