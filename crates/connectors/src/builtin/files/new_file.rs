//! `files.new_file`: a file appears in a folder. The engine watches; this says what people see.

use errand_model::{FieldKind, TriggerInfo, TriggerSource, ValueKind};
use serde_json::json;

use crate::builtin::describe::{FieldExt as _, field, output};

pub(super) fn trigger() -> TriggerInfo {
    TriggerInfo {
        id: "files.new_file".into(),
        name: "A new file appears".into(),
        sentence: "A file matching {matching} appears in {folder}".into(),
        about: "Runs once for every file that is saved, downloaded or moved into a folder.".into(),
        source: TriggerSource::Folder,
        using: None,
        fields: fields(),
        gives: vec![
            output("path", "File", ValueKind::File),
            output("name", "Name", ValueKind::Text),
            output("stem", "Name without ending", ValueKind::Text),
            output("extension", "Ending", ValueKind::Text),
            output("folder", "Folder", ValueKind::Folder),
            output("size", "Size in bytes", ValueKind::Number),
            output("created", "Created", ValueKind::Date),
            output("modified", "Last changed", ValueKind::Date),
        ],
        sample: json!({
            "path": "~/Downloads/Invoice 2026-117.pdf",
            "name": "Invoice 2026-117.pdf",
            "stem": "Invoice 2026-117",
            "extension": "pdf",
            "folder": "~/Downloads",
            "size": 84_213,
            "created": "2026-11-24T08:30:00Z",
            "modified": "2026-11-24T08:30:00Z",
        }),
    }
}

fn fields() -> Vec<errand_model::Field> {
    vec![
        field(
            "folder",
            "Folder",
            FieldKind::Folder,
            "The folder to watch.",
        )
        .required()
        .example("~/Downloads"),
        field(
            "matching",
            "Files called",
            FieldKind::Patterns,
            "Only files whose name fits; * stands for anything. Leave it empty for all files.",
        )
        .default("*")
        .example("*.pdf"),
        field(
            "subfolders",
            "Folders inside it too",
            FieldKind::YesNo,
            "Also watch every folder inside this one.",
        )
        .default(false)
        .advanced(),
        field(
            "existing",
            "Files that are already there",
            FieldKind::YesNo,
            "Also run once for every file that is there when you switch this on.",
        )
        .default(false)
        .advanced(),
    ]
}
