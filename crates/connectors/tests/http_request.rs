//! `http.request` against a real server.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;
mod web;

use std::sync::Arc;

use axum::{body::Body, http::Response};
use desk::Desk;
use errand_connectors::{Registry, ports::Ports};
use errand_model::{Effect, ErrorKind, StepError, Value};
use serde_json::json;
use web::{Seen, Using, Web, answer_of, json_of, reaching};

async fn run_with(desk: &Desk, ports: &Ports, with: Value) -> Result<Value, StepError> {
    let plan = desk.plan_by(ports, "http.request", with.clone()).await?;
    desk.run_by(ports, "http.request", with, &plan).await
}

/// A desk, a server, and a way to ask it.
struct Bench {
    desk: Desk,
    web: Web,
    ports: Ports,
}

impl Bench {
    async fn answering(respond: impl Fn(&Seen) -> Response<Body> + Send + Sync + 'static) -> Self {
        let (desk, web) = (Desk::with(&[]), Web::answering(respond).await);
        let ports = reaching(&desk.ports, &[&web.origin]);
        Self { desk, web, ports }
    }

    /// Sends to `/x` of the server, with these fields besides.
    async fn send(&self, with: Value) -> Result<Value, StepError> {
        let mut with = with;
        if with.get("url").is_none() {
            with["url"] = json!(self.web.at("/x"));
        }
        run_with(&self.desk, &self.ports, with).await
    }
}

fn effect(with: Value) -> Effect {
    let registry = Registry::builtin();
    let action = registry.action("http.request").unwrap();
    action.effect(with.as_object().unwrap())
}

#[tokio::test]
async fn every_method_arrives_and_only_what_adds_bears_a_key() {
    let bench = Bench::answering(|_| json_of(&json!({ "ok": true }))).await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] {
        bench.send(json!({ "method": method })).await.unwrap();
        let seen = bench.web.last();
        assert_eq!(seen.method, method);
        let key = if matches!(method, "POST" | "PATCH") {
            "key"
        } else {
            ""
        };
        assert_eq!(seen.header("idempotency-key"), key, "{method}");
    }
    let own = json!({ "method": "POST", "headers": { "Idempotency-Key": "mine" } });
    bench.send(own).await.unwrap();
    assert_eq!(bench.web.last().header("idempotency-key"), "mine");
}

#[test]
fn what_repeating_means_follows_from_the_method_and_what_the_person_said() {
    for (method, ask, safe) in [
        ("GET", Effect::Read, Effect::Read),
        ("HEAD", Effect::Read, Effect::Read),
        ("OPTIONS", Effect::Read, Effect::Read),
        ("PUT", Effect::Idempotent, Effect::Idempotent),
        ("DELETE", Effect::Idempotent, Effect::Idempotent),
        ("POST", Effect::Unsafe, Effect::Idempotent),
        ("PATCH", Effect::Unsafe, Effect::Idempotent),
    ] {
        assert_eq!(effect(json!({ "method": method })), ask, "{method}");
        assert_eq!(
            effect(json!({ "method": method, "repeat": "safe" })),
            safe,
            "{method}"
        );
    }
    assert_eq!(effect(json!({ "save_to": "/x" })), Effect::Idempotent);
}

#[tokio::test]
async fn json_keeps_its_kinds_and_parameters_are_written_safely() {
    let bench = Bench::answering(|_| json_of(&json!([]))).await;
    let sent = json!({ "n": 7, "x": 1.5, "yes": true, "none": null, "list": ["ä"] });
    let with = json!({
        "method": "POST",
        "url": bench.web.at("/x?a=1"),
        "query": { "q": "x & y=ü", "tag": ["b", "c"] },
        "headers": { "X-Note": "hello" },
        "json": sent,
    });
    bench.send(with).await.unwrap();
    let seen = bench.web.last();
    assert_eq!(serde_json::from_slice::<Value>(&seen.body).unwrap(), sent);
    assert_eq!(seen.header("content-type"), "application/json");
    assert_eq!(seen.header("x-note"), "hello");
    assert_eq!(seen.query("q").unwrap(), "x & y=ü");
    assert_eq!(seen.path, "/x?a=1&q=x+%26+y%3D%C3%BC&tag=b&tag=c");
    let own = json!({ "method": "PUT", "json": {}, "headers": { "content-type": "application/ld+json" } });
    bench.send(own).await.unwrap();
    assert_eq!(
        bench.web.last().header("content-type"),
        "application/ld+json"
    );
    assert_eq!(bench.web.last().text(), "{}");
}

