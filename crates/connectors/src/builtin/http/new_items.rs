//! `http.new_items`: a list of JSON or XML, asked for again and again. An item is new when its key
//! has not been seen, however old it says it is. The engine remembers the keys.
//!
//! What makes an item itself: the field named by `key`; where none is named its `id`; else all of
//! it, so that a changed item is a new one.

use async_trait::async_trait;
use errand_model::{
    ErrorKind, FieldKind, Map, StepError, TriggerInfo, TriggerSource, Value, ValueKind,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    connections,
    draft::Draft,
    fields, find, headers,
    judge::{self, Expect},
    list, moment,
    pages::{Paging, Turn},
    reply::{self, Format},
    xml,
};
use crate::{
    Poll,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
    poll::{Ask, Found, Item, Page},
    ports::net::Answer,
};

/// How many items a list may have where nothing is said.
const MOST: usize = 100_000;

pub(super) struct NewItems;

#[derive(Deserialize, Serialize)]
struct Input {
    url: String,
    #[serde(default)]
    headers: Map,
    #[serde(default)]
    query: Map,
    items: Option<String>,
    key: Option<String>,
    newest: Option<String>,
    paging: Option<Map>,
}

/// What the last complete check left.
#[derive(Default, Serialize, Deserialize)]
struct Cursor {
    /// Which fields it belongs to: others may see another list behind the same answer.
    of: String,
    etag: Option<String>,
    modified: Option<String>,
}

/// An answer as values.
struct Read {
    answer: Answer,
    value: Value,
    is_xml: bool,
}

#[async_trait]
impl Poll for NewItems {
    fn info(&self) -> TriggerInfo {
        TriggerInfo {
            id: "http.new_items".into(),
            name: "A web API has something new".into(),
            sentence: "Something new is in the list at {url}, looked at every {every}".into(),
            about: "Asks a web service for a list, and runs once for every new item in it.".into(),
            source: TriggerSource::Poll,
            using: connections::using(),
            fields: fields(),
            gives: vec![output("item", "The whole item", ValueKind::Record)],
            sample: json!({
                "id": 4711, "state": "open", "total": 42.5,
                "item": { "id": 4711, "state": "open", "total": 42.5 },
            }),
        }
    }

    async fn page(&self, ask: &Ask<'_>) -> Result<Page, StepError> {
        let input: Input = input::read(ask.input)?;
        let paging = input.paging.as_ref().filter(|it| !it.is_empty());
        let paging = paging.map(|it| Paging::read(it, MOST)).transpose()?;
        let turn: Option<Turn> = serde_json::from_value(ask.page.clone()).unwrap_or_default();
        let mut draft = Draft::get(&input.url, &input.query, &input.headers, ask.ports)?;
        let known = known(&input, ask.cursor);
        match &paging {
            Some(paging) => paging.ask(&mut draft, turn.as_ref())?,
            // With pages the first one says nothing about the others.
            None => add_conditions(&mut draft, &known),
        }
        let answer = draft.send(ask.ports).await?;
        if answer.status == 304 {
            return Ok(unchanged(ask.cursor.clone()));
        }
        let read = read(answer, &draft, ask).await?;
        let place = input.items.as_deref();
        let items = list::items(&read.value, place, "items", read.is_xml)?;
        let (items, next) = match &paging {
            Some(paging) => {
                let items = paging.added(turn.as_ref(), items);
                let next = paging.next(turn.as_ref(), &read.answer, &read.value, &items)?;
                (items, next)
            }
            None => (items, None),
        };
        Ok(Page {
            items: items
                .iter()
                .map(|it| item(it, &input))
                .collect::<Result<_, _>>()?,
            next: next.map(|turn| json!(turn)),
            cursor: json!(cursor(&input, &read.answer)),
            unchanged: false,
            not_before: None,
        })
    }

    async fn look(&self, ask: &Ask<'_>) -> Result<Found, StepError> {
        let input: Input = input::read(ask.input)?;
        let mut draft = Draft::get(&input.url, &input.query, &input.headers, ask.ports)?;
        // Paging that is half filled in is no reason to show nothing.
        let paging = input.paging.as_ref().map(|it| Paging::read(it, MOST));
        if let Some(Ok(paging)) = paging {
            paging.ask(&mut draft, None)?;
        }
        let answer = draft.send(ask.ports).await?;
        let read = read(answer, &draft, ask).await?;
        Ok(Found {
            lists: find::lists(&read.value),
            sample: read.value,
        })
    }
}

fn fields() -> Vec<errand_model::Field> {
    vec![
        field(
            "url",
            "Address",
            FieldKind::Url,
            "Where the list is, or with a connection what follows its server.",
        )
        .required()
        .example("https://api.example.com/orders"),
        fields::query(),
        fields::headers(),
        field(
            "every",
            "Look every",
            FieldKind::Duration,
            "How often to ask; a second at the least.",
        )
        .default("1m")
        .example("5m"),
        field(
            "items",
            "Where the list is",
            FieldKind::ItemPath,
            "Names joined by dots. Empty if the answer is the list, or holds only one.",
        )
        .example("data.orders"),
        field(
            "key",
            "What makes an item itself",
            FieldKind::ItemPath,
            "A field that no two items share. Empty: the field “id”, or else the whole item.",
        )
        .example("id"),
        field(
            "newest",
            "What says when it was new",
            FieldKind::ItemPath,
            "A field with a time. It only orders what is new; nothing is left out by it.",
        )
        .example("created_at")
        .advanced(),
        field(
            "paging",
            "Pages",
            FieldKind::Paging,
            "When the service gives the list in pages: how to ask for the next one.",
        )
        .example("next_link")
        .advanced(),
    ]
}

