//! `files.rename`: gives a file or folder another name where it is.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use super::{
    target::{self, IfExists, if_exists_field},
    transfer,
};
use crate::{
    Action, Call, Looked, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
    names,
};

pub(super) struct Rename;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    name: String,
    #[serde(default)]
    if_exists: IfExists,
}

/// The path with the new name, which must be a name and nothing more.
fn renamed(file: &Path, name: &str) -> Result<PathBuf, StepError> {
    let name = name.trim();
    if let Some((message, hint)) = names::unfit(name) {
        return Err(StepError::bad_input("name", message).hint(hint));
    }
    let old = file.file_name().unwrap_or_default().to_string_lossy();
    if name == names::split(&old).1 {
        let message = format!("The new name is only the ending “{name}”.");
        return Err(StepError::bad_input("name", message).hint(
            "The value before the ending is empty; add `| default(\"unknown\", true)` to it.",
        ));
    }
    Ok(target::tidy(file).with_file_name(name))
}

#[async_trait]
impl Action for Rename {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::File,
            "The file or folder to rename.",
        );
        let name = field(
            "name",
            "New name",
            FieldKind::Text,
            "The whole new name, with its ending such as .pdf.",
        );
        ActionInfo {
            id: "files.rename".into(),
            name: "Rename a file".into(),
            sentence: "Rename {file} to {name}".into(),
            about: "Gives a file or folder another name and leaves it where it is.".into(),
            effect: Effect::Verifiable,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required()
                    .suggest("trigger.path")
                    .example("~/Downloads/scan0001.pdf"),
                name.required().example("Invoice November.pdf"),
                if_exists_field(),
            ],
            gives: vec![
                output("path", "Where it is now", ValueKind::File),
                output("name", "Its new name", ValueKind::Text),
            ],
            sample: json!({
                "path": "~/Downloads/Invoice November.pdf",
                "name": "Invoice November.pdf",
            }),
        }
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let Input {
            file,
            name,
            if_exists,
        } = input::read(call.input)?;
        let wanted = renamed(&file, &name)?;
        transfer::plan(
            call.ports.files.as_ref(),
            &target::tidy(&file),
            wanted,
            if_exists,
        )
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        transfer::run(call, plan)
    }

    async fn look(&self, call: &Call<'_>, plan: &Plan) -> Result<Looked, StepError> {
        transfer::look(call, plan)
    }
}
