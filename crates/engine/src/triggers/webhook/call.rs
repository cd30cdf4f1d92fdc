//! One call of a webhook: what arrived, what a run sees of it, and which name its sender gave it.
//! Pure. What a sender calls its content is a hint and not believed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use errand_model::{Map, Timestamp, Value};
use errand_relay::{Delivery, Sealed};
use serde_json::json;
use url::form_urlencoded;

use super::verify::Profile;

/// A call as it arrived.
#[derive(Debug, Clone)]
pub struct HookCall {
    /// What stood behind `/h/`.
    pub token: String,
    /// `POST` and so on.
    pub method: String,
    /// What stood behind the token: empty, or with its `/`.
    pub path: String,
    /// What stood behind `?`; may be empty.
    pub query: String,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The bytes as they came.
    pub body: Vec<u8>,
    /// When it arrived, here or at the relay.
    pub arrived: Timestamp,
    /// What makes it itself when it arrives here twice, if its sender gave it no name.
    pub delivery: Option<String>,
}

/// Words in the names of headers that stand for secrets. Such headers never become part of an event,
/// so that no history, log or export holds them.
const SECRET: [&str; 9] = [
    "authorization",
    "cookie",
    "signature",
    "hmac",
    "token",
    "secret",
    "password",
    "api-key",
    "apikey",
];

impl HookCall {
    /// A call that waited at a relay.
    pub(crate) fn from_relay(delivery: Delivery, channel: &str, message: &Sealed) -> Self {
        let path = delivery.path.as_str();
        let token = path.split('/').next().unwrap_or_default();
        let rest = path.strip_prefix(token).unwrap_or_default();
        Self {
            token: token.to_owned(),
            method: delivery.method,
            path: rest.to_owned(),
            query: delivery.query,
            headers: delivery.headers,
            body: delivery.body,
            arrived: Timestamp::from_millisecond(message.at).unwrap_or_default(),
            delivery: Some(format!("relay:{channel}:{}", message.seq)),
        }
    }

    /// The first header of that name (in lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What a run sees. Bytes that aren't text come as Base64 in `raw`, and `body` is null.
    pub(crate) fn payload(&self) -> Value {
        let text = std::str::from_utf8(&self.body);
        let raw = match text {
            Ok(text) => text.to_owned(),
            Err(_) => STANDARD.encode(&self.body),
        };
        json!({
            "body": text.map_or(Value::Null, |text| self.read(text)),
            "query": pairs(self.query.as_bytes()),
            "headers": self.shown_headers(),
            "method": self.method,
            "path": if self.path.is_empty() { "/" } else { self.path.as_str() },
            "raw": raw,
        })
    }

    fn read(&self, text: &str) -> Value {
        let kind = self.header("content-type").unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        let begins = text.trim_start().starts_with(['{', '[']);
        if (begins || kind.contains("json"))
            && let Ok(value) = serde_json::from_str(text)
        {
            return value;
        }
        match text {
            "" => Value::Null,
            form if kind.starts_with("application/x-www-form-urlencoded") => {
                Value::Object(pairs(form.as_bytes()))
            }
            text => text.into(),
        }
    }

    fn shown_headers(&self) -> Map {
        let mut shown = Map::new();
        let is_secret = |name: &str| SECRET.iter().any(|word| name.contains(word));
        for (name, value) in self.headers.iter().filter(|(name, _)| !is_secret(name)) {
            match shown.get_mut(name) {
                Some(Value::String(before)) => {
                    before.push_str(", ");
                    before.push_str(value);
                }
                _ => {
                    shown.insert(name.clone(), value.as_str().into());
                }
            }
        }
        shown
    }

    /// The name that the sender gave to what it tells, the same when it tells it again. Where calls
    /// are signed, no other sender's names count: those could be put in by whoever repeats a call.
    pub(crate) fn same_as(&self, profile: Option<&Profile>, body: &Value) -> Option<String> {
        let name = match profile {
            Some(profile) => self.named_by(profile, body),
            None => self.named_by_anyone(body),
        };
        name.or_else(|| self.delivery.clone())
    }

