//! `http.request`: sends a request, judges the answer, and gives it as values or as a file.

use std::path::PathBuf;

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, Map, StepError, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    address, curl, download,
    draft::{self, Draft},
    fields, headers,
    judge::{self, Expect},
    list,
    pages::{Paging, Turn},
    payload::{Given, Payload},
    reply,
};
use crate::{
    Action, Call, Pasted, Plan,
    builtin::{
        input,
        target::{IfExists, Target},
    },
    ports::{Ports, net::Answer},
};

/// How much one list may take up in memory when its pages are joined.
const JOINED: usize = 50_000_000;

/// How many items are joined where nothing is said.
const MOST: usize = 10_000;

pub(super) struct Request;

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    method: String,
    url: String,
    #[serde(default)]
    query: Map,
    #[serde(default)]
    headers: Map,
    json: Option<Value>,
    form: Option<Map>,
    parts: Option<Map>,
    body: Option<String>,
    file: Option<PathBuf>,
    content_type: Option<String>,
    #[serde(default)]
    repeat: Repeat,
    save_to: Option<String>,
    #[serde(default)]
    if_exists: IfExists,
    paging: Option<Map>,
    #[serde(default)]
    expect: Vec<Value>,
    timeout: Option<String>,
    #[serde(default)]
    host_from_data: bool,
}

/// Whether it may be sent again when no answer came.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Repeat {
    #[default]
    Ask,
    Safe,
}

/// Everything the fields say.
struct Asked {
    draft: Draft,
    expect: Expect,
    paging: Option<Paging>,
    save_to: Option<String>,
    if_exists: IfExists,
}

#[derive(Serialize, Deserialize)]
struct Note {
    method: String,
    url: String,
    /// Where a download goes.
    target: Option<Target>,
}

#[async_trait]
impl Action for Request {
    fn info(&self) -> ActionInfo {
        fields::info()
    }

    fn effect(&self, input: &Map) -> Effect {
        let word = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
        let repeat = if word("repeat") == "safe" {
            Repeat::Safe
        } else {
            Repeat::Ask
        };
        let effect = effect_of(word("method"), repeat);
        let saves = !word("save_to").is_empty();
        if effect == Effect::Read && saves {
            Effect::Idempotent
        } else {
            effect
        }
    }

    fn paste(&self, text: &str) -> Option<Result<Pasted, StepError>> {
        Some(curl::read(text))
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let asked = read(call)?;
        let files = call.ports.files.as_ref();
        asked.draft.payload.check(files)?;
        let decide = |to: &String| download::decide(files, to, &asked.draft.url, asked.if_exists);
        let target = asked.save_to.as_ref().map(decide).transpose()?;
        let expected = expected(&asked, target.as_ref());
        let mut shown = asked.draft.url.clone();
        shown.set_query(None);
        let note = Note {
            method: asked.draft.method,
            url: shown.into(),
            target,
        };
        input::plan(&note, expected)
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        let asked = read(call)?;
        let Note { target, .. } = input::note(plan)?;
        match (&asked.paging, target) {
            (Some(paging), _) => all_pages(&asked, paging, call.ports).await,
            (None, Some(target)) => save(&asked, &target, call.ports).await,
            (None, None) => one(&asked, call.ports).await,
        }
    }
}

/// What sending it twice would mean.
fn effect_of(method: &str, repeat: Repeat) -> Effect {
    match method {
        "" | "GET" | "HEAD" | "OPTIONS" => Effect::Read,
        "PUT" | "DELETE" => Effect::Idempotent,
        _ if repeat == Repeat::Safe => Effect::Idempotent,
        _ => Effect::Unsafe,
    }
}

fn read(call: &Call<'_>) -> Result<Asked, StepError> {
    let input: Input = input::read(call.input)?;
    let account = call.ports.secrets.using()?;
    let mut headers = headers::read(&input.headers)?;
    let given = Given {
        json: input.json.filter(|value| value != ""),
        form: input.form.filter(|form| !form.is_empty()),
        parts: input.parts.filter(|parts| !parts.is_empty()),
        body: input.body.filter(|text| !text.is_empty()),
        content_type: input.content_type.filter(|kind| !kind.trim().is_empty()),
        file: input.file,
    };
    let (payload, kind) = Payload::of(given, &mut headers)?;
    let method = if input.method.is_empty() {
        "GET".to_owned()
    } else {
        input.method
    };
    if matches!(method.as_str(), "POST" | "PATCH") && !headers::has(&headers, "idempotency-key") {
        headers.push(("Idempotency-Key".into(), call.idempotency_key.to_owned()));
    }
    let expect = Expect::read(&input.expect, &method)?;
    let asked = Asked {
        draft: Draft {
            url: address::resolve(&input.url, &input.query, account.as_deref())?,
            effect: effect_of(&method, input.repeat),
            method,
            headers,
            payload,
            kind,
            timeout: draft::timeout(input.timeout.as_deref())?,
            host_from_data: input.host_from_data,
            signed_in_as: account.map(|account| account.name.clone()),
        },
        expect,
        paging: input
            .paging
            .as_ref()
            .filter(|it| !it.is_empty())
            .map(|it| Paging::read(it, MOST))
            .transpose()?,
        save_to: input.save_to.filter(|to| !to.trim().is_empty()),
        if_exists: input.if_exists,
    };
    check_pages(&asked)?;
    Ok(asked)
}

