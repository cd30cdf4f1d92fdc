//! Webhooks without a port: calls handed straight to an engine in this process.

mod surroundings;

use std::sync::Arc;

use errand_connectors::Registry;
use errand_engine::{Engine, HookAnswer, HookCall, Parts};
use errand_model::{Map, NewEvent, Timestamp, Value, Workflow};
use errand_store::Store;
use surroundings::{NoDesktop, SystemClock};
use tempfile::TempDir;

struct Listening {
    _home: TempDir,
    engine: Engine,
    workflow: errand_model::WorkflowId,
    token: String,
}

impl Listening {
    async fn with(reply: Value) -> Self {
        let home = TempDir::new().expect("there is a folder for temporary files");
        let parts = Parts {
            store: Store::open(&home.path().join("data"), Timestamp::now()).expect("it opens"),
            registry: Arc::new(Registry::builtin()),
            ports: Arc::new(NoDesktop(home.path().to_owned())),
            clock: Arc::new(SystemClock),
            home: home.path().to_owned(),
        };
        let engine = Engine::start(parts).await.expect("the engine starts");
        let document = document(reply);
        let handle = engine.handle();
        let workflow = handle.create(document.clone(), true).await.expect("kept");
        let url = handle.hook_url(workflow, &document).await.expect("made");
        let url = url.expect("a webhook has an address");
        assert!(handle.hook(token_of(&url)).is_none(), "it is off");
        handle.enable(workflow, true).await.expect("switched on");
        Self {
            _home: home,
            engine,
            workflow,
            token: token_of(&url).to_owned(),
        }
    }

    async fn call(&self, body: &[u8]) -> HookAnswer {
        let call = HookCall {
            token: self.token.clone(),
            method: "POST".into(),
            path: String::new(),
            query: String::new(),
            headers: Vec::new(),
            body: body.to_vec(),
            arrived: Timestamp::now(),
            delivery: None,
        };
        self.engine.handle().receive(call).await
    }
}

fn document(reply: Value) -> Workflow {
    let yaml = "format: 1\nname: Hook\ntrigger: { on: webhook.received }\n\
                steps: [{ id: name, set: { words: \"{{ trigger.body }}\" } }]";
    let mut document = errand_model::document::parse(yaml).expect("the document is right");
    if let Some(trigger) = &mut document.trigger {
        trigger.with = Map::from_iter([("reply".to_owned(), reply)]);
    }
    document
}

fn token_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn when_too_much_waits_callers_are_asked_to_come_again() {
    let listening = Listening::with("now".into()).await;
    let handle = listening.engine.handle();
    handle.set_paused(true).await.expect("paused");
    let trigger = handle.hook(&listening.token).expect("it is on").trigger;
    let workflow = listening.workflow;
    let event = NewEvent {
        same_as: None,
        occurred: None,
        payload: Value::Object(Map::new()),
        depth: 0,
    };
    let events = vec![event; 9_999];
    handle
        .store()
        .write(move |tx| tx.accept(Some(trigger), workflow, &events, Timestamp::now()))
        .await
        .expect("accepted");
    assert_eq!(listening.call(b"last").await.status, 200);
    let refused = listening.call(b"too many").await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.retry_after.map(|after| after.as_secs()), Some(60));
    listening.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_answered_as_text_and_a_value_as_json() {
    for (reply, content_type, body) in [
        (
            "Got {{ steps.name.words }}",
            "text/plain; charset=utf-8",
            "Got Ada",
        ),
        ("{{ trigger.query }}", "application/json", "{}"),
    ] {
        let listening = Listening::with(reply.into()).await;
        let heard = listening.call(b"Ada").await;
        assert_eq!((heard.status, heard.content_type), (200, content_type));
        assert_eq!(heard.body, body);
        listening.engine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_would_be_too_large_is_refused_and_not_kept() {
    let listening = Listening::with("now".into()).await;
    // Ten megabytes of a character that takes six bytes in JSON, twice.
    let heard = listening.call(&vec![1; 10 * 1024 * 1024]).await;
    assert_eq!(heard.status, 413);
    let calls = listening
        .engine
        .handle()
        .last_calls(listening.workflow)
        .await;
    assert_eq!(calls, Ok(Vec::new()));
    listening.engine.stop().await;
}