#[tokio::test]
async fn forms_texts_and_files_arrive_as_what_they_are() {
    let bench = Bench::answering(|_| answer_of(204, &[], "")).await;
    let form = json!({ "method": "POST", "form": { "a": "x y&", "b": [1, 2] } });
    bench.send(form).await.unwrap();
    assert_eq!(bench.web.last().text(), "a=x+y%26&b=1&b=2");
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(bench.web.last().header("content-type"), kind);
    let text = json!({ "method": "POST", "body": "<a/>", "content_type": "text/xml" });
    bench.send(text).await.unwrap();
    assert_eq!(bench.web.last().text(), "<a/>");
    assert_eq!(bench.web.last().header("content-type"), "text/xml");
    bench.desk.put("In/a.pdf", &"pdf ".repeat(100_000));
    bench
        .send(json!({ "method": "PUT", "file": "~/In/a.pdf" }))
        .await
        .unwrap();
    let seen = bench.web.last();
    assert_eq!(seen.header("content-type"), "application/pdf");
    assert_eq!(seen.header("content-length"), "400000");
    assert_eq!(seen.body.len(), 400_000);
}

#[tokio::test]
async fn a_form_with_files_carries_names_texts_and_contents() {
    let bench = Bench::answering(|_| answer_of(201, &[], "")).await;
    bench.desk.put("In/a.txt", "the content");
    let parts = json!({ "title": "Größe", "n": 5, "doc": { "file": "~/In/a.txt" } });
    bench
        .send(json!({ "method": "POST", "parts": parts }))
        .await
        .unwrap();
    let seen = bench.web.last();
    assert!(
        seen.header("content-type")
            .starts_with("multipart/form-data; boundary=")
    );
    for part in [
        "name=\"title\"",
        "Größe",
        "name=\"doc\"",
        "filename=\"a.txt\"",
        "the content",
    ] {
        assert!(seen.text().contains(part), "{part} in {}", seen.text());
    }
    let gone = json!({ "method": "POST", "parts": { "doc": { "file": "~/In/b.txt" } } });
    let error = bench.send(gone).await.unwrap_err();
    assert_eq!(
        (error.kind, error.field.as_deref()),
        (ErrorKind::NotFound, Some("parts"))
    );
    let outside = json!({ "method": "POST", "parts": { "doc": { "file": "/etc/passwd" } } });
    assert!(
        bench
            .send(outside)
            .await
            .unwrap_err()
            .message
            .contains("outside")
    );
    assert_eq!(
        bench.web.seen().len(),
        1,
        "nothing was sent for what isn't there"
    );
}

