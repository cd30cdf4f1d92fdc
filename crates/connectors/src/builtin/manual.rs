//! The button: a person starts the workflow, and is asked for inputs if there are any.

use errand_model::{ConnectorInfo, FieldKind, TriggerInfo, TriggerSource, Value};

use super::describe::{FieldExt as _, field};
use crate::registry::Builtin;

pub(super) fn connector() -> Builtin {
    let info = ConnectorInfo {
        id: "manual".into(),
        name: "Button".into(),
        about: "Start a workflow yourself, whenever you like.".into(),
        color: "#3b6fb5".into(),
        icon: "play".into(),
        connections: Vec::new(),
        triggers: vec![start()],
        actions: Vec::new(),
    };
    Builtin {
        info,
        polls: Vec::new(),
        actions: Vec::new(),
    }
}

fn start() -> TriggerInfo {
    TriggerInfo {
        id: "manual.start".into(),
        name: "I press the button".into(),
        sentence: "I press the button".into(),
        about: "Runs when you start it, and can ask you for a few things first.".into(),
        source: TriggerSource::Manual,
        using: None,
        fields: vec![
            field(
                "inputs",
                "What to ask for",
                FieldKind::Inputs,
                "Each answer can be used in the steps below. Leave it empty to start right away.",
            )
            .example("Customer, due date"),
        ],
        gives: Vec::new(),
        sample: Value::Object(errand_model::Map::new()),
    }
}
