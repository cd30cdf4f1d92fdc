//! Tables in CSV files.

mod append_row;
mod cell;
mod read;
mod table;
mod write;

use errand_model::ConnectorInfo;

use crate::registry::Builtin;

pub(super) fn connector() -> Builtin {
    let info = ConnectorInfo {
        id: "csv".into(),
        name: "CSV tables".into(),
        about: "Read and write tables that every spreadsheet program can open.".into(),
        color: "#2f7d4f".into(),
        icon: "table".into(),
        connections: Vec::new(),
        triggers: Vec::new(),
        actions: Vec::new(),
    };
    Builtin {
        info,
        polls: Vec::new(),
        actions: vec![
            Box::new(append_row::AppendRow),
            Box::new(read::Read),
            Box::new(write::Write),
        ],
    }
}
