//! Connections: the list, adding, testing, replacing, removing, and the vault of their secrets.

use std::collections::BTreeMap;

use errand_engine::{Filled, Listed, store::Kept};
use errand_model::{ConnectionId, Map};
use errand_protocol::{
    Failure, Secret,
    commands::{
        ConnectionAdd, ConnectionRemove, ConnectionReplace, ConnectionTest, ConnectionsList,
        VaultStatusGet, VaultUnlock,
    },
    views::{ConnectionSummary, ConnectionTested, ConnectionUser, KeyKept, VaultStatus},
};
use secrecy::SecretString;

use crate::{Api, failure::Heard};

pub(crate) async fn connections_list(
    api: &Api,
    _: ConnectionsList,
) -> Result<Vec<ConnectionSummary>, Failure> {
    let listed = api.engine.connections().await.heard()?;
    Ok(listed.into_iter().map(summary).collect())
}

pub(crate) async fn connection_add(
    api: &Api,
    add: ConnectionAdd,
) -> Result<ConnectionSummary, Failure> {
    let filled = filled(add.name, add.fields, add.secrets);
    let added = api.engine.add_connection(&add.connector, &add.kind, filled);
    let id = added.await.heard()?;
    one(api, id).await
}

pub(crate) async fn connection_replace(
    api: &Api,
    replace: ConnectionReplace,
) -> Result<ConnectionSummary, Failure> {
    let filled = filled(replace.name, replace.fields, replace.secrets);
    let replaced = api.engine.replace_connection(replace.id, filled);
    replaced.await.heard()?;
    one(api, replace.id).await
}

pub(crate) async fn connection_test(
    api: &Api,
    test: ConnectionTest,
) -> Result<ConnectionTested, Failure> {
    let tested = api.engine.test_connection(test.id).await.heard()?;
    Ok(ConnectionTested {
        works: tested.works,
        sentence: tested.sentence,
        hint: tested.hint,
        connection: one(api, test.id).await?,
    })
}

pub(crate) async fn connection_remove(api: &Api, remove: ConnectionRemove) -> Result<(), Failure> {
    let removed = api.engine.remove_connection(remove.id, remove.force);
    removed.await.heard()
}

pub(crate) async fn vault_status(api: &Api, _: VaultStatusGet) -> Result<VaultStatus, Failure> {
    let status = api.engine.vault_status().await;
    let kept = status.kept.map(|kept| match kept {
        Kept::Keyring => KeyKept::Keyring,
        Kept::File => KeyKept::File,
    });
    Ok(VaultStatus {
        kept,
        problem: status.trouble.as_ref().map(|trouble| trouble.sentence()),
        hint: status.trouble.as_ref().map(|trouble| trouble.hint()),
        wants_pass_phrase: status.wants_pass_phrase,
    })
}

pub(crate) async fn vault_unlock(api: &Api, unlock: VaultUnlock) -> Result<VaultStatus, Failure> {
    let pass_phrase = unlock.pass_phrase.map(hidden);
    api.engine.unlock_vault(pass_phrase).await.heard()?;
    vault_status(api, VaultStatusGet {}).await
}

async fn one(api: &Api, id: ConnectionId) -> Result<ConnectionSummary, Failure> {
    api.engine.connection(id).await.heard().map(summary)
}

fn summary(listed: Listed) -> ConnectionSummary {
    let Listed {
        connection,
        users,
        waiting,
    } = listed;
    let users = users.into_iter().map(|user| ConnectionUser {
        id: user.id,
        name: user.name,
        enabled: user.enabled,
    });
    ConnectionSummary {
        id: connection.id,
        name: connection.name,
        connector: connection.connector,
        kind: connection.kind,
        fields: connection.fields,
        state: connection.state,
        problem: connection.problem,
        checked: connection.checked,
        used_by: users.collect(),
        waiting,
    }
}

fn filled(name: String, fields: Map, secrets: BTreeMap<String, Secret>) -> Filled {
    // A field that was left empty isn't given.
    let secrets = secrets
        .into_iter()
        .map(|(field, secret)| (field, secret.into_text()))
        .filter(|(_, text)| !text.is_empty());
    Filled {
        name,
        fields,
        secrets: secrets
            .map(|(field, text)| (field, SecretString::from(text)))
            .collect(),
    }
}

fn hidden(secret: Secret) -> SecretString {
    SecretString::from(secret.into_text())
}