fn known(input: &Input, cursor: &Value) -> Cursor {
    let cursor: Cursor = serde_json::from_value(cursor.clone()).unwrap_or_default();
    if cursor.of == mark(input) {
        cursor
    } else {
        Cursor::default()
    }
}

fn cursor(input: &Input, answer: &Answer) -> Cursor {
    let header = |name: &str| answer.header(name).map(str::to_owned);
    Cursor {
        of: mark(input),
        etag: header("etag"),
        modified: header("last-modified"),
    }
}

/// Changes with anything that could change which items are found.
fn mark(input: &Input) -> String {
    let text = json!(input).to_string();
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

fn add_conditions(draft: &mut Draft, known: &Cursor) {
    let conditions = [
        ("If-None-Match", &known.etag),
        ("If-Modified-Since", &known.modified),
    ];
    for (name, value) in conditions {
        if let Some(value) = value
            .as_ref()
            .filter(|_| !headers::has(&draft.headers, name))
        {
            draft.headers.push((name.to_owned(), value.clone()));
        }
    }
}

fn unchanged(cursor: Value) -> Page {
    Page {
        items: Vec::new(),
        next: None,
        cursor,
        unchanged: true,
        not_before: None,
    }
}

async fn read(answer: Answer, draft: &Draft, ask: &Ask<'_>) -> Result<Read, StepError> {
    let now = ask.ports.clock.now();
    let mut answer = judge::accept(answer, draft, &Expect::default(), now).await?;
    let bytes = answer.bytes(reply::LIMIT).await?;
    let text = reply::text(&answer, &bytes).unwrap_or_default();
    let says_xml = reply::format(&answer) == Format::Xml;
    let is_xml = says_xml
        || text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with("<?xml");
    let value = if is_xml {
        xml::read(&text)?
    } else {
        serde_json::from_str(text.trim()).map_err(|error| no_list(draft, &text, &error))?
    };
    Ok(Read {
        answer,
        value,
        is_xml,
    })
}

fn no_list(draft: &Draft, text: &str, error: &serde_json::Error) -> StepError {
    let host = draft.host();
    if text.trim_start().starts_with('<') {
        let message = format!("{host} answered with a web page, not with JSON or XML.");
        return StepError::new(ErrorKind::Rejected, message).hint(
            "Ask for the address of its API, or check that you are signed in to the network.",
        );
    }
    let message = format!(
        "{host} answered with something that is neither JSON nor XML: {}.",
        errand_model::json_words(error)
    );
    StepError::new(ErrorKind::Rejected, message).hint("Check the address.")
}

fn item(value: &Value, input: &Input) -> Result<Item, StepError> {
    let newest = input
        .newest
        .as_deref()
        .filter(|path| !path.trim().is_empty());
    let occurred = newest.and_then(|path| moment::read(list::at(value, path)?));
    let mut payload = value.as_object().cloned().unwrap_or_default();
    payload.insert("item".into(), value.clone());
    Ok(Item {
        key: key(value, input)?,
        occurred,
        payload: Value::Object(payload),
    })
}

fn key(value: &Value, input: &Input) -> Result<String, StepError> {
    let named = input.key.as_deref().filter(|path| !path.trim().is_empty());
    let Some(path) = named else {
        let id = value.get("id").and_then(plain);
        return Ok(id.unwrap_or_else(|| canonical_hash(value)));
    };
    list::at(value, path).and_then(plain).ok_or_else(|| {
        let message = format!("An item of the list has no “{path}”, which is to make it itself.");
        StepError::bad_input("key", message)
            .hint("Choose another field. Nothing was left out: the list is read again.")
    })
}

fn plain(value: &Value) -> Option<String> {
    let has_parts = value.is_object() || value.is_array();
    list::plain(value).or_else(|| has_parts.then(|| canonical_hash(value)))
}

/// The same for the same content, in whatever order its fields stand.
fn canonical_hash(value: &Value) -> String {
    let mut hasher = blake3::Hasher::new();
    add_canonical(&mut hasher, value);
    hasher.finalize().to_hex()[..32].to_owned()
}

fn add_canonical(hasher: &mut blake3::Hasher, value: &Value) {
    match value {
        Value::Object(record) => {
            let mut entries: Vec<_> = record.iter().collect();
            entries.sort_by_key(|(name, _)| name.as_str());
            hasher.update(b"{");
            for (name, value) in entries {
                hasher
                    .update(json!(name).to_string().as_bytes())
                    .update(b":");
                add_canonical(hasher, value);
            }
            hasher.update(b"}");
        }
        Value::Array(items) => {
            hasher.update(b"[");
            items.iter().for_each(|item| add_canonical(hasher, item));
            hasher.update(b"]");
        }
        other => {
            hasher.update(other.to_string().as_bytes()).update(b",");
        }
    }
}