#[tokio::test]
async fn answers_become_values_by_what_they_say_and_what_they_are() {
    let bench = Bench::answering(|seen| match seen.path.as_str() {
        "/json" => answer_of(
            200,
            &[("content-type", "application/vnd.api+json")],
            r#"{"n":1}"#,
        ),
        "/unsaid" => answer_of(200, &[], r#" [1, "x"]"#),
        "/broken" => answer_of(200, &[("content-type", "application/json")], "{oops"),
        "/latin" => answer_of(
            200,
            &[("content-type", "text/plain; charset=iso-8859-1")],
            b"Gr\xfc\xdfe".to_vec(),
        ),
        "/html" => answer_of(200, &[("content-type", "text/html")], "[<b>]"),
        "/empty" => answer_of(200, &[("x-a", "1"), ("x-a", "2")], ""),
        _ => answer_of(
            200,
            &[("content-type", "image/png")],
            b"\x89PNG\r\n\x1a\n\0\0".to_vec(),
        ),
    })
    .await;
    let body = async |path: &str| {
        let output = bench
            .send(json!({ "url": bench.web.at(path) }))
            .await
            .unwrap();
        output["body"].clone()
    };
    assert_eq!(body("/json").await, json!({ "n": 1 }));
    assert_eq!(body("/unsaid").await, json!([1, "x"]));
    assert_eq!(body("/broken").await, json!("{oops"));
    assert_eq!(body("/latin").await, json!("Grüße"));
    assert_eq!(body("/html").await, json!("[<b>]"));
    let empty = bench
        .send(json!({ "url": bench.web.at("/empty") }))
        .await
        .unwrap();
    assert_eq!(
        (&empty["body"], &empty["headers"]["x-a"]),
        (&json!(""), &json!("1, 2"))
    );
    let picture = bench
        .send(json!({ "url": bench.web.at("/png") }))
        .await
        .unwrap_err();
    assert!(picture.message.contains("isn't text") && picture.hint.unwrap().contains("file"));
    // Where something was done, an answer that can't be shown is no failure.
    let with = json!({ "method": "POST", "url": bench.web.at("/png") });
    assert_eq!(bench.send(with).await.unwrap()["body"], Value::Null);
}

#[tokio::test]
async fn an_unwelcome_answer_names_the_server_the_status_and_what_was_said() {
    let bench = Bench::answering(|seen| {
        let status = seen.path[1..].parse().unwrap();
        let said = json!({ "error": { "message": "No order  of that\nnumber." } });
        answer_of(
            status,
            &[("content-type", "application/json")],
            said.to_string(),
        )
    })
    .await;
    let host = bench.web.origin.strip_prefix("http://").unwrap();
    for (status, kind) in [
        (400, ErrorKind::Rejected),
        (401, ErrorKind::Rejected),
        (403, ErrorKind::Rejected),
        (404, ErrorKind::NotFound),
        (429, ErrorKind::RateLimited),
    ] {
        let with = json!({ "method": "POST", "url": bench.web.at(&format!("/{status}")) });
        let error = bench.send(with).await.unwrap_err();
        assert_eq!(error.kind, kind, "{status}: {error:?}");
        assert!(
            !error.may_have_happened,
            "{status} proves that nothing was done"
        );
        let words = [host, &status.to_string(), "“No order of that number”"];
        for word in words {
            assert!(error.message.contains(word), "{word} in {}", error.message);
        }
    }
    let with = json!({ "method": "POST", "url": bench.web.at("/500") });
    let error = bench.send(with).await.unwrap_err();
    assert!(error.may_have_happened, "a 500 proves nothing: {error:?}");
}

#[tokio::test]
async fn who_must_sign_in_is_told_with_which_connection() {
    let bench = Bench::answering(|_| answer_of(401, &[], "")).await;
    let error = bench.send(json!({})).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(error.hint.unwrap().contains("add a connection"));
    let using = Using::bearer(&bench.web.origin, "t0k3n");
    let ports = bench
        .ports
        .clone()
        .with_net(Arc::clone(&bench.ports.net), using);
    let with = json!({ "url": "/x" });
    let error = run_with(&bench.desk, &ports, with).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
    assert!(error.hint.unwrap().contains("“My server”"));
}

#[tokio::test]
async fn the_person_says_which_statuses_are_fine() {
    let bench = Bench::answering(|seen| answer_of(seen.path[1..].parse().unwrap(), &[], "")).await;
    let ask = async |method: &str, status: u16, expect: Value| {
        let url = bench.web.at(&format!("/{status}"));
        bench
            .send(json!({ "method": method, "url": url, "expect": expect }))
            .await
    };
    assert_eq!(
        ask("GET", 404, json!([200, "404"])).await.unwrap()["status"],
        404
    );
    assert_eq!(ask("GET", 418, json!("4xx")).await.unwrap()["status"], 418);
    assert!(ask("GET", 200, json!([201])).await.is_err());
    // What is to be deleted may be gone already, unless the person says that it must not.
    let gone = ask("DELETE", 404, json!(null)).await.unwrap();
    assert_eq!(gone["status"], 404);
    assert!(ask("DELETE", 404, json!("2xx")).await.is_err());
    let done = ask("POST", 202, json!([201])).await.unwrap_err();
    assert!(done.may_have_happened, "202 says that it was accepted");
    let unread = ask("GET", 200, json!(["soon"])).await.unwrap_err();
    assert_eq!(unread.field.as_deref(), Some("expect"));
}

#[tokio::test]
async fn a_service_that_asks_for_patience_is_not_asked_before() {
    let bench = Bench::answering(|_| answer_of(429, &[("retry-after", "120")], "slow down")).await;
    let error = bench.send(json!({})).await.unwrap_err();
    let wait = error.not_before.expect("a time").as_second();
    assert!((120..=140).contains(&wait), "the clock stands at 0: {wait}");
}

#[tokio::test]
async fn what_is_wrong_in_the_fields_is_said_before_anything_is_sent() {
    let bench = Bench::answering(|_| answer_of(200, &[], "")).await;
    for (with, field) in [
        (json!({ "url": "api.example.com/x" }), "url"),
        (json!({ "url": "/orders" }), "url"),
        (json!({ "url": "ftp://example.com" }), "url"),
        (json!({ "url": "https://ada:pw@example.com" }), "url"),
        (json!({ "url": "https://exa\nmple.com" }), "url"),
        (json!({ "headers": { "X-A": "a\r\nX-B: b" } }), "headers"),
        (json!({ "headers": { "X A": "a" } }), "headers"),
        (json!({ "headers": { "Host": "a" } }), "headers"),
        (json!({ "query": { "a": { "b": 1 } } }), "query"),
        (json!({ "method": "POST", "json": {}, "body": "x" }), "body"),
        (
            json!({ "method": "POST", "parts": { "a": { "file": "a.txt" } } }),
            "parts",
        ),
        (json!({ "timeout": "2h" }), "timeout"),
        (json!({ "paging": { "style": "pages" } }), "paging"),
        (json!({ "paging": { "style": "token" } }), "paging"),
        (
            json!({ "paging": { "style": "page", "sice": 5 } }),
            "paging",
        ),
        (
            json!({ "method": "POST", "paging": { "style": "page" } }),
            "paging",
        ),
    ] {
        let error = bench.send(with.clone()).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field), "{with}: {error:?}");
        assert!(
            error.hint.is_some() && error.kind == ErrorKind::BadInput,
            "{with}: {error:?}"
        );
    }
    assert!(bench.web.seen().is_empty());
}

