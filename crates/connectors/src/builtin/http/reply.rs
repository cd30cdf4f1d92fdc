//! What came back, as values: JSON becomes records and lists, everything else that is text stays
//! text, whatever letters it was written with.

use encoding_rs::Encoding;
use errand_model::{Map, Value};

use crate::ports::net::Answer;

/// What is read into memory of one answer.
pub(super) const LIMIT: u64 = 10_000_000;

/// What the answer says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
    /// Text of some kind, or nothing said.
    Other,
}

/// The format by the answer's `Content-Type`.
pub(super) fn format(answer: &Answer) -> Format {
    let kind = answer.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    match kind.to_ascii_lowercase().as_str() {
        "application/json" | "text/json" | "application/x-ndjson" => Format::Json,
        kind if kind.ends_with("+json") => Format::Json,
        "application/xml" | "text/xml" => Format::Xml,
        kind if kind.ends_with("+xml") && kind != "application/xhtml+xml" => Format::Xml,
        _ => Format::Other,
    }
}

/// JSON as values, text as text; None for anything that isn't text, such as a picture.
pub(super) fn value(answer: &Answer, bytes: &[u8]) -> Option<Value> {
    let text = text(answer, bytes)?;
    let kind = answer.header("content-type").unwrap_or_default();
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    let may_be_json = match format(answer) {
        Format::Json => true,
        Format::Xml => false,
        // Many servers say "text" or nothing at all and send JSON.
        Format::Other => looks_like_json && !kind.contains("html"),
    };
    let read = may_be_json.then(|| serde_json::from_str(&text).ok());
    Some(read.flatten().unwrap_or(Value::String(text)))
}

/// The text in the letters that the answer names, or else by what its bytes look like.
pub(super) fn text(answer: &Answer, bytes: &[u8]) -> Option<String> {
    let named = charset(answer.header("content-type").unwrap_or_default());
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    match marked.or(named) {
        Some(encoding) => {
            let text = encoding.decode(bytes).0.into_owned();
            Some(text).filter(|text| !text.contains('\0'))
        }
        None => crate::builtin::decode::decode(bytes),
    }
}

fn charset(kind: &str) -> Option<&'static Encoding> {
    let mut settings = kind.split(';').skip(1).filter_map(|it| it.split_once('='));
    let (_, label) = settings.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Encoding::for_label(label.trim().trim_matches('"').as_bytes())
}

/// The headers as a record; what came several times is joined.
pub(super) fn headers(answer: &Answer) -> Map {
    let mut record = Map::new();
    for (name, value) in &answer.headers {
        let joined = match record.get(name).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.clone(),
        };
        record.insert(name.clone(), joined.into());
    }
    record
}
