//! `files.read_text`: the text of a file.

use std::path::PathBuf;

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use super::{source, target};
use crate::{
    Action, Call, Plan,
    builtin::{
        decode::decode,
        describe::{FieldExt as _, field, output},
        input,
    },
    names,
};

/// The largest file that is read whole.
const LIMIT: u64 = 10_000_000;

pub(super) struct ReadText;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
}

#[async_trait]
impl Action for ReadText {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::File,
            "A text file of at most 10 MB.",
        );
        ActionInfo {
            id: "files.read_text".into(),
            name: "Read a text file".into(),
            sentence: "Read the text of {file}".into(),
            about: "Reads a text file, so that later steps can use what it says.".into(),
            effect: Effect::Read,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required()
                    .suggest("trigger.path")
                    .example("~/Notes/Today.txt"),
            ],
            gives: vec![output("text", "The text", ValueKind::Text)],
            sample: json!({ "text": "Call Ms Vega about the offer." }),
        }
    }

    async fn plan(&self, _call: &Call<'_>) -> Result<Plan, StepError> {
        Ok(Plan::default())
    }

    async fn run(&self, call: &Call<'_>, _plan: &Plan) -> Result<Value, StepError> {
        let Input { file } = input::read(call.input)?;
        let file = target::tidy(&file);
        let files = call.ports.files.as_ref();
        source::find(files, &file)?;
        let text = decode(&files.read(&file, LIMIT)?).ok_or_else(|| {
            let message = format!("“{}” isn't a text file.", names::shown_name(&file));
            StepError::bad_input("file", message)
                .hint("Choose a file of plain text, such as .txt, .md or .csv.")
        })?;
        Ok(json!({ "text": text }))
    }
}