#[tokio::test]
async fn with_a_connection_an_address_may_begin_at_its_server() {
    let bench = Bench::answering(|_| answer_of(200, &[], "")).await;
    let base = bench.web.at("/api/");
    let ports = bench.ports.clone();
    let ports = ports
        .clone()
        .with_net(ports.net, Using::bearer(&base, "t0k3n"));
    let with = json!({ "url": "/orders?x=1" });
    run_with(&bench.desk, &ports, with).await.unwrap();
    let seen = bench.web.last();
    assert_eq!(seen.path, "/api/orders?x=1");
    assert_eq!(seen.header("authorization"), "Bearer t0k3n");
}

fn numbers(range: std::ops::Range<u64>) -> Vec<Value> {
    range.map(|n| json!({ "id": n })).collect()
}

/// A list of 25 in pages of ten, in every style.
fn paged(seen: &Seen) -> Response<Body> {
    let number = |name: &str| seen.query(name).and_then(|text| text.parse::<u64>().ok());
    let start = match seen.path.split('?').next().unwrap() {
        "/page" => (number("page").unwrap() - 1) * 10,
        "/offset" => number("offset").unwrap(),
        _ => number("after").unwrap_or(0),
    };
    let items = numbers(start.min(25)..(start + 10).min(25));
    let next = (start + 10 < 25).then_some(start + 10);
    let link = next.map(|next| {
        format!("</link?a,b>; rel=first, </link?x=a,b&after={next}>; title=\"a\"; rel=\"next\"")
    });
    let body = json!({
        "data": items,
        "next": next.map(|next| format!("/body?after={next}")),
        "meta": { "cursor": next },
    });
    let link = link.unwrap_or_default();
    answer_of(
        200,
        &[("content-type", "application/json"), ("link", &link)],
        body.to_string(),
    )
}