fn check_pages(asked: &Asked) -> Result<(), StepError> {
    if asked.paging.is_none() {
        return Ok(());
    }
    if asked.save_to.is_some() {
        let message = "Pages are joined in memory, so they can't be saved as a file here.";
        return Err(StepError::bad_input("paging", message)
            .hint("Empty one of the two fields, or write the joined list in a step of its own."));
    }
    if asked.draft.effect == Effect::Unsafe {
        let message = "Pages need several requests, but this one may not be sent again.";
        return Err(StepError::bad_input("paging", message).hint(
            "If it only asks for something, say that it may be sent again; else empty the pages.",
        ));
    }
    Ok(())
}

fn expected(asked: &Asked, target: Option<&Target>) -> Value {
    let status = asked.expect.usual();
    match target {
        Some(target) => json!({
            "status": status, "headers": {}, "body": null,
            "path": target.path.to_string_lossy(), "size": null,
        }),
        None if asked.paging.is_some() => {
            json!({ "status": status, "headers": {}, "body": [], "count": 0 })
        }
        None => json!({ "status": status, "headers": {}, "body": {} }),
    }
}

async fn one(asked: &Asked, ports: &Ports) -> Result<Value, StepError> {
    let mut answer = send(asked, &asked.draft, ports).await?;
    let body = body(&asked.draft, &mut answer)
        .await
        .map_err(|it| lost(&asked.draft, it))?;
    Ok(json!({ "status": answer.status, "headers": reply::headers(&answer), "body": body }))
}

async fn save(asked: &Asked, target: &Target, ports: &Ports) -> Result<Value, StepError> {
    let mut answer = send(asked, &asked.draft, ports).await?;
    let saved = download::save(&mut answer, ports, target, asked.if_exists).await;
    let (path, size) = saved.map_err(|error| lost(&asked.draft, error))?;
    Ok(json!({
        "status": answer.status, "headers": reply::headers(&answer), "body": null,
        "path": path.to_string_lossy(), "size": size,
    }))
}

/// Every page's list, one behind the other.
async fn all_pages(asked: &Asked, paging: &Paging, ports: &Ports) -> Result<Value, StepError> {
    let (mut joined, mut weight) = (Vec::new(), 0);
    let mut turn: Option<Turn> = None;
    loop {
        let mut draft = asked.draft.clone();
        paging.ask(&mut draft, turn.as_ref())?;
        let mut answer = send(asked, &draft, ports).await?;
        let bytes = answer.bytes(reply::LIMIT).await?;
        weight += bytes.len();
        let body = reply::value(&answer, &bytes).unwrap_or_default();
        let items = list::items(&body, paging.items.as_deref(), "paging", false)?;
        let items = paging.added(turn.as_ref(), items);
        let next = paging.next(turn.as_ref(), &answer, &body, &items)?;
        joined.extend(items);
        if joined.len() > paging.most || weight > JOINED {
            return Err(paging.too_many(0));
        }
        turn = next;
        if turn.is_none() {
            let headers = reply::headers(&answer);
            let count = joined.len();
            return Ok(json!({
                "status": answer.status, "headers": headers, "body": joined, "count": count,
            }));
        }
    }
}

async fn send(asked: &Asked, draft: &Draft, ports: &Ports) -> Result<Answer, StepError> {
    let answer = draft.send(ports).await?;
    judge::accept(answer, draft, &asked.expect, ports.clock.now()).await
}

async fn body(draft: &Draft, answer: &mut Answer) -> Result<Value, StepError> {
    let bytes = answer.bytes(reply::LIMIT).await?;
    match reply::value(answer, &bytes) {
        Some(value) => Ok(value),
        // What was sent is done; that its answer isn't text takes nothing from that.
        None if draft.changes() => Ok(Value::Null),
        None => {
            let message = format!("{} sent something that isn't text.", draft.host());
            Err(StepError::bad_input("save_to", message).hint("Save the answer as a file."))
        }
    }
}

/// The service accepted the request, but its answer didn't arrive whole.
fn lost(draft: &Draft, error: StepError) -> StepError {
    if draft.changes() {
        error.ambiguous()
    } else {
        error
    }
}
