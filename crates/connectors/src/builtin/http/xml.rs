//! XML as values, by one rule: an element with text only is that text; any other is a record of its
//! attributes (`@name`), its elements (several of one name are a list) and its text (`#text`). An
//! empty element is empty text. Nothing outside the text is ever read: document types with
//! definitions and entities of their own are refused.

use errand_model::{ErrorKind, Map, StepError, Value};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

/// How deep elements may lie in each other.
const DEPTH: usize = 256;
/// How much text is read, in bytes.
const LIMIT: usize = 16_000_000;

/// The whole document: a record with the outermost element.
pub(super) fn read(text: &str) -> Result<Value, StepError> {
    if text.len() > LIMIT {
        let message = "The XML is longer than the 16 MB that can be read.";
        return Err(StepError::new(ErrorKind::TooLarge, message).hint("Ask for less at once."));
    }
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event();
        match event.map_err(|error| unreadable(&error.to_string()))? {
            Event::Start(start) => open.push(Element::of(&start, open.len())?),
            Event::Empty(start) => {
                let element = Element::of(&start, open.len())?;
                close(&mut open, element);
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    close(&mut open, element);
                }
            }
            Event::Text(text) => add_text(&mut open, &text),
            Event::CData(text) => add_text(&mut open, &text),
            Event::GeneralRef(entity) => add_text(&mut open, &resolve(&entity)?),
            Event::DocType(kind) if kind.contains('[') => return Err(has_definitions()),
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match open.pop() {
        Some(root) if open.is_empty() && !root.record.is_empty() => Ok(Value::Object(root.record)),
        _ => Err(unreadable("it ends too early")),
    }
}

#[derive(Default)]
struct Element {
    name: String,
    record: Map,
    text: String,
}

impl Element {
    fn of(start: &BytesStart<'_>, depth: usize) -> Result<Self, StepError> {
        if depth > DEPTH {
            return Err(unreadable("its elements lie too deep in each other"));
        }
        let mut element = Self {
            name: start.name().as_ref().to_owned(),
            ..Self::default()
        };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| unreadable(&error.to_string()))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| unreadable(&error.to_string()))?;
            let name = format!("@{}", attribute.key.as_ref());
            element.record.insert(name, value.into_owned().into());
        }
        Ok(element)
    }

    fn into_value(self) -> Value {
        let text = self.text.trim();
        if self.record.is_empty() {
            return text.into();
        }
        let mut record = self.record;
        if !text.is_empty() {
            record.insert("#text".into(), text.into());
        }
        Value::Object(record)
    }
}

fn add_text(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn close(open: &mut [Element], element: Element) {
    let Some(around) = open.last_mut() else {
        return;
    };
    let name = element.name.clone();
    let value = element.into_value();
    match around.record.get_mut(&name) {
        None => {
            around.record.insert(name, value);
        }
        // Two of one name make a list; an element is never a list of itself.
        Some(Value::Array(items)) => items.push(value),
        Some(first) => {
            let first_value = first.take();
            *first = Value::Array(vec![first_value, value]);
        }
    }
}

fn resolve(entity: &BytesRef<'_>) -> Result<String, StepError> {
    let unknown = |error: String| unreadable(&error);
    let character = entity.resolve_char_ref();
    if let Some(character) = character.map_err(|error| unknown(error.to_string()))? {
        return Ok(character.to_string());
    }
    let name: &str = entity;
    let known = quick_xml::escape::resolve_predefined_entity(name);
    let known = known.ok_or_else(|| unknown(format!("it uses the unknown entity &{name};")))?;
    Ok(known.to_owned())
}

fn has_definitions() -> StepError {
    let message = "The XML brings definitions of its own, which Errand doesn't read.";
    StepError::new(ErrorKind::Rejected, message).hint("Ask the service for XML without them.")
}

fn unreadable(why: &str) -> StepError {
    let message = format!("The answer can't be read as XML: {why}.");
    StepError::new(ErrorKind::Rejected, message).hint("Check that the address gives XML or JSON.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_feed_becomes_records_and_lists() {
        let feed = r#"<?xml version="1.0"?><!DOCTYPE rss>
            <rss version="2.0"><channel><title>News &amp; more &#8211; today</title>
            <item><guid isPermaLink="false">1</guid><title><![CDATA[<b>One</b>]]></title></item>
            <item><guid isPermaLink="false">2</guid><title/></item></channel></rss>"#;
        let expected = json!({ "rss": { "@version": "2.0", "channel": {
            "title": "News & more – today",
            "item": [
                { "guid": { "@isPermaLink": "false", "#text": "1" }, "title": "<b>One</b>" },
                { "guid": { "@isPermaLink": "false", "#text": "2" }, "title": "" },
            ],
        } } });
        assert_eq!(read(feed).unwrap(), expected);
    }

    #[test]
    fn bombs_and_broken_documents_are_refused() {
        let bomb = r#"<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>"#;
        let outside = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#;
        for text in [
            bomb,
            outside,
            "<a>&c;</a>",
            "<a><b></a>",
            "<a>",
            "",
            "plain",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"<a>".repeat(100_000)).is_err());
        let deep = format!("{}{}", "<a>".repeat(200), "</a>".repeat(200));
        assert!(read(&deep).is_ok());
    }
}
