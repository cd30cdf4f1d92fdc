//! `files.move`: moves a file or folder, within a drive at once, across drives by copy and check.

use std::path::PathBuf;

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
};

pub(super) struct Move;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    to: String,
    #[serde(default)]
    if_exists: IfExists,
}

#[async_trait]
impl Action for Move {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::File,
            "The file or folder to move.",
        );
        let to = field(
            "to",
            "To",
            FieldKind::Destination,
            "A folder (with / at the end; it is made if it isn't there) or a whole new path.",
        );
        ActionInfo {
            id: "files.move".into(),
            name: "Move a file".into(),
            sentence: "Move {file} to {to}".into(),
            about: "Moves a file or folder to another folder.".into(),
            effect: Effect::Verifiable,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required()
                    .suggest("trigger.path")
                    .example("~/Downloads/Invoice.pdf"),
                to.required().example("~/Invoices/"),
                if_exists_field(),
            ],
            gives: vec![
                output("path", "Where it is now", ValueKind::File),
                output("name", "Its name", ValueKind::Text),
            ],
            sample: json!({ "path": "~/Invoices/Invoice.pdf", "name": "Invoice.pdf" }),
        }
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let Input {
            file,
            to,
            if_exists,
        } = input::read(call.input)?;
        let files = call.ports.files.as_ref();
        let file = target::tidy(&file);
        let wanted = target::resolve(files, &to, &file)?;
        transfer::plan(files, &file, wanted, if_exists)
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        transfer::run(call, plan)
    }

    async fn look(&self, call: &Call<'_>, plan: &Plan) -> Result<Looked, StepError> {
        transfer::look(call, plan)
    }
}