    fn named_by_anyone(&self, body: &Value) -> Option<String> {
        let of = |profile: &Profile| self.named_by(profile, body);
        let signed = |header: &str| self.header(header).is_some();
        of(&Profile::StandardWebhooks)
            .or_else(|| of(&Profile::Github))
            .or_else(|| of(&Profile::Shopify))
            .or_else(|| of(&Profile::Stripe).filter(|_| signed("stripe-signature")))
            .or_else(|| of(&Profile::Slack).filter(|_| signed("x-slack-signature")))
            .or_else(|| self.named("key", "idempotency-key"))
    }

    fn named_by(&self, profile: &Profile, body: &Value) -> Option<String> {
        let in_body = |kind: &str, field: &str| {
            let name = body.get(field).and_then(Value::as_str);
            name.map(|name| format!("{kind}:{name}"))
        };
        match profile {
            Profile::StandardWebhooks => {
                let renamed = || self.named("standard", "svix-id");
                self.named("standard", "webhook-id").or_else(renamed)
            }
            Profile::Github => self.named("github", "x-github-delivery"),
            Profile::Shopify => {
                let older = || self.named("shopify", "x-shopify-event-id");
                self.named("shopify", "x-shopify-webhook-id").or_else(older)
            }
            Profile::Stripe => in_body("stripe", "id"),
            Profile::Slack => in_body("slack", "event_id"),
            Profile::Generic { .. } => self.named("key", "idempotency-key"),
        }
    }

    fn named(&self, kind: &str, header: &str) -> Option<String> {
        let name = self.header(header)?;
        Some(format!("{kind}:{name}"))
    }

    /// What a service wants to hear when it only tries whether the address is right.
    pub(crate) fn handshake(&self, profile: &Profile, body: &Value) -> Option<String> {
        match profile {
            Profile::Slack if body["type"] == "url_verification" => {
                Some(body["challenge"].as_str().unwrap_or_default().to_owned())
            }
            Profile::Github if self.header("x-github-event") == Some("ping") => Some("pong".into()),
            _ => None,
        }
    }
}

