//! `files.write_text`: writes a whole text file. Done again with the same plan, it recognises it.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, StepError, Value, ValueKind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::target::{self, How, IfExists, Target, if_exists_field};
use crate::{
    Action, Call, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
    ports::Files,
};

pub(super) struct WriteText;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    #[serde(default)]
    text: String,
    #[serde(default)]
    if_exists: IfExists,
}

#[derive(Serialize, Deserialize)]
struct Note {
    target: Target,
}

#[async_trait]
impl Action for WriteText {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::Destination,
            "Where the text goes, with the file's name and ending.",
        );
        let text = field(
            "text",
            "Text",
            FieldKind::LongText,
            "What the file shall contain.",
        );
        ActionInfo {
            id: "files.write_text".into(),
            name: "Write a text file".into(),
            sentence: "Write {text} to {file}".into(),
            about: "Makes a text file with the text you give.".into(),
            effect: Effect::Idempotent,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required().example("~/Notes/Summary.txt"),
                text.example("What was decided today: …"),
                if_exists_field(),
            ],
            gives: vec![
                output("path", "The file", ValueKind::File),
                output("size", "Its size in bytes", ValueKind::Number),
            ],
            sample: json!({ "path": "~/Notes/Summary.txt", "size": 1_280 }),
        }
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let Input {
            file,
            text,
            if_exists,
        } = input::read(call.input)?;
        input::must_name_a_file(call.input, "File", "Summary.txt")?;
        let target = target::decide(call.ports.files.as_ref(), file, if_exists, false)?;
        let expected = result(call.ports.files.as_ref(), &target.path, target.how, &text)?;
        input::plan(&Note { target }, expected)
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        let Input {
            text, if_exists, ..
        } = input::read(call.input)?;
        let Note { target } = input::note(plan)?;
        let files = call.ports.files.as_ref();
        if target.how == How::Fresh && target::is_written(files, &target.path, text.as_bytes())? {
            return result(files, &target.path, target.how, &text);
        }
        let act = |path: &Path, taken| files.write(path, text.as_bytes(), taken);
        let (path, how) = target::place(files, &target, if_exists, false, act)?;
        result(files, &path, how, &text)
    }
}

fn result(files: &dyn Files, path: &Path, how: How, text: &str) -> Result<Value, StepError> {
    let size = match how {
        How::Nothing => files.look(path)?.map_or(0, |there| there.size),
        How::Fresh | How::Replace => text.len() as u64,
    };
    Ok(json!({ "path": path.to_string_lossy(), "size": size }))
}