#[tokio::test]
async fn pages_of_every_style_are_joined_into_one_list() {
    let bench = Bench::answering(paged).await;
    for (path, paging, requests) in [
        ("/link", json!({ "style": "next_link" }), 3),
        ("/body", json!({ "style": "next_link", "from": "next" }), 3),
        (
            "/token",
            json!({ "style": "token", "from": "meta.cursor", "send": "after" }),
            3,
        ),
        ("/page", json!({ "style": "page", "size": 10 }), 3),
        (
            "/page",
            json!({ "style": "page", "from": 1, "items": "data" }),
            4,
        ),
        ("/offset", json!({ "style": "offset", "size": 10 }), 3),
        ("/offset", json!({ "style": "offset" }), 4),
    ] {
        let before = bench.web.seen().len();
        let with = json!({ "url": bench.web.at(path), "query": { "x": "1" }, "paging": paging });
        let output = bench.send(with).await.unwrap();
        assert_eq!(output["body"], json!(numbers(0..25)), "{path} {paging}");
        assert_eq!(output["count"], 25);
        assert_eq!(bench.web.seen().len() - before, requests, "{path} {paging}");
    }
}

#[tokio::test]
async fn a_list_without_an_end_is_given_up_with_an_honest_sentence() {
    let bench = Bench::answering(|seen| match seen.path.split('?').next().unwrap() {
        "/loop" => json_of(&json!({ "items": [1], "next": "/loop?again=1" })),
        "/same" => json_of(&json!([1, 2, 3])),
        _ => json_of(&json!([seen.path])),
    })
    .await;
    let ask = async |path: &str, paging: Value| {
        bench
            .send(json!({ "url": bench.web.at(path), "paging": paging }))
            .await
    };
    let looping = ask("/loop", json!({ "style": "next_link", "from": "next" }))
        .await
        .unwrap_err();
    assert!(looping.message.contains("again and again"), "{looping:?}");
    let endless = ask("/endless", json!({ "style": "page", "most": 5 }))
        .await
        .unwrap_err();
    assert_eq!(endless.kind, ErrorKind::TooLarge);
    assert!(endless.message.contains("more than 5 items"), "{endless:?}");
    // A service that gives its last page for ever has come to its end.
    let same = ask("/same", json!({ "style": "page" })).await.unwrap();
    assert_eq!(same["count"], 3);
}

#[tokio::test]
async fn a_download_appears_whole_and_done_again_only_once() {
    let content = "x".repeat(3_000_000);
    let expected = content.clone();
    let bench = Bench::answering(move |_| answer_of(200, &[], content.clone())).await;
    let with = json!({ "url": bench.web.at("/files/Report%201.pdf?x=1"), "save_to": "~/Out/" });
    let plan = bench
        .desk
        .plan_by(&bench.ports, "http.request", with.clone())
        .await
        .unwrap();
    for _ in 0..2 {
        let run = bench
            .desk
            .run_by(&bench.ports, "http.request", with.clone(), &plan);
        let output = run.await.unwrap();
        assert_eq!(output["path"], json!(bench.desk.at("Out/Report 1.pdf")));
        assert_eq!(
            (&output["size"], &output["body"]),
            (&json!(3_000_000), &Value::Null)
        );
    }
    assert_eq!(bench.desk.text("Out/Report 1.pdf"), expected);
    let names = std::fs::read_dir(bench.desk.at("Out")).unwrap().count();
    assert_eq!(names, 1, "neither a second file nor a part of one is left");
    // Another event keeps both; "replace" doesn't.
    let output = bench.send(with.clone()).await.unwrap();
    assert_eq!(output["path"], json!(bench.desk.at("Out/Report 1 (2).pdf")));
    let mut with = with;
    with["if_exists"] = json!("replace");
    let output = bench.send(with.clone()).await.unwrap();
    assert_eq!(output["path"], json!(bench.desk.at("Out/Report 1.pdf")));
    with["if_exists"] = json!("fail");
    assert_eq!(
        bench.send(with).await.unwrap_err().kind,
        ErrorKind::Conflict
    );
}

