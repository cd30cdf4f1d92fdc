//! The clock as what starts a workflow. The engine keeps the time; this says what people see.

mod at;
mod cron;
mod every;

use errand_model::{ConnectorInfo, Field, FieldKind, Output, Value, ValueKind};
use serde_json::json;

use super::describe::{FieldExt as _, field, output};
use crate::registry::Builtin;

pub(super) fn connector() -> Builtin {
    let info = ConnectorInfo {
        id: "schedule".into(),
        name: "Schedule".into(),
        about: "Starts a workflow at set times.".into(),
        color: "#2f7f79".into(),
        icon: "calendar-clock".into(),
        connections: Vec::new(),
        triggers: vec![every::trigger(), at::trigger(), cron::trigger()],
        actions: Vec::new(),
    };
    Builtin {
        info,
        polls: Vec::new(),
        actions: Vec::new(),
    }
}

fn time_zone() -> Field {
    field(
        "timezone",
        "Time zone",
        FieldKind::TimeZone,
        "Empty: the zone this computer is in when the workflow is switched on; it keeps to that one \
         when you travel. `computer`: always the zone the computer is in.",
    )
    .example("Europe/Berlin")
    .advanced()
}

fn gives() -> Vec<Output> {
    vec![
        output("due", "Time it was due", ValueKind::Date),
        output("previous", "Time before that", ValueKind::Date),
        output("missed", "Missed times it makes up for", ValueKind::List),
    ]
}

fn sample() -> Value {
    json!({
        "due": "2026-11-25T08:30:00+01:00",
        "previous": "2026-11-24T08:30:00+01:00",
        "missed": [],
    })
}
