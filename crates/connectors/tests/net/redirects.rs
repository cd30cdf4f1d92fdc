use std::{collections::BTreeMap, io};

use errand_connectors::ports::{
    net::{Body, Request},
    secrets::Account,
};
use errand_model::{Effect, ErrorKind};
use serde_json::json;

use crate::{
    place::{PUBLIC, Place, get, post, stream},
    server::{Seen, Server, answer, ok},
};

/// Sends `/old` on to that place; everything else is fine.
async fn sending_on(status: u16, to: String) -> Server {
    Server::answering(move |seen: &Seen| match seen.target.as_str() {
        "/old" => answer(status, &[("location", &to)], ""),
        target => ok(target),
    })
    .await
}

pub(crate) fn bearer(address: &str) -> Account {
    Account {
        name: "My server".into(),
        connector: "http".into(),
        kind: "bearer".into(),
        fields: json!({ "address": address }).as_object().unwrap().clone(),
        secrets: BTreeMap::from([("token".to_owned(), "s3cret".to_owned().into())]),
    }
}

#[tokio::test]
async fn at_the_same_server_a_redirect_keeps_method_body_headers_and_connection() {
    let server = sending_on(307, "/new".into()).await;
    let place = Place::granting(&[]);
    let request = Request {
        headers: vec![("x-mine".into(), "1".into())],
        ..post(&server.at("/old"), "body")
    };
    let account = bearer(&server.origin);
    let answer = place.send_as(request, Some(&account)).await.unwrap();
    assert_eq!(answer.url, server.at("/new"));
    let seen = server.last();
    assert_eq!(
        (seen.method.as_str(), seen.body.as_slice()),
        ("POST", &b"body"[..])
    );
    assert_eq!(seen.header("x-mine"), "1");
    assert_eq!(seen.header("authorization"), "Bearer s3cret");
    assert_eq!(seen.header("content-type"), "text/plain");
}

#[tokio::test]
async fn to_another_server_a_question_goes_without_anything_secret() {
    let other = Server::answering(|_| ok("other")).await;
    let server = sending_on(302, other.at("/there")).await;
    let place = Place::granting(&[&other.origin]);
    let secrets = ["authorization", "cookie", "x-api-key"];
    let request = Request {
        headers: secrets
            .iter()
            .map(|name| ((*name).into(), "own".into()))
            .collect(),
        ..get(&server.at("/old"))
    };
    let account = bearer(&server.origin);
    let answer = place.send_as(request, Some(&account)).await.unwrap();
    assert_eq!(answer.url, other.at("/there"));
    for name in secrets {
        assert_eq!(other.last().header(name), "", "{name}");
    }
}

#[tokio::test]
async fn a_redirect_leads_to_no_private_server_that_the_workflow_does_not_name() {
    let other = Server::answering(|_| ok("private")).await;
    for to in [
        other.origin.clone(),
        other.called("localhost"),
        other.called("[::ffff:127.0.0.1]"),
        "http://192.168.0.1/".into(),
        "http://169.254.169.254/latest".into(),
    ] {
        let server = sending_on(302, to.clone()).await;
        let place = Place::granting(&[&server.origin]);
        place.name("localhost", &[Ok(vec![[127, 0, 0, 1].into()])]);
        let error = place.failure(&server.at("/old")).await;
        assert_eq!(error.kind, ErrorKind::Rejected, "{to}: {error}");
        assert!(
            error.message.contains("in your own network"),
            "{to}: {error}"
        );
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_question_may_be_sent_on_to_a_public_server() {
    let public = Server::answering_at(PUBLIC, |_| ok("public")).await;
    let server = sending_on(302, public.called("files.example")).await;
    let place = Place::granting(&[&server.origin]);
    place.name("files.example", &[Ok(vec![PUBLIC])]);
    assert_eq!(place.ask(&server.at("/old")).await, (200, "public".into()));
}

#[tokio::test]
async fn what_changes_something_is_sent_on_nowhere_else() {
    let other = Server::answering(|_| ok("")).await;
    for status in [301, 302, 307, 308] {
        let server = sending_on(status, other.at("/there")).await;
        let place = Place::granting(&[&server.origin, &other.origin]);
        let error = place.refused(post(&server.at("/old"), "x")).await;
        let expected = format!("{} sends this on to {}.", server.address, other.origin);
        assert_eq!(error.message, expected, "{status}");
        assert_eq!(error.kind, ErrorKind::Rejected);
        // A server that answers 302 may have done it already; one that answers 307 hasn't.
        assert_eq!(error.may_have_happened, status < 307, "{status}");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn see_other_is_answered_by_a_question() {
    let server = sending_on(303, "/done".into()).await;
    let place = Place::granting(&[&server.origin]);
    assert_eq!(
        place.tell(post(&server.at("/old"), "x")).await,
        (200, "/done".into())
    );
    let seen = server.last();
    assert_eq!((seen.method.as_str(), seen.body.len()), ("GET", 0));
    assert_eq!(seen.header("content-type"), "");
}

#[tokio::test]
async fn trouble_behind_a_redirect_leaves_open_what_was_done_before_it() {
    let server = sending_on(303, "http://127.0.0.1:9/".into()).await;
    let place = Place::granting(&[&server.origin, "http://127.0.0.1:9"]);
    let error = place.refused(post(&server.at("/old"), "x")).await;
    assert!(error.may_have_happened, "{error:?}");
    let error = place.failure(&server.at("/old")).await;
    assert!(!error.may_have_happened, "{error:?}");
}

#[tokio::test]
async fn what_was_read_from_a_file_can_not_be_sent_a_second_time() {
    let server = sending_on(307, "/new".into()).await;
    let place = Place::granting(&[&server.origin]);
    let request = Request {
        body: Body::Stream(stream(5, io::repeat(b'x'))),
        effect: Effect::Idempotent,
        ..post(&server.at("/old"), "")
    };
    let error = place.refused(request).await;
    assert_eq!(
        error.message,
        format!("{} sends this on to /new.", server.address)
    );
    assert!(!error.may_have_happened);
}

#[tokio::test]
async fn a_circle_ends_after_five_redirects() {
    let server = Server::answering(|_| answer(302, &[("location", "/again")], "")).await;
    let place = Place::granting(&[&server.origin]);
    let error = place.failure(&server.at("/old")).await;
    let expected = format!("{} sends this on again and again.", server.address);
    assert_eq!(error.message, expected);
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn a_redirect_without_a_usable_place_is_an_answer() {
    for to in ["file:///etc/passwd", "http://", "javascript:alert(1)"] {
        let server = sending_on(302, to.into()).await;
        let place = Place::granting(&[&server.origin]);
        assert_eq!(place.ask(&server.at("/old")).await.0, 302, "{to}");
    }
}
