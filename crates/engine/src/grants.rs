//! Which folders a workflow may touch: the literal beginnings of its path fields, and for runs the
//! files and folders a person picked when starting it.

use std::path::{Path, PathBuf};

use errand_connectors::{
    Registry,
    ports::{Grant, Grants},
};
use errand_model::{Field, FieldKind, Map, StepKind, Value, Workflow};
use errand_template::PathBeginning;

/// Everything the document names, plus what `event` carries for fields a person filled in.
pub(crate) fn of(workflow: &Workflow, event: &Map, registry: &Registry, home: &Path) -> Grants {
    let mut grants = Vec::new();
    if let Some(trigger) = &workflow.trigger
        && let Some(info) = registry.trigger_info(&trigger.on)
    {
        add_fields(&mut grants, &info.fields, &trigger.with, home);
        add_picked(&mut grants, trigger.with.get("inputs"), event, home);
    }
    for step in &workflow.steps {
        if let StepKind::Do(action) = &step.kind
            && let Some(info) = registry.action_info(&action.action)
        {
            add_fields(&mut grants, &info.fields, &action.with, home);
        }
    }
    Grants(grants)
}

fn add_fields(grants: &mut Vec<Grant>, fields: &[Field], with: &Map, home: &Path) {
    let records = fields
        .iter()
        .filter(|field| field.kind == FieldKind::Record);
    for record in records.filter_map(|field| with.get(&field.id)?.as_object()) {
        add_files(grants, record, home);
    }
    for field in fields.iter().filter(|field| field.kind.is_path()) {
        let Some(text) = with.get(&field.id).and_then(Value::as_str) else {
            continue;
        };
        match errand_template::literal_beginning(text) {
            PathBeginning::Whole(path) if field.kind == FieldKind::Folder => {
                grants.extend(below(&path, home));
            }
            PathBeginning::Whole(path) => {
                grants.extend(whole(&path, home));
                // A file may be renamed, so the names beside it are part of what was named.
                let folder = expand(&path, home).parent().map(Grant::folder);
                grants.extend(folder.filter(|_| field.kind == FieldKind::File));
            }
            PathBeginning::Folder(folder) => grants.extend(below(&folder, home)),
            PathBeginning::Reference | PathBeginning::Nowhere => {}
        }
    }
}

/// A record's value may be a file, written `{ file: ~/a.pdf }`: a literal path grants itself.
fn add_files(grants: &mut Vec<Grant>, record: &Map, home: &Path) {
    let lists = record.values().map(|value| match value {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    });
    let files = lists
        .flatten()
        .filter_map(|value| value.get("file")?.as_str());
    for file in files {
        match errand_template::literal_beginning(file) {
            PathBeginning::Whole(path) => grants.extend(whole(&path, home)),
            PathBeginning::Folder(folder) => grants.extend(below(&folder, home)),
            PathBeginning::Reference | PathBeginning::Nowhere => {}
        }
    }
}

/// Inputs of kind file or folder: picking one at the start is the person's consent.
fn add_picked(grants: &mut Vec<Grant>, inputs: Option<&Value>, event: &Map, home: &Path) {
    for input in inputs.and_then(Value::as_array).into_iter().flatten() {
        let picked = input["name"]
            .as_str()
            .and_then(|name| event.get(name)?.as_str());
        match (input["kind"].as_str(), picked) {
            (Some("file"), Some(path)) => grants.extend(whole(path, home)),
            (Some("folder"), Some(path)) => grants.extend(below(path, home)),
            _ => {}
        }
    }
}

/// A literal path grants itself: that one name, and all below it where it is a folder.
fn whole(path: &str, home: &Path) -> Vec<Grant> {
    let absolute = expand(path, home);
    if path.ends_with('/') {
        return below(path, home).into_iter().collect();
    }
    let itself = absolute.is_dir().then(|| Grant::folder(absolute.clone()));
    let name = absolute
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let within = absolute.parent().map(|parent| Grant {
        folder: parent.into(),
        only: name,
    });
    within.into_iter().chain(itself).collect()
}

fn below(folder: &str, home: &Path) -> Option<Grant> {
    (!folder.is_empty()).then(|| Grant::folder(expand(folder, home)))
}

/// `~` at the beginning stands for the home folder.
pub(crate) fn expand(path: &str, home: &Path) -> PathBuf {
    match path.strip_prefix('~') {
        Some("") => home.to_owned(),
        Some(rest) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(path),
    }
}