/// Names and values; a name that comes several times has a list.
fn pairs(text: &[u8]) -> Map {
    let mut found = Map::new();
    for (name, value) in form_urlencoded::parse(text) {
        let value = Value::from(value.into_owned());
        match found.get_mut(name.as_ref()) {
            Some(Value::Array(values)) => values.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
            None => {
                found.insert(name.into_owned(), value);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(content_type: &str, body: &[u8]) -> HookCall {
        HookCall {
            token: String::new(),
            method: "POST".into(),
            path: String::new(),
            query: "a=1&a=2&b=x%20y".into(),
            headers: vec![("content-type".into(), content_type.into())],
            body: body.to_vec(),
            arrived: Timestamp::UNIX_EPOCH,
            delivery: None,
        }
    }

    #[test]
    fn what_was_sent_is_read_by_what_it_is_and_not_by_what_it_is_called() {
        for (kind, body, expected) in [
            ("application/json", r#"{"a":1}"#, json!({ "a": 1 })),
            ("text/plain", r#" [1, 2]"#, json!([1, 2])),
            ("", r#"{"a":1}"#, json!({ "a": 1 })),
            ("application/cloudevents+json", "17", json!(17)),
            ("application/json", "{broken", json!("{broken")),
            (
                "application/x-www-form-urlencoded",
                "name=Ada+L&n=1",
                json!({ "name": "Ada L", "n": "1" }),
            ),
            ("text/plain", "name=Ada", json!("name=Ada")),
            ("application/json", "", Value::Null),
        ] {
            let payload = call(kind, body.as_bytes()).payload();
            assert_eq!(payload["body"], expected, "{kind} {body}");
            assert_eq!(payload["raw"], body);
        }
    }

    #[test]
    fn bytes_that_are_no_text_come_as_base64() {
        let payload = call("image/png", &[0xff, 0xfe, 0]).payload();
        assert_eq!(payload["body"], Value::Null);
        assert_eq!(payload["raw"], "//4A");
    }

    #[test]
    fn names_that_come_twice_have_both_values() {
        let payload = call("", b"").payload();
        assert_eq!(payload["query"], json!({ "a": ["1", "2"], "b": "x y" }));
        assert_eq!(payload["path"], "/");
    }

    #[test]
    fn headers_with_secrets_are_left_out() {
        let mut call = call("", b"");
        for name in [
            "authorization",
            "cookie",
            "x-hub-signature-256",
            "x-api-key",
            "x-gitlab-token",
        ] {
            call.headers.push((name.into(), "canary".into()));
        }
        call.headers.push(("x-twice".into(), "1".into()));
        call.headers.push(("x-twice".into(), "2".into()));
        let payload = call.payload();
        assert!(!payload.to_string().contains("canary"), "{payload}");
        assert_eq!(payload["headers"]["x-twice"], "1, 2");
    }

    #[test]
    fn who_only_tries_the_address_hears_what_they_expect() {
        let slack = json!({ "type": "url_verification", "challenge": "3eZbrw1aB" });
        let expected = call("", b"").handshake(&Profile::Slack, &slack);
        assert_eq!(expected.as_deref(), Some("3eZbrw1aB"));
        let mut ping = call("", b"");
        ping.headers.push(("x-github-event".into(), "ping".into()));
        assert!(ping.handshake(&Profile::Github, &Value::Null).is_some());
        assert!(ping.handshake(&Profile::Shopify, &slack).is_none());
        assert!(call("", b"").handshake(&Profile::Github, &slack).is_none());
    }

    #[test]
    fn a_call_that_waited_at_a_relay_keeps_its_time_and_is_known_when_it_comes_again() {
        let delivery = Delivery {
            method: "POST".into(),
            path: "abc/orders".into(),
            query: String::new(),
            headers: Vec::new(),
            body: b"{}".to_vec(),
        };
        let message = Sealed {
            seq: 7,
            at: 1_500,
            sealed: Vec::new(),
        };
        let call = HookCall::from_relay(delivery, "mine", &message);
        assert_eq!(
            (call.token.as_str(), call.path.as_str()),
            ("abc", "/orders")
        );
        assert_eq!(call.arrived.as_millisecond(), 1_500);
        let name = call.same_as(None, &Value::Null);
        assert_eq!(name.as_deref(), Some("relay:mine:7"));
    }

    #[test]
    fn where_calls_are_signed_a_name_that_is_not_does_not_count() {
        let mut call = call("", b"");
        call.headers
            .push(("idempotency-key".into(), "again".into()));
        let body = json!({ "id": "evt_1" });
        let name = call.same_as(Some(&Profile::Stripe), &body);
        assert_eq!(name.as_deref(), Some("stripe:evt_1"));
    }

    #[test]
    fn a_delivery_is_known_by_the_name_its_sender_gave_it() {
        let body = json!({ "id": "evt_1", "event_id": "Ev1" });
        let with = |name: &str| {
            let mut call = call("", b"");
            call.headers.push((name.into(), "d1".into()));
            call
        };
        for (header, name) in [
            ("webhook-id", "standard:d1"),
            ("x-github-delivery", "github:d1"),
            ("x-shopify-webhook-id", "shopify:d1"),
            ("stripe-signature", "stripe:evt_1"),
            ("x-slack-signature", "slack:Ev1"),
            ("idempotency-key", "key:d1"),
        ] {
            let found = with(header).same_as(None, &body);
            assert_eq!(found.as_deref(), Some(name), "{header}");
        }
        assert_eq!(
            call("", b"").same_as(None, &body),
            None,
            "an id in the body of an unknown sender may mean anything"
        );
    }
}
