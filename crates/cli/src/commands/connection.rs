//! `errand connection`: accounts at other services. Secrets come from standard input or are asked
//! for, never from the command line, which every program on the computer can read.

mod filled;
mod vault;

use errand_model::ConnectionState;
use errand_protocol::{
    Failure, FailureKind,
    commands::{
        ConnectionAdd, ConnectionRemove, ConnectionReplace, ConnectionTest, ConnectionsList,
        VaultStatusGet,
    },
    views::ConnectionSummary,
};
use serde_json::json;

use super::show;
use crate::{
    args::{AddConnection, Connection, ReplaceConnection},
    door::Door,
    exit, print,
};

pub(super) async fn connection(
    door: &Door,
    command: Connection,
    json: bool,
) -> Result<u8, Failure> {
    match command {
        Connection::Add(add) => show_one(&add_one(door, add).await?, json),
        Connection::Replace(replace) => show_one(&replace_one(door, replace).await?, json),
        Connection::List => list(&door.call(&ConnectionsList {}).await?, json),
        Connection::Test { name } => return test(door, &name, json).await,
        Connection::Remove { name, force } => remove(door, &name, force, json).await?,
        Connection::Unlock => vault::unlock(door, json).await?,
    }
    Ok(exit::OK)
}

async fn add_one(door: &Door, add: AddConnection) -> Result<ConnectionSummary, Failure> {
    let fields = filled::fields(&add.set)?;
    let (kind, fields) = filled::kind(&add.connector, fields, &add.secret)?;
    let fields = filled::with_files(&add.connector, &kind, fields)?;
    let secrets = filled::secrets(&add.secret)?;
    vault::open(door).await?;
    let request = ConnectionAdd {
        connector: add.connector,
        kind,
        name: add.name,
        fields,
        secrets,
    };
    door.call(&request).await
}

async fn replace_one(
    door: &Door,
    replace: ReplaceConnection,
) -> Result<ConnectionSummary, Failure> {
    let known = find(door, &replace.name).await?;
    let given = filled::fields(&replace.set)?;
    let mut fields = known.fields;
    fields.extend(filled::with_files(&known.connector, &known.kind, given)?);
    let secrets = filled::secrets(&replace.secret)?;
    vault::open(door).await?;
    let request = ConnectionReplace {
        id: known.id,
        name: replace.rename.unwrap_or(known.name),
        fields,
        secrets,
    };
    door.call(&request).await
}

/// Exits with 0 only if the other side accepted it.
async fn test(door: &Door, name: &str, json: bool) -> Result<u8, Failure> {
    let id = find(door, name).await?.id;
    let status = door.call(&VaultStatusGet {}).await?;
    if status.problem.is_some() {
        vault::open(door).await?;
    }
    let tested = door.call(&ConnectionTest { id }).await?;
    match (json, tested.works) {
        (true, _) => print::json(&tested),
        (false, Some(true)) => print::line(&tested.sentence),
        (false, _) => print::complaint(&tested.sentence, tested.hint.as_deref()),
    }
    Ok(match tested.works {
        Some(true) => exit::OK,
        _ => exit::FAILED,
    })
}

async fn remove(door: &Door, name: &str, force: bool, json: bool) -> Result<(), Failure> {
    let id = find(door, name).await?.id;
    let removed = door.call(&ConnectionRemove { id, force }).await;
    removed.map_err(|failure| match failure.kind {
        FailureKind::Conflict => {
            failure.hint("Switch the workflow off first, or add `--force`: its runs then wait.")
        }
        _ => failure,
    })?;
    if json {
        print::json(&json!({ "id": id, "removed": true }));
    }
    Ok(())
}

/// The connection of that name or id.
async fn find(door: &Door, name: &str) -> Result<ConnectionSummary, Failure> {
    let all = door.call(&ConnectionsList {}).await?.into_iter();
    let found = all
        .into_iter()
        .find(|it| it.name == name || it.id.to_string() == name);
    found.ok_or_else(|| {
        let message = format!("There is no connection called “{name}”.");
        Failure::new(FailureKind::NotFound, message)
            .hint("`errand connection list` shows all there are.")
    })
}

fn list(connections: &[ConnectionSummary], json: bool) {
    if json {
        return print::json(&connections);
    }
    print::table(&connections.iter().map(row).collect::<Vec<_>>());
}

fn show_one(connection: &ConnectionSummary, json: bool) {
    match json {
        true => print::json(connection),
        false => print::table(&[row(connection)]),
    }
}

fn row(it: &ConnectionSummary) -> Vec<String> {
    let state = match (&it.problem, it.state) {
        (Some(problem), ConnectionState::Broken) => format!("broken: {problem}"),
        _ => show::word(&it.state),
    };
    let used = match it.used_by.as_slice() {
        [] => String::new(),
        [one] => format!("used by “{}”", one.name),
        several => format!("used by {} workflows", several.len()),
    };
    vec![
        it.name.clone(),
        it.connector.clone(),
        it.kind.clone(),
        used,
        state,
    ]
}
