//! What a command sends, from its options to the fields `json`, `form`, `parts`, `body`, `file`.

use errand_model::{Map, Value};
use url::form_urlencoded;

use super::literal;

/// What was given so far.
#[derive(Default)]
pub(super) struct Data {
    text: Option<String>,
    is_json: bool,
    parts: Map,
    file: Option<String>,
    is_upload: bool,
}

impl Data {
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_none() && self.parts.is_empty() && self.file.is_none()
    }

    pub(super) fn is_upload(&self) -> bool {
        self.is_upload
    }

    /// `-d`: text, or `@` and a file.
    pub(super) fn add(&mut self, value: &str) -> Option<String> {
        match value.strip_prefix('@') {
            Some(path) => {
                self.file = Some(path.to_owned());
                where_is(path)
            }
            None => self.add_raw(value),
        }
    }

    /// `--data-raw`: several are joined by `&`.
    pub(super) fn add_raw(&mut self, value: &str) -> Option<String> {
        self.text = Some(match self.text.take() {
            Some(before) if self.is_json => before + value,
            Some(before) => format!("{before}&{value}"),
            None => value.to_owned(),
        });
        None
    }

    /// `--json`: text that says itself that it is JSON.
    pub(super) fn add_json(&mut self, value: &str) -> Option<String> {
        self.is_json = true;
        self.add(value)
    }

    /// `--data-urlencode`: `name=content`, `=content` or `content`.
    pub(super) fn add_encoded(&mut self, value: &str) -> Option<String> {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let named = value.split_once('=');
        if named.is_none() && value.contains('@') {
            return Some(format!(
                "“{value}” would be read from a file and was left out."
            ));
        }
        match named {
            Some(("", content)) => self.add_raw(&encode(content)),
            Some((name, content)) => self.add_raw(&format!("{name}={}", encode(content))),
            None => self.add_raw(&encode(value)),
        }
    }

    /// `-F`: `name=text` or `name=@file;type=…`.
    pub(super) fn add_part(&mut self, value: &str) -> Option<String> {
        let Some((name, content)) = value.split_once('=') else {
            return Some(format!(
                "“{value}” isn't a part of a form and was left out."
            ));
        };
        if content.starts_with('<') {
            return Some(format!(
                "“{name}” would be read from a file and was left out."
            ));
        }
        let Some(path) = content.strip_prefix('@') else {
            return self.add_text_part(value);
        };
        let path = path.split(';').next().unwrap_or_default().trim_matches('"');
        let mut file = Map::new();
        file.insert("file".into(), literal(path));
        add(&mut self.parts, name, file.into());
        where_is(path)
    }

    /// `--form-string`: text, whatever it begins with.
    pub(super) fn add_text_part(&mut self, value: &str) -> Option<String> {
        let (name, content) = value.split_once('=').unwrap_or((value, ""));
        add(&mut self.parts, name, literal(content));
        None
    }

    /// `-T`: the file as it is.
    pub(super) fn upload(&mut self, path: &str) -> Option<String> {
        self.file = Some(path.to_owned());
        self.is_upload = true;
        where_is(path)
    }

    /// `-G`: what would be sent goes into the address.
    pub(super) fn into_query(self, with: &mut Map) {
        let pairs = form(self.text.as_deref().unwrap_or_default());
        if !pairs.is_empty() {
            with.insert("query".into(), pairs.into());
        }
    }

    /// The fields, by what is sent and what it is called.
    pub(super) fn into_body(self, kind: Option<String>, with: &mut Map) -> Option<String> {
        let mut put = |field: &str, value: Value| {
            with.insert(field.to_owned(), value);
        };
        if !self.parts.is_empty() {
            put("parts", self.parts.into());
            return None;
        }
        if let Some(path) = self.file {
            put("file", literal(&path));
            if let Some(kind) = kind {
                put("content_type", literal(&kind));
            }
            return None;
        }
        let text = self.text?;
        let says_json = self.is_json || kind.as_deref().is_some_and(|kind| kind.contains("json"));
        let is_form = kind
            .as_deref()
            .is_none_or(|kind| kind.contains("form-urlencoded"));
        let json = serde_json::from_str::<Value>(&text).ok();
        match json.filter(|json| says_json || json.is_object() || json.is_array()) {
            Some(json) if says_json || kind.is_none() => {
                put("json", literals(json));
                let note = "What is sent looks like JSON, and is sent as JSON.";
                return (!says_json).then(|| note.to_owned());
            }
            _ => {}
        }
        if is_form && is_pairs(&text) {
            put("form", form(&text).into());
            return None;
        }
        put("body", literal(&text));
        let kind = kind.unwrap_or_else(|| "application/x-www-form-urlencoded".into());
        put("content_type", literal(&kind));
        None
    }
}

fn where_is(path: &str) -> Option<String> {
    let is_whole = path.starts_with(['/', '~']);
    (!is_whole).then(|| format!("Say where the file “{path}” is: choose it again in the step."))
}

fn is_pairs(text: &str) -> bool {
    text.split('&').all(|pair| {
        pair.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty())
    })
}

fn form(text: &str) -> Map {
    let mut record = Map::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        add(&mut record, &name, literal(&value));
    }
    record
}

/// Adds a value; several of one name become a list.
pub(super) fn add(record: &mut Map, name: &str, value: Value) {
    match record.get_mut(name) {
        None => {
            record.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn literals(value: Value) -> Value {
    match value {
        Value::String(text) => literal(&text),
        Value::Array(items) => items.into_iter().map(literals).collect(),
        Value::Object(record) => {
            let entries = record
                .into_iter()
                .map(|(name, value)| (name, literals(value)));
            Value::Object(entries.collect())
        }
        other => other,
    }
}
