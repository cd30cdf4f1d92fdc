use std::collections::BTreeMap;

use errand_connectors::ports::secrets::Account;
use errand_model::{ErrorKind, Value};
use serde_json::json;

use crate::{
    place::{Place, get},
    server::{Server, ok},
};

fn account(kind: &str, fields: Value, secret: &str, value: &str) -> Account {
    Account {
        name: "Mine".into(),
        connector: "http".into(),
        kind: kind.into(),
        fields: fields.as_object().unwrap().clone(),
        secrets: BTreeMap::from([(secret.to_owned(), value.to_owned().into())]),
    }
}

#[tokio::test]
async fn each_kind_of_connection_signs_in_its_own_way() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&[]);
    let at = server.origin.as_str();
    let key = |place: &str| json!({ "address": at, "name": "X-Key", "place": place });
    for (account, header, value) in [
        (
            account("bearer", json!({ "address": at }), "token", " t0k "),
            "authorization",
            "Bearer t0k",
        ),
        (
            account("api_key", key("header"), "key", "k3y"),
            "x-key",
            "k3y",
        ),
        (
            account(
                "header",
                json!({ "address": at, "name": "X-Auth" }),
                "value",
                "v",
            ),
            "x-auth",
            "v",
        ),
        (
            account(
                "basic",
                json!({ "address": at, "user": "ada" }),
                "password",
                "pw",
            ),
            "authorization",
            "Basic YWRhOnB3",
        ),
    ] {
        place
            .send_as(get(&server.at("/x")), Some(&account))
            .await
            .unwrap();
        assert_eq!(server.last().header(header), value, "{}", account.kind);
    }
    let query = account("api_key", key("query"), "key", "k&y");
    let asked = get(&server.at("/x?a=%20b&X-Key=old"));
    let answer = place.send_as(asked, Some(&query)).await.unwrap();
    assert_eq!(server.last().target, "/x?a=+b&X-Key=k%26y");
    assert!(
        !answer.url.contains("k%26y"),
        "the address that is given on holds no secret"
    );
}

#[tokio::test]
async fn a_connection_is_never_sent_to_another_server() {
    let (mine, other) = (
        Server::answering(|_| ok("")).await,
        Server::answering(|_| ok("")).await,
    );
    let place = Place::granting(&[&other.origin]);
    let account = account("bearer", json!({ "address": mine.origin }), "token", "t");
    let sent = place.send_as(get(&other.origin), Some(&account)).await;
    let error = sent.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert_eq!(
        error.message,
        format!("The connection “Mine” isn't for {}.", other.address)
    );
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_secret_that_no_header_can_hold_is_refused_without_showing_it() {
    let server = Server::answering(|_| ok("")).await;
    let place = Place::granting(&[]);
    let account = account(
        "bearer",
        json!({ "address": server.origin }),
        "token",
        "a\nb",
    );
    let error = place
        .send_as(get(&server.origin), Some(&account))
        .await
        .err()
        .unwrap();
    assert_eq!(error.message, "The secret of “Mine” can't be sent.");
    assert_eq!(server.connections(), 0);
}
