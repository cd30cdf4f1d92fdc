//! `files.append_text`: adds text at the end of a file, on a line of its own.

use std::path::PathBuf;

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, Map, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Action, Call, Looked, Plan,
    builtin::{
        append::{self, Addition},
        describe::{FieldExt as _, field, output},
        input,
    },
    ports::Files,
};

pub(super) struct AppendText;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    #[serde(default)]
    text: String,
}

#[async_trait]
impl Action for AppendText {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::Destination,
            "The text file to add to. It is made if it isn't there.",
        );
        let text = field(
            "text",
            "Text",
            FieldKind::LongText,
            "What to add. It goes onto a line of its own at the end.",
        );
        ActionInfo {
            id: "files.append_text".into(),
            name: "Add to a text file".into(),
            sentence: "Add {text} to {file}".into(),
            about: "Adds a line or more at the end of a text file, such as a log.".into(),
            effect: Effect::Verifiable,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required().example("~/Notes/Log.txt"),
                text.required().example("Invoice filed"),
            ],
            gives: vec![
                output("path", "The file", ValueKind::File),
                output("size", "Its size in bytes", ValueKind::Number),
            ],
            sample: json!({ "path": "~/Notes/Log.txt", "size": 2_048 }),
        }
    }

    fn turn(&self, input: &Map) -> Option<PathBuf> {
        append::turn(input)
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let input = read(call)?;
        addition(call.ports.files.as_ref(), &input)?.plan()
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        let input = read(call)?;
        append::run(call.ports.files.as_ref(), &input.file, plan)
    }

    async fn look(&self, call: &Call<'_>, plan: &Plan) -> Result<Looked, StepError> {
        let input = read(call)?;
        append::look(call.ports.files.as_ref(), &input.file, plan)
    }
}

fn read(call: &Call<'_>) -> Result<Input, StepError> {
    input::must_name_a_file(call.input, "File", "Log.txt")?;
    input::read(call.input)
}

/// The bytes that put the text onto a line of its own at the end of what is there now.
fn addition(files: &dyn Files, input: &Input) -> Result<Addition, StepError> {
    let offset = append::end_of(files, &input.file)?;
    let mut bytes = Vec::new();
    if !append::begins_a_line(files, &input.file, offset)? {
        bytes.push(b'\n');
    }
    bytes.extend(input.text.as_bytes());
    if !input.text.ends_with('\n') {
        bytes.push(b'\n');
    }
    let size = offset + bytes.len() as u64;
    let result = json!({ "path": input.file.to_string_lossy(), "size": size });
    Ok(Addition {
        offset,
        bytes,
        result,
    })
}
