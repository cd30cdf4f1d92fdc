//! `files.copy`: copies a file or folder. Done again with the same plan, it recognises its copy.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, StepError, Value, ValueKind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    source,
    target::{self, How, IfExists, Target, if_exists_field},
};
use crate::{
    Action, Call, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
    ports::Files,
};

pub(super) struct Copy;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    to: String,
    #[serde(default)]
    if_exists: IfExists,
}

#[derive(Serialize, Deserialize)]
struct Note {
    is_folder: bool,
    target: Target,
}

#[async_trait]
impl Action for Copy {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::File,
            "The file or folder to copy.",
        );
        let to = field(
            "to",
            "To",
            FieldKind::Destination,
            "A folder (with / at the end; it is made if it isn't there) or a whole new path.",
        );
        ActionInfo {
            id: "files.copy".into(),
            name: "Copy a file".into(),
            sentence: "Copy {file} to {to}".into(),
            about: "Puts a copy of a file or folder into another folder.".into(),
            effect: Effect::Idempotent,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required()
                    .suggest("trigger.path")
                    .example("~/Documents/Report.docx"),
                to.required().example("~/Backup/"),
                if_exists_field(),
            ],
            gives: vec![
                output("path", "The copy", ValueKind::File),
                output("name", "The copy's name", ValueKind::Text),
            ],
            sample: json!({ "path": "~/Backup/Report.docx", "name": "Report.docx" }),
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
        let is_folder = source::find(files, &file)?.is_folder;
        let wanted = target::resolve(files, &to, &file)?;
        let target = target::decide(files, wanted, if_exists, is_folder)?;
        let expected = target::path_and_name(&target.path);
        input::plan(&Note { is_folder, target }, expected)
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        let Input {
            file, if_exists, ..
        } = input::read(call.input)?;
        let Note { is_folder, target } = input::note(plan)?;
        let files = call.ports.files.as_ref();
        let file = target::tidy(&file);
        source::find(files, &file)?;
        if target.how == How::Fresh && is_copy(files, &file, &target.path)? {
            return Ok(target::path_and_name(&target.path));
        }
        let act = |to: &Path, taken| files.copy(&file, to, taken);
        let (path, _) = target::place(files, &target, if_exists, is_folder, act)?;
        Ok(target::path_and_name(&path))
    }
}

/// Whether an earlier try of this step got as far as the finished copy.
fn is_copy(files: &dyn Files, file: &Path, to: &Path) -> Result<bool, StepError> {
    let (Some(from), Some(there)) = (files.look(file)?, files.look(to)?) else {
        return Ok(false);
    };
    let alike = from.size == there.size && !from.is_folder && !there.is_folder;
    Ok(alike && files.hash(file)? == files.hash(to)?)
}
