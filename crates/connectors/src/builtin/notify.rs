//! Notifications on this computer.

mod show;

use errand_model::ConnectorInfo;

use crate::registry::Builtin;

pub(super) fn connector() -> Builtin {
    let info = ConnectorInfo {
        id: "notify".into(),
        name: "Notifications".into(),
        about: "Tell you something in a corner of your screen.".into(),
        color: "#8a6d3b".into(),
        icon: "bell".into(),
        connections: Vec::new(),
        triggers: Vec::new(),
        actions: Vec::new(),
    };
    Builtin {
        info,
        polls: Vec::new(),
        actions: vec![Box::new(show::Show)],
    }
}
