//! Long lists come in pages. How the next one is asked for, and when there is none.

use errand_model::{ErrorKind, Map, StepError, Value};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{address, draft::Draft, list, payload::Payload};
use crate::{names, ports::net::Answer};

/// How many pages are asked for at once.
const PAGES: usize = 10_000;

/// How a service cuts its lists into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Style {
    /// Each answer holds the address of the next page, in its body or in its `Link` header.
    NextLink,
    /// Each answer holds a token to be sent for the next page.
    Token,
    /// Pages are numbered.
    Page,
    /// The place in the whole list is sent.
    Offset,
}

/// The field `paging`.
#[derive(Debug, Clone)]
pub(super) struct Paging {
    style: Style,
    /// Where link or token stand in the answer; the first number.
    from: Option<Value>,
    /// The name under which token, page or offset are sent.
    send: String,
    /// How many items a full page has.
    size: Option<usize>,
    /// The most items to be joined.
    pub(super) most: usize,
    /// Where the list stands in each answer.
    pub(super) items: Option<String>,
}

/// Which page is asked for, as it is remembered between two pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Turn {
    to: To,
    /// Items seen so far.
    pub(super) seen: usize,
    /// Pages seen so far.
    pub(super) pages: usize,
    /// What the page before held, as a hash.
    last: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    Link(String),
    Token(String),
    Number(u64),
}

const WORDS: [&str; 6] = ["style", "from", "send", "size", "most", "items"];

impl Paging {
    /// What the field says; without a word about it, at most that many items are wanted.
    pub(super) fn read(record: &Map, most: usize) -> Result<Self, StepError> {
        if let Some(unknown) = record.keys().find(|word| !WORDS.contains(&word.as_str())) {
            let error = refuse(format!("“Pages” has nothing called “{unknown}”."));
            let hint = match names::closest(unknown, WORDS.into_iter()) {
                Some(meant) => format!("Did you mean “{meant}”?"),
                None => format!("It has: {}.", WORDS.join(", ")),
            };
            return Err(error.hint(hint));
        }
        let style = record.get("style").cloned().unwrap_or_default();
        let style: Style = serde_json::from_value(style).map_err(|_| {
            refuse("“Pages” doesn't say how the service cuts its lists.".into())
                .hint("Its style is one of: next_link, token, page, offset.")
        })?;
        let paging = Self {
            style,
            from: record.get("from").filter(|it| !it.is_null()).cloned(),
            send: word(record, "send").unwrap_or_else(|| usual_name(style).to_owned()),
            size: number(record, "size")?,
            most: number(record, "most")?.unwrap_or(most),
            items: word(record, "items"),
        };
        if style == Style::Token && paging.place().is_none() {
            let error = refuse("“Pages” doesn't say where the token stands in an answer.".into());
            return Err(error.hint("Fill in “from”, such as meta.next_cursor."));
        }
        Ok(paging)
    }

    /// The request for that page; None: the first.
    pub(super) fn ask(&self, draft: &mut Draft, turn: Option<&Turn>) -> Result<(), StepError> {
        let to = turn.map(|turn| turn.to.clone());
        match to.or_else(|| self.first()) {
            None => {}
            Some(To::Link(link)) => {
                draft.url = address::parse(&link).map_err(|error| StepError {
                    field: Some("paging".into()),
                    ..error
                })?;
            }
            Some(To::Token(token)) => send(draft, &self.send, token.into()),
            Some(To::Number(number)) => send(draft, &self.send, number.into()),
        }
        Ok(())
    }

    fn first(&self) -> Option<To> {
        let number = |usual| Some(To::Number(self.first_number().unwrap_or(usual)));
        match self.style {
            Style::NextLink | Style::Token => None,
            Style::Page => number(1),
            Style::Offset => number(0),
        }
    }

    /// The items that this page adds: none where a service gives its last page for ever.
    pub(super) fn added(&self, turn: Option<&Turn>, items: Vec<Value>) -> Vec<Value> {
        let is_numbered = matches!(self.style, Style::Page | Style::Offset);
        let is_same = turn.is_some_and(|turn| turn.last == hash(&items));
        if is_numbered && is_same {
            Vec::new()
        } else {
            items
        }
    }

