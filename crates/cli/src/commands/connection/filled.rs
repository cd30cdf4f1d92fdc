//! What was filled in on the command line: fields as `--set`, secrets from standard input, and which
//! kind of connection that makes.

use std::{collections::BTreeMap, path::Path};

use errand_connectors::Registry;
use errand_model::{ConnectionType, Field, FieldKind, Map, Value};
use errand_protocol::{Failure, FailureKind, Secret};

use crate::ask;

/// `FIELD=VALUE`, each.
pub(super) fn fields(set: &[String]) -> Result<Map, Failure> {
    let pair = |pair: &String| match pair.split_once('=') {
        Some((field, value)) if !field.is_empty() => {
            Ok((field.trim().to_owned(), Value::from(value)))
        }
        _ => Err(Failure::new(
            FailureKind::BadInput,
            format!("`--set {pair}` isn't of the form FIELD=VALUE."),
        )
        .hint("Write it like `--set address=https://api.example.com`.")),
    };
    set.iter().map(pair).collect()
}

/// The secrets of these fields, in this order.
pub(super) fn secrets(fields: &[String]) -> Result<BTreeMap<String, Secret>, Failure> {
    let mut secrets = BTreeMap::new();
    for field in fields {
        let given = ask::secret(field)?;
        let given = given.ok_or_else(|| {
            let message = format!("The secret `{field}` isn't there.");
            Failure::new(FailureKind::BadInput, message).hint(
                "Give the secrets on standard input, one line each, in the order of `--secret`.",
            )
        })?;
        secrets.insert(field.clone(), given);
    }
    Ok(secrets)
}

/// Which kind of connection this is: as `--set kind=` says, or the only one with these fields.
pub(super) fn kind(
    connector: &str,
    mut fields: Map,
    secrets: &[String],
) -> Result<(String, Map), Failure> {
    let registry = Registry::builtin();
    let known = registry.connectors().iter().find(|it| it.id == connector);
    let kinds = known
        .map(|it| it.connections.as_slice())
        .unwrap_or_default();
    if let Some(Value::String(kind)) = fields.remove("kind") {
        return Ok((kind, fields));
    }
    let mut fitting = kinds.iter().filter(|kind| fits(kind, &fields, secrets));
    match (fitting.next(), fitting.next(), kinds) {
        (Some(kind), None, _) => Ok((kind.id.clone(), fields)),
        // The engine says what is wrong with it.
        (_, _, []) => Ok((String::new(), fields)),
        _ => Err(unclear(connector, kinds)),
    }
}

/// Reads what `@FILE` stands for, in fields of several lines.
pub(super) fn with_files(connector: &str, kind: &str, fields: Map) -> Result<Map, Failure> {
    let registry = Registry::builtin();
    let info = registry.connection_type(connector, kind);
    let several_lines = |id: &str| {
        let fields = info.map(|info| info.fields.as_slice()).unwrap_or_default();
        fields
            .iter()
            .any(|field| field.id == id && field.kind == FieldKind::LongText)
    };
    let read = |(id, value): (String, Value)| {
        let file = value.as_str().and_then(|text| text.strip_prefix('@'));
        match file.filter(|_| several_lines(&id)) {
            Some(file) => Ok((id, crate::commands::read(Path::new(file))?.into())),
            None => Ok((id, value)),
        }
    };
    fields.into_iter().map(read).collect()
}

fn fits(kind: &ConnectionType, fields: &Map, secrets: &[String]) -> bool {
    let has = |id: &str, secret: bool| {
        let same = |field: &&Field| field.id == id && (field.kind == FieldKind::Secret) == secret;
        kind.fields.iter().any(|field| same(&field))
    };
    let is_given = |field: &Field| match field.kind {
        FieldKind::Secret => secrets.contains(&field.id),
        _ => fields.contains_key(&field.id) || !field.default.is_null(),
    };
    fields.keys().all(|id| has(id, false))
        && secrets.iter().all(|id| has(id, true))
        && kind
            .fields
            .iter()
            .filter(|field| field.required)
            .all(is_given)
}

fn unclear(connector: &str, kinds: &[ConnectionType]) -> Failure {
    let described = kinds.iter().map(|kind| {
        let fields = kind.fields.iter().map(|field| match field.kind {
            FieldKind::Secret => format!("--secret {}", field.id),
            _ => format!("--set {}=…", field.id),
        });
        format!("{}: {}", kind.id, fields.collect::<Vec<_>>().join(" "))
    });
    let message = format!("It isn't clear which kind of connection of `{connector}` is meant.");
    Failure::new(FailureKind::BadInput, message).hint(format!(
        "Add `--set kind=…`. The kinds are:\n    {}",
        described.collect::<Vec<_>>().join("\n    ")
    ))
}
