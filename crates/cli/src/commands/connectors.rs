//! `errand connectors`: what apps can do.

use errand_connectors::Registry;
use errand_model::{ConnectorInfo, Field};
use errand_protocol::{Failure, FailureKind};

use super::show;
use crate::{args::Connectors, exit, print};

pub(crate) fn connectors(command: &Connectors, json: bool) -> Result<u8, Failure> {
    let registry = Registry::builtin();
    match command {
        Connectors::List if json => print::json(&registry.connectors()),
        Connectors::List => print::table(&rows(registry.connectors())),
        Connectors::Show { id } => {
            let found = registry
                .connectors()
                .iter()
                .find(|connector| connector.id == *id);
            let connector = found.ok_or_else(|| unknown(id))?;
            if json {
                print::json(connector)
            } else {
                print_connector(connector)
            }
        }
    }
    Ok(exit::OK)
}

fn unknown(id: &str) -> Failure {
    Failure::new(
        FailureKind::NotFound,
        format!("There is no connector called `{id}`."),
    )
    .hint("`errand connectors list` shows all there are.")
}

fn rows(connectors: &[ConnectorInfo]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for connector in connectors {
        rows.extend(connector.triggers.iter().map(|trigger| {
            vec![
                trigger.id.clone(),
                "trigger".to_owned(),
                trigger.name.clone(),
            ]
        }));
        rows.extend(connector.actions.iter().map(|action| {
            vec![
                action.id.clone(),
                show::word(&action.effect),
                action.name.clone(),
            ]
        }));
    }
    rows
}

fn print_connector(connector: &ConnectorInfo) {
    print::line(format_args!("{} – {}", connector.name, connector.about));
    for trigger in &connector.triggers {
        print::line(format_args!(
            "\n{} (trigger): {}",
            trigger.id, trigger.about
        ));
        print_fields(&trigger.fields);
    }
    for action in &connector.actions {
        let effect = show::word(&action.effect);
        print::line(format_args!("\n{} ({effect}): {}", action.id, action.about));
        print_fields(&action.fields);
    }
}

fn print_fields(fields: &[Field]) {
    let row = |field: &Field| {
        let required = if field.required { "required" } else { "" };
        vec![
            format!("  {}", field.id),
            show::word(&field.kind),
            required.into(),
            field.help.clone(),
        ]
    };
    print::table(&fields.iter().map(row).collect::<Vec<_>>());
}
