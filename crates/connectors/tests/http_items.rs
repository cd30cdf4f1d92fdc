//! `http.new_items` against a real server.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;
mod web;

use axum::{body::Body, http::Response};
use desk::Desk;
use errand_connectors::{
    Poll, Registry, check_input,
    poll::{Ask, Found, Page},
    ports::Ports,
};
use errand_model::{StepError, Value};
use serde_json::json;
use web::{Seen, Web, answer_of, json_of, reaching};

struct Bench {
    desk: Desk,
    web: Web,
    ports: Ports,
    registry: Registry,
}

impl Bench {
    async fn answering(respond: impl Fn(&Seen) -> Response<Body> + Send + Sync + 'static) -> Self {
        let (desk, web) = (Desk::with(&[]), Web::answering(respond).await);
        let ports = reaching(&desk.ports, &[&web.origin]);
        let registry = Registry::builtin();
        Self {
            desk,
            web,
            ports,
            registry,
        }
    }

    fn poll(&self) -> &dyn Poll {
        self.registry.poll("http.new_items").unwrap()
    }

    fn input(&self, with: Value) -> errand_model::Map {
        let mut with = with.as_object().unwrap().clone();
        with.entry("url")
            .or_insert_with(|| self.web.at("/list").into());
        check_input(&self.poll().info().fields, with, &self.desk.home).unwrap()
    }

    async fn page(&self, with: Value, cursor: &Value, page: &Value) -> Result<Page, StepError> {
        let input = self.input(with);
        let ask = Ask {
            input: &input,
            ports: &self.ports,
            cursor,
            page,
        };
        self.poll().page(&ask).await
    }

    async fn first(&self, with: Value) -> Result<Page, StepError> {
        self.page(with, &Value::Null, &Value::Null).await
    }

    async fn look(&self, with: Value) -> Result<Found, StepError> {
        let input = self.input(with);
        let ask = Ask {
            input: &input,
            ports: &self.ports,
            cursor: &Value::Null,
            page: &Value::Null,
        };
        self.poll().look(&ask).await
    }
}

fn keys(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.key.as_str()).collect()
}

#[tokio::test]
async fn items_carry_their_fields_their_key_and_their_time() {
    let bench = Bench::answering(|_| {
        json_of(&json!({ "data": { "orders": [
            { "id": 7, "no": "A-7", "at": "2026-11-24T12:00:00Z", "item": "tea" },
            { "id": 8, "no": "A-8", "at": 1_795_608_000 },
        ] } }))
    })
    .await;
    let with = json!({ "items": "data.orders", "key": "no", "newest": "at" });
    let page = bench.first(with).await.unwrap();
    assert_eq!(keys(&page), ["A-7", "A-8"]);
    assert_eq!(
        page.items[0].occurred.unwrap().to_string(),
        "2026-11-24T12:00:00Z"
    );
    assert!(page.items[1].occurred.is_some() && page.next.is_none() && !page.unchanged);
    assert_eq!(page.items[0].payload["id"], 7);
    assert_eq!(page.items[0].payload["item"]["item"], "tea");
    // The only list needs no name, and the id no mention.
    let page = bench.first(json!({})).await.unwrap();
    assert_eq!(keys(&page), ["7", "8"]);
}

#[tokio::test]
async fn without_an_id_the_whole_item_makes_itself_whatever_the_order_of_its_fields() {
    let bench = Bench::answering(|seen| {
        json_of(&match seen.path.as_str() {
            "/one" => json!([{ "a": 1, "b": 2 }, { "a": 1, "b": 3 }, "text"]),
            _ => json!([{ "b": 2, "a": 1 }]),
        })
    })
    .await;
    let one = bench
        .first(json!({ "url": bench.web.at("/one") }))
        .await
        .unwrap();
    let other = bench
        .first(json!({ "url": bench.web.at("/two") }))
        .await
        .unwrap();
    assert_eq!(one.items[0].key, other.items[0].key);
    assert_ne!(one.items[0].key, one.items[1].key);
    assert_eq!(one.items[2].payload, json!({ "item": "text" }));
}

