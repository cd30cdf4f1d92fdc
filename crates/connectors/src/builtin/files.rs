//! Files and folders on this computer.

mod append_text;
mod changed_file;
mod copy;
mod create_folder;
mod move_file;
mod new_file;
mod read_text;
mod rename;
mod source;
mod transfer;
mod trash;
mod write_text;

use errand_model::ConnectorInfo;

use super::target;
use crate::registry::Builtin;

pub(super) fn connector() -> Builtin {
    let info = ConnectorInfo {
        id: "files".into(),
        name: "Files".into(),
        about: "Watch folders, and move, copy, write and read files.".into(),
        color: "#5b7083".into(),
        icon: "folder".into(),
        connections: Vec::new(),
        triggers: vec![new_file::trigger(), changed_file::trigger()],
        actions: Vec::new(),
    };
    Builtin {
        info,
        polls: Vec::new(),
        actions: vec![
            Box::new(move_file::Move),
            Box::new(copy::Copy),
            Box::new(rename::Rename),
            Box::new(trash::Trash),
            Box::new(create_folder::CreateFolder),
            Box::new(write_text::WriteText),
            Box::new(append_text::AppendText),
            Box::new(read_text::ReadText),
        ],
    }
}
