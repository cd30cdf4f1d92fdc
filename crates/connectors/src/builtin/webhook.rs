//! Webhooks: other programs and services call an address of the workflow's own. The engine listens;
//! this says what people see.

mod received;
mod signing;

use errand_model::ConnectorInfo;

use crate::registry::Builtin;

pub(super) fn connector() -> Builtin {
    let info = ConnectorInfo {
        id: "webhook".into(),
        name: "Webhook".into(),
        about: "Other programs and services start a workflow by calling its address.".into(),
        color: "#a0527a".into(),
        icon: "webhook".into(),
        connections: vec![signing::signing_secret()],
        triggers: vec![received::trigger()],
        actions: Vec::new(),
    };
    Builtin {
        info,
        polls: Vec::new(),
        actions: Vec::new(),
    }
}