#[tokio::test]
async fn an_unchanged_list_is_not_sent_again() {
    let bench = Bench::answering(|seen| match seen.header("if-none-match") {
        "\"v1\"" => answer_of(304, &[], ""),
        _ => {
            let headers = [("etag", "\"v1\""), ("content-type", "application/json")];
            answer_of(200, &headers, r#"[{"id":1}]"#)
        }
    })
    .await;
    let first = bench.first(json!({})).await.unwrap();
    assert_eq!(bench.web.last().header("if-none-match"), "");
    let second = bench
        .page(json!({}), &first.cursor, &Value::Null)
        .await
        .unwrap();
    assert!(second.unchanged && second.items.is_empty());
    assert_eq!(second.cursor, first.cursor);
    // Other fields may find another list behind the same answer.
    let other = bench
        .page(json!({ "key": "id" }), &first.cursor, &Value::Null)
        .await
        .unwrap();
    assert_eq!(keys(&other), ["1"]);
}

#[tokio::test]
async fn a_feed_of_xml_is_a_list_too_even_with_one_item_or_none() {
    let feed = |items: &str| {
        format!("<?xml version=\"1.0\"?><rss><channel><title>x</title>{items}</channel></rss>")
    };
    let bench = Bench::answering(move |seen| {
        let items = match seen.path.as_str() {
            "/two" => "<item><guid>1</guid></item><item><guid a=\"b\">2</guid></item>",
            "/one" => "<item><guid>1</guid><pubDate>Tue, 24 Nov 2026 12:00:00 GMT</pubDate></item>",
            _ => "",
        };
        answer_of(200, &[("content-type", "application/rss+xml")], feed(items))
    })
    .await;
    let ask = async |path: &str| {
        let with = json!({
            "url": bench.web.at(path), "items": "rss.channel.item", "key": "guid", "newest": "pubDate",
        });
        bench.first(with).await.unwrap()
    };
    let two = ask("/two").await;
    assert_eq!(keys(&two), ["1", "2"]);
    let one = ask("/one").await;
    assert_eq!(one.items[0].key, "1");
    assert_eq!(
        one.items[0].occurred.unwrap().to_string(),
        "2026-11-24T12:00:00Z"
    );
    assert!(ask("/none").await.items.is_empty());
}

#[tokio::test]
async fn pages_are_read_one_after_the_other_and_without_conditions() {
    let bench = Bench::answering(|seen| {
        let page: u64 = seen.query("page").unwrap().parse().unwrap();
        let items: Vec<_> = (page * 10..page * 10 + 10)
            .map(|id| json!({ "id": id }))
            .collect();
        let items = if page < 3 { items } else { Vec::new() };
        answer_of(200, &[("etag", "\"v1\"")], json!(items).to_string())
    })
    .await;
    let with = json!({ "paging": { "style": "page" } });
    let (mut at, mut cursor, mut found) = (Value::Null, Value::Null, Vec::new());
    for _ in 0..3 {
        let page = bench.page(with.clone(), &cursor, &at).await.unwrap();
        found.extend(page.items.iter().map(|item| item.key.clone()));
        (at, cursor) = (page.next.unwrap_or_default(), page.cursor);
    }
    assert_eq!((found.len(), at), (20, Value::Null));
    bench.page(with, &cursor, &Value::Null).await.unwrap();
    assert!(
        bench
            .web
            .seen()
            .iter()
            .all(|seen| seen.header("if-none-match").is_empty())
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_is_said_with_what_to_do() {
    let bench = Bench::answering(|seen| match seen.path.as_str() {
        "/html" => answer_of(
            200,
            &[("content-type", "text/html")],
            "<html>Sign in</html>",
        ),
        "/text" => answer_of(200, &[], "hello"),
        "/keyless" => json_of(&json!([{ "id": 1 }, { "name": "x" }])),
        "/moved" => json_of(&json!({ "result": { "orders": [{ "id": 1 }] } })),
        "/bomb" => answer_of(
            200,
            &[],
            "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        ),
        _ => answer_of(503, &[("retry-after", "60")], "later"),
    })
    .await;
    for (path, word) in [
        ("/html", "web page"),
        ("/text", "neither JSON nor XML"),
        ("/keyless", "“id”"),
        ("/moved", "“data.orders”"),
        ("/bomb", "definitions"),
        ("/busy", "503"),
    ] {
        let place = if path == "/moved" { "data.orders" } else { "" };
        let with = json!({ "url": bench.web.at(path), "items": place, "key": "id" });
        let error = bench.first(with).await.unwrap_err();
        assert!(error.message.contains(word), "{path}: {error:?}");
        assert!(error.hint.is_some() || path == "/busy", "{path}: {error:?}");
    }
    let error = bench
        .first(json!({ "url": bench.web.at("/busy") }))
        .await
        .unwrap_err();
    assert!(error.not_before.is_some() && error.kind.is_temporary());
}

#[tokio::test]
async fn the_builder_is_offered_the_list_its_key_and_its_times() {
    let answer = json!({ "data": { "orders": [
        { "id": 7, "at": "2026-11-24T12:00:00Z", "created_at": "2026-11-24T12:00:00Z" },
        { "id": 8, "at": "x", "created_at": "2026-11-25T12:00:00Z" },
    ], "tags": ["a"] } });
    let given = answer.clone();
    let bench = Bench::answering(move |_| json_of(&given)).await;
    let found = bench.look(json!({})).await.unwrap();
    assert_eq!(found.sample, answer);
    let list = &found.lists[0];
    assert_eq!((list.path.as_str(), list.count), ("data.orders", 2));
    assert_eq!(
        (&list.keys[..], &list.newest[..]),
        (&["id".to_owned()][..], &["created_at".to_owned()][..])
    );
    assert_eq!(found.lists[1].path, "data.tags");
}
