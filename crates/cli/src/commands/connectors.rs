//! `errand connectors`: what apps can do.

use errand_connectors::Registry;
use errand_model::{ConnectorInfo, Field, Output};
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
    for connection in &connector.connections {
        let (id, about) = (&connection.id, &connection.about);
        print::line("");
        print::line(format_args!("{id} (connection): {about}"));
        print_fields(&connection.fields);
    }
    for trigger in &connector.triggers {
        print::line("");
        print::line(format_args!("{} (trigger): {}", trigger.id, trigger.about));
        print_fields(&trigger.fields);
        print_gives(&trigger.gives);
    }
    for action in &connector.actions {
        let effect = show::word(&action.effect);
        print::line("");
        print::line(format_args!("{} ({effect}): {}", action.id, action.about));
        print_fields(&action.fields);
        print_gives(&action.gives);
        if !action.pastes.is_empty() {
            print::line(format_args!("  Can be filled in from {}.", action.pastes));
        }
    }
}

fn print_gives(gives: &[Output]) {
    let names: Vec<_> = gives.iter().map(|output| output.id.as_str()).collect();
    if !names.is_empty() {
        print::line(format_args!("  gives {}", names.join(", ")));
    }
}

fn choices(field: &Field) -> String {
    let values: Vec<_> = field.choices.iter().map(|it| it.value.as_str()).collect();
    if values.is_empty() {
        return String::new();
    }
    format!(" One of: {}.", values.join(", "))
}

fn print_fields(fields: &[Field]) {
    let row = |field: &Field| {
        let required = if field.required { "required" } else { "" };
        vec![
            format!("  {}", field.id),
            show::word(&field.kind),
            required.into(),
            format!("{}{}", field.help, choices(field)),
        ]
    };
    print::table(&fields.iter().map(row).collect::<Vec<_>>());
}