#[tokio::test]
async fn a_download_that_breaks_off_leaves_nothing_behind() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nonly a little";
            stream.write_all(answer).await.unwrap();
        }
    });
    let desk = Desk::with(&[]);
    let ports = reaching(&desk.ports, &[&origin]);
    let with = json!({ "url": format!("{origin}/a.bin"), "save_to": "~/Out/a.bin" });
    let error = run_with(&desk, &ports, with).await.unwrap_err();
    assert!(error.kind.is_temporary(), "{error:?}");
    assert_eq!(std::fs::read_dir(desk.at("Out")).unwrap().count(), 0);
    // What was sent before the answer broke off may have been done.
    let with = json!({ "method": "POST", "url": format!("{origin}/a") });
    assert!(
        run_with(&desk, &ports, with)
            .await
            .unwrap_err()
            .may_have_happened
    );
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_refused_but_can_be_saved() {
    let bench = Bench::answering(|_| answer_of(200, &[], "x".repeat(10_000_001))).await;
    let error = bench.send(json!({})).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert!(error.message.contains("10 MB") && error.hint.unwrap().contains("file"));
    let error = bench.send(json!({ "method": "POST" })).await.unwrap_err();
    assert!(error.may_have_happened, "the service had accepted it");
    let output = bench
        .send(json!({ "save_to": "~/Out/long.txt" }))
        .await
        .unwrap();
    assert_eq!(output["size"], 10_000_001);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up_in_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let desk = Desk::with(&[]);
    let ports = reaching(&desk.ports, &[&origin]);
    let with = json!({ "method": "POST", "url": origin, "timeout": "1s" });
    let error = run_with(&desk, &ports, with).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.may_have_happened, "it was sent: {error:?}");
}

#[tokio::test]
async fn a_preview_asks_but_neither_sends_nor_saves() {
    let bench = Bench::answering(|_| json_of(&json!({ "n": 1 }))).await;
    let (preview, cards) = bench.desk.preview();
    let ports = web::previewing(&preview, &bench.ports, &cards);
    let asked = json!({ "url": bench.web.at("/x") });
    assert_eq!(
        run_with(&bench.desk, &ports, asked).await.unwrap()["body"]["n"],
        1
    );
    assert!(cards.is_empty());
    let before = bench.desk.snapshot();
    let saved = json!({ "url": bench.web.at("/x"), "save_to": "~/Out/a.json" });
    run_with(&bench.desk, &ports, saved).await.unwrap_err();
    let card = cards.take().pop().unwrap();
    assert!(card.summary.contains("~/Out/a.json"), "{card:?}");
    let seen = bench.web.seen().len();
    let sent = json!({ "method": "POST", "url": bench.web.at("/x"), "json": { "a": 1 } });
    run_with(&bench.desk, &ports, sent).await.unwrap_err();
    let card = cards.take().pop().unwrap();
    assert_eq!(card.kind, "request");
    assert!(card.summary.contains("POST"), "{card:?}");
    assert_eq!(bench.web.seen().len(), seen, "nothing was sent");
    assert_eq!(bench.desk.snapshot(), before, "nothing was saved");
}
