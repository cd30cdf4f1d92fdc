//! `files.trash`: puts a file or folder into the desktop's trash.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, ErrorKind, FieldKind, StepError, Value, ValueKind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    source::{self, Marks},
    target,
};
use crate::{
    Action, Call, Looked, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
    names,
    ports::Files,
};

pub(super) struct Trash;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Note {
    source: Marks,
    trash_name: String,
}

#[async_trait]
impl Action for Trash {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::File,
            "The file or folder to put away.",
        );
        ActionInfo {
            id: "files.trash".into(),
            name: "Move a file to the trash".into(),
            sentence: "Move {file} to the trash".into(),
            about: "Puts a file or folder into the trash, from where you can take it back.".into(),
            effect: Effect::Verifiable,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required()
                    .suggest("trigger.path")
                    .example("~/Downloads/old.zip"),
            ],
            gives: vec![
                output("path", "Where it was", ValueKind::Text),
                output("name", "Its name", ValueKind::Text),
            ],
            sample: json!({ "path": "~/Downloads/old.zip", "name": "old.zip" }),
        }
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let file = file(call)?;
        let files = call.ports.files.as_ref();
        let found = source::find(files, &file)?;
        let trash_name = free_name(files, &file, found.is_folder)?;
        let note = Note {
            source: Marks::of(files, &found)?,
            trash_name,
        };
        input::plan(&note, target::path_and_name(&file))
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        let file = file(call)?;
        let Note { trash_name, .. } = input::note(plan)?;
        let files = call.ports.files.as_ref();
        let found = source::find(files, &file)?;
        match files.trash(&file, &trash_name) {
            // Another step took the name since the plan was made.
            Err(error) if error.kind == ErrorKind::Conflict => {
                files.trash(&file, &free_name(files, &file, found.is_folder)?)?;
            }
            other => other?,
        }
        Ok(target::path_and_name(&file))
    }

    async fn look(&self, call: &Call<'_>, plan: &Plan) -> Result<Looked, StepError> {
        let file = file(call)?;
        let Note { source, trash_name } = input::note(plan)?;
        let files = call.ports.files.as_ref();
        if files.look(&file)?.is_some_and(|found| source.is(&found)) {
            return Ok(Looked::NotDone);
        }
        for name in std::iter::once(trash_name).chain(kin(&file, false).take(100)) {
            let found = files.trashed(&file, &name)?;
            let same = |there: &crate::ports::FileInfo| {
                source.is(there)
                    || (there.size == source.size && there.modified_ns == source.modified_ns)
            };
            if found.as_ref().is_some_and(same) {
                return Ok(Looked::Done(target::path_and_name(&file)));
            }
        }
        Ok(Looked::CannotTell)
    }
}

fn file(call: &Call<'_>) -> Result<PathBuf, StepError> {
    let Input { file } = input::read(call.input)?;
    Ok(target::tidy(&file))
}

fn kin(file: &Path, is_folder: bool) -> impl Iterator<Item = String> {
    // The note beside it, and a number, make the name longer.
    let name = names::cut(&file.file_name().unwrap_or_default().to_string_lossy(), 230);
    std::iter::once(name.clone())
        .chain((2..10_000).map(move |number| names::numbered(&name, number, is_folder)))
}

fn free_name(files: &dyn Files, file: &Path, is_folder: bool) -> Result<String, StepError> {
    for name in kin(file, is_folder) {
        if files.trashed(file, &name)?.is_none() {
            return Ok(name);
        }
    }
    Err(StepError::new(
        ErrorKind::Conflict,
        "The trash holds thousands of files of that name.",
    )
    .hint("Empty the trash, then try again."))
}