    /// The page after that one, if there is one.
    pub(super) fn next(
        &self,
        turn: Option<&Turn>,
        answer: &Answer,
        body: &Value,
        items: &[Value],
    ) -> Result<Option<Turn>, StepError> {
        let last = hash(items);
        let seen = turn.map_or(0, |turn| turn.seen) + items.len();
        let pages = turn.map_or(0, |turn| turn.pages) + 1;
        let to = match self.style {
            Style::NextLink => self.next_link(answer, body).map(To::Link),
            Style::Token => self.next_token(body).filter(|_| !items.is_empty()),
            Style::Page | Style::Offset => {
                let is_short = items.is_empty() || self.size.is_some_and(|size| items.len() < size);
                self.next_number(turn, items.len()).filter(|_| !is_short)
            }
        };
        let Some(to) = to else {
            return Ok(None);
        };
        if turn.is_some_and(|turn| turn.to == to) {
            return Err(StepError::new(
                ErrorKind::Rejected,
                "The service names the same next page again and again.",
            )
            .hint(
                "Check where link or token stand in the answer, and under which name it is sent.",
            ));
        }
        if seen > self.most || pages >= PAGES {
            return Err(self.too_many(pages));
        }
        Ok(Some(Turn {
            to,
            seen,
            pages,
            last,
        }))
    }

    /// The whole list is longer than was asked for.
    pub(super) fn too_many(&self, pages: usize) -> StepError {
        let message = if pages >= PAGES {
            format!("The list has more than {PAGES} pages.")
        } else {
            format!("The list has more than {} items.", self.most)
        };
        StepError::new(ErrorKind::TooLarge, message)
            .hint("Ask for less at once, such as only the newest, or raise “most” under “Pages”.")
    }

    fn place(&self) -> Option<&str> {
        self.from.as_ref()?.as_str().filter(|text| !text.is_empty())
    }

    fn first_number(&self) -> Option<u64> {
        let from = self.from.as_ref()?;
        from.as_u64().or_else(|| from.as_str()?.trim().parse().ok())
    }

    fn next_link(&self, answer: &Answer, body: &Value) -> Option<String> {
        let link = match self.place() {
            Some(place) => list::at(body, place)?.as_str()?.to_owned(),
            None => link_header(answer)?,
        };
        let base = Url::parse(&answer.url).ok()?;
        let whole = base.join(link.trim()).ok()?;
        Some(whole.into()).filter(|_| !link.trim().is_empty())
    }

    fn next_token(&self, body: &Value) -> Option<To> {
        let token = match list::at(body, self.place()?)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(To::Token(token)).filter(|to| *to != To::Token(String::new()))
    }

    fn next_number(&self, turn: Option<&Turn>, count: usize) -> Option<To> {
        let to = turn.map(|turn| turn.to.clone()).or_else(|| self.first());
        let Some(To::Number(now)) = to else {
            return None;
        };
        let step = match self.style {
            Style::Offset => count as u64,
            _ => 1,
        };
        Some(To::Number(now + step))
    }
}

fn usual_name(style: Style) -> &'static str {
    match style {
        Style::NextLink => "",
        Style::Token => "cursor",
        Style::Page => "page",
        Style::Offset => "offset",
    }
}

/// Puts a value into the record that is sent, or else into the address.
fn send(draft: &mut Draft, name: &str, value: Value) {
    if let Payload::Json(Value::Object(record)) = &mut draft.payload {
        record.insert(name.to_owned(), value);
        return;
    }
    let text = match value {
        Value::String(text) => text,
        value => value.to_string(),
    };
    let others = draft.url.query_pairs().filter(|(known, _)| known != name);
    let others: Vec<_> = others
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut pairs = draft.url.query_pairs_mut();
    pairs.clear().extend_pairs(others).append_pair(name, &text);
}

/// The address with `rel="next"` in the `Link` headers: `<address>; rel="next", <address>; …`.
fn link_header(answer: &Answer) -> Option<String> {
    let headers = answer.headers.iter().filter(|(name, _)| name == "link");
    let mut links = headers.flat_map(|(_, value)| value.split('<').skip(1));
    links.find_map(|link| {
        let (address, settings) = link.split_once('>')?;
        let is_next = settings.split([';', ',']).any(|setting| {
            let setting = setting.trim().replace('"', "").to_ascii_lowercase();
            let words = setting.strip_prefix("rel=").unwrap_or_default();
            words.split_ascii_whitespace().any(|word| word == "next")
        });
        is_next.then(|| address.to_owned())
    })
}

fn hash(items: &[Value]) -> String {
    let mut hasher = blake3::Hasher::new();
    for item in items {
        hasher.update(item.to_string().as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

fn word(record: &Map, name: &str) -> Option<String> {
    let text = record.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn number(record: &Map, name: &str) -> Result<Option<usize>, StepError> {
    let value = match record.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(value) => value,
    };
    let number = value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok());
    match number.and_then(|number| usize::try_from(number).ok()) {
        Some(number) if number > 0 => Ok(Some(number)),
        _ => Err(
            refuse(format!("“{name}” under “Pages” needs a whole number."))
                .hint("Write it like 100."),
        ),
    }
}

fn refuse(message: String) -> StepError {
    StepError::bad_input("paging", message)
}
