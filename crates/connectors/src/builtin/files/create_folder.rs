//! `files.create_folder`: makes a folder, and those above it.

use std::path::PathBuf;

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, ErrorKind, FieldKind, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use super::target;
use crate::{
    Action, Call, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
};

pub(super) struct CreateFolder;

#[derive(Deserialize)]
struct Input {
    folder: PathBuf,
}

#[async_trait]
impl Action for CreateFolder {
    fn info(&self) -> ActionInfo {
        let folder = field(
            "folder",
            "Folder",
            FieldKind::Destination,
            "The folder to make, with all folders on the way to it.",
        );
        ActionInfo {
            id: "files.create_folder".into(),
            name: "Make a folder".into(),
            sentence: "Make the folder {folder}".into(),
            about: "Makes a folder. If it is already there, that is fine.".into(),
            effect: Effect::Idempotent,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![folder.required().example("~/Projects/New project/")],
            gives: vec![
                output("path", "The folder", ValueKind::Folder),
                output("name", "Its name", ValueKind::Text),
            ],
            sample: json!({ "path": "~/Projects/New project", "name": "New project" }),
        }
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let folder = folder(call)?;
        if call
            .ports
            .files
            .look(&folder)?
            .is_some_and(|there| !there.is_folder)
        {
            let name = crate::names::shown_name(&folder);
            let message = format!("“{name}” is already there, but it is a file.");
            return Err(StepError::new(ErrorKind::Conflict, message)
                .hint("Rename that file, or give the folder another name."));
        }
        Ok(Plan {
            note: Value::Null,
            expected: target::path_and_name(&folder),
        })
    }

    async fn run(&self, call: &Call<'_>, _plan: &Plan) -> Result<Value, StepError> {
        let folder = folder(call)?;
        call.ports.files.create_folder(&folder)?;
        Ok(target::path_and_name(&folder))
    }
}

fn folder(call: &Call<'_>) -> Result<PathBuf, StepError> {
    let Input { folder } = input::read(call.input)?;
    Ok(target::tidy(&folder))
}
