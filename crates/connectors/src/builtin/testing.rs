//! Only in test builds: an action that nobody can look up and that must not be repeated, to prove
//! what becomes of it when it is interrupted.

use std::path::PathBuf;

use async_trait::async_trait;
use errand_model::{ActionInfo, ConnectorInfo, Effect, FieldKind, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Action, Call, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
    registry::Builtin,
};

pub(super) fn connector() -> Builtin {
    let info = ConnectorInfo {
        id: "testing".into(),
        name: "Testing".into(),
        about: "Actions for Errand's own tests.".into(),
        color: "#777777".into(),
        icon: "flask-conical".into(),
        connections: Vec::new(),
        triggers: Vec::new(),
        actions: Vec::new(),
    };
    Builtin {
        info,
        polls: Vec::new(),
        actions: vec![Box::new(UnsafeAppend)],
    }
}

/// `testing.unsafe_append`: adds a line, and says that it can't tell afterwards.
struct UnsafeAppend;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    text: String,
}

#[async_trait]
impl Action for UnsafeAppend {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::Destination,
            "Where the line goes.",
        );
        let text = field("text", "Text", FieldKind::Text, "The line.");
        ActionInfo {
            id: "testing.unsafe_append".into(),
            name: "Add a line that can't be looked up".into(),
            sentence: "Add {text} to {file}".into(),
            about: "Adds a line to a file.".into(),
            effect: Effect::Unsafe,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required().example("~/lines.txt"),
                text.required().example("one line"),
            ],
            gives: vec![output("path", "The file", ValueKind::File)],
            sample: json!({ "path": "~/lines.txt" }),
        }
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let input: Input = input::read(call.input)?;
        Ok(Plan {
            note: Value::Null,
            expected: json!({ "path": input.file }),
        })
    }

    async fn run(&self, call: &Call<'_>, _plan: &Plan) -> Result<Value, StepError> {
        let input: Input = input::read(call.input)?;
        let files = &call.ports.files;
        let size = files.look(&input.file)?.map_or(0, |info| info.size);
        files.append(&input.file, size, format!("{}\n", input.text).as_bytes())?;
        Ok(json!({ "path": input.file }))
    }
}
