//! A real web server on this computer that remembers what it was asked, and ports that reach it.

#![allow(dead_code, reason = "every test file uses another part of it")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Response, Uri},
};
use errand_connectors::ports::{
    Cards, Clock, NoSecrets, Ports, Secrets,
    net::{HostGrants, PreviewNet, RealNet, Wire},
    secrets::Account,
};
use errand_model::{StepError, Timestamp, Value};
use serde_json::json;

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// A parameter of the address, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let url = url::Url::parse("http://x")
            .unwrap()
            .join(&self.path)
            .unwrap();
        let mut pairs = url.query_pairs();
        let found = pairs.find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }
}

type Respond = Arc<dyn Fn(&Seen) -> Response<Body> + Send + Sync>;

/// The server.
pub(crate) struct Web {
    pub(crate) origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Web {
    /// Answers every request by that function.
    pub(crate) async fn answering(
        respond: impl Fn(&Seen) -> Response<Body> + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let respond: Respond = Arc::new(respond);
        let app = Router::new()
            .fallback(answer)
            .with_state((Arc::clone(&seen), respond));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { origin, seen }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn last(&self) -> Seen {
        self.seen().pop().expect("a request arrived")
    }
}

async fn answer(
    State((seen, respond)): State<(Arc<Mutex<Vec<Seen>>>, Respond)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let request = Seen {
        method: method.to_string(),
        path: uri.to_string(),
        headers,
        body: body.to_vec(),
    };
    let answer = respond(&request);
    seen.lock().unwrap().push(request);
    answer
}

/// An answer of JSON.
pub(crate) fn json_of(value: &Value) -> Response<Body> {
    answer_of(
        200,
        &[("content-type", "application/json")],
        value.to_string(),
    )
}

/// An answer with these headers.
pub(crate) fn answer_of(
    status: u16,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Response<Body> {
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    answer.body(body.into()).unwrap()
}

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A connection that is open.
pub(crate) struct Using(pub(crate) Arc<Account>);

impl Using {
    pub(crate) fn bearer(address: &str, token: &str) -> Arc<dyn Secrets> {
        let fields = json!({ "address": address });
        let secrets = BTreeMap::from([("token".to_owned(), token.to_owned().into())]);
        Arc::new(Self(Arc::new(Account {
            name: "My server".into(),
            connector: "http".into(),
            kind: "bearer".into(),
            fields: fields.as_object().unwrap().clone(),
            secrets,
        })))
    }
}

impl Secrets for Using {
    fn using(&self) -> Result<Option<Arc<Account>>, StepError> {
        Ok(Some(Arc::clone(&self.0)))
    }
}

/// The ports with the real network, which may reach these origins.
pub(crate) fn reaching(ports: &Ports, origins: &[&str]) -> Ports {
    let mut grants = HostGrants::none();
    origins.iter().for_each(|origin| grants.add(origin));
    // The network waits where a service asks for it, so it needs a clock that goes on.
    let wire = Wire::new(Arc::new(Now));
    let net = RealNet::new(wire, grants);
    ports.clone().with_net(Arc::new(net), Arc::new(NoSecrets))
}

/// The ports of a preview, with the network of the others behind them.
pub(crate) fn previewing(preview: &Ports, real: &Ports, cards: &Cards) -> Ports {
    let net = PreviewNet::new(Arc::clone(&real.net), cards.clone());
    preview.clone().with_net(Arc::new(net), Arc::new(NoSecrets))
}
