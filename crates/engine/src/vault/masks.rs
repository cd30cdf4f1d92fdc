//! Takes secrets out of texts before anybody keeps or shows them: every live secret in the forms in
//! which services echo it (plain, base64, percent-encoded, escaped). Clones share what is hidden.

use std::{
    borrow::Cow,
    sync::{Arc, PoisonError, RwLock},
};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use errand_model::{Map, StepError, StepRecord, Value, Would};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::zeroize::Zeroizing;

/// What stands where a secret was.
pub(crate) const HIDDEN: &str = "•••";

/// Shorter texts would hide half of everything.
const SHORTEST: usize = 4;
/// Below this length a secret is hidden only where it stands as a word of its own.
const SURELY_A_SECRET: usize = 8;
/// Lines of a longer secret, such as a private key, that are hidden by themselves.
const LINE: usize = 16;

/// What stays as it is in most ways of percent-encoding.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What stays as it is in forms and the queries that are written like them.
const KEPT_IN_FORMS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'*')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

/// Hides secrets.
#[derive(Clone, Default)]
pub struct Masks(Arc<RwLock<Hidden>>);

#[derive(Default)]
struct Hidden {
    forms: Vec<Zeroizing<String>>,
    search: Option<Search>,
}

struct Search {
    automaton: AhoCorasick,
    /// Whether each form counts only as a word of its own.
    as_word: Vec<bool>,
}

impl Masks {
    /// Hides these from now on. What was hidden before stays hidden: it may still be echoed.
    pub fn hide<'s>(&self, secrets: impl IntoIterator<Item = &'s str>) {
        let mut hidden = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = hidden.forms.len();
        for form in secrets.into_iter().flat_map(forms) {
            if !hidden.forms.iter().any(|other| **other == *form) {
                hidden.forms.push(form);
            }
        }
        if hidden.forms.len() > known {
            hidden.search = search(&hidden.forms);
        }
    }

    /// The text without secrets.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let hidden = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match hidden.search.as_ref() {
            Some(search) => search.replaced(text),
            None => Cow::Borrowed(text),
        }
    }

    /// Takes secrets out of a value, names of its fields included.
    pub fn value(&self, value: &mut Value) {
        if self.is_empty() {
            return;
        }
        match value {
            Value::String(text) => self.string(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(map) => {
                for (mut name, mut item) in std::mem::take(map) {
                    self.string(&mut name);
                    self.value(&mut item);
                    map.insert(name, item);
                }
            }
            Value::Number(number) => {
                if let Cow::Owned(hidden) = self.text(&number.to_string()) {
                    *value = Value::String(hidden);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Takes secrets out of what people read of an error.
    pub fn error(&self, error: &mut StepError) {
        self.string(&mut error.message);
        if let Some(hint) = &mut error.hint {
            self.string(hint);
        }
    }

    /// Takes secrets out of a text in place.
    pub fn string(&self, text: &mut String) {
        if let Cow::Owned(hidden) = self.text(text) {
            *text = hidden;
        }
    }

    /// Takes secrets out of all that is kept of a step.
    pub(crate) fn record(&self, record: &mut StepRecord) {
        self.value(&mut record.input);
        self.value(&mut record.plan);
        self.value(&mut record.output);
        if let Some(error) = &mut record.error {
            self.error(error);
        }
    }

    /// Takes secrets out of what a preview shows.
    pub(crate) fn card(&self, card: &mut Would) {
        self.string(&mut card.summary);
        let mut details = Value::Object(std::mem::take(&mut card.details));
        self.value(&mut details);
        if let Value::Object(details) = details {
            card.details = details;
        }
    }

    fn is_empty(&self) -> bool {
        let hidden = self.0.read().unwrap_or_else(PoisonError::into_inner);
        hidden.search.is_none()
    }
}

/// Whether something was hidden in a value.
pub(crate) fn is_masked(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(HIDDEN),
        Value::Array(items) => items.iter().any(is_masked),
        Value::Object(map) => map
            .iter()
            .any(|(name, item)| name.contains(HIDDEN) || is_masked(item)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What was kept of a step's input, with what was hidden in it taken from the input as it is
/// rendered now.
pub(crate) fn unmasked(kept: &Value, fresh: Map) -> Map {
    let Some(kept) = kept.as_object() else {
        return fresh;
    };
    let mut fresh = fresh;
    let pairs = kept.iter().map(|(field, value)| {
        let now = fresh.remove(field).filter(|_| is_masked(value));
        (field.clone(), now.unwrap_or_else(|| value.clone()))
    });
    pairs.collect()
}

impl Search {
    fn replaced<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut found = self.automaton.find_iter(text).filter(|found| {
            !self.as_word[found.pattern().as_usize()] || is_word(text, found.start(), found.end())
        });
        let Some(first) = found.next() else {
            return Cow::Borrowed(text);
        };
        let (mut clean, mut end) = (String::with_capacity(text.len()), 0);
        for found in std::iter::once(first).chain(found) {
            clean.push_str(&text[end..found.start()]);
            clean.push_str(HIDDEN);
            end = found.end();
        }
        clean.push_str(&text[end..]);
        Cow::Owned(clean)
    }
}

fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

fn search(forms: &[Zeroizing<String>]) -> Option<Search> {
    let patterns = forms.iter().map(|form| form.as_bytes());
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(patterns);
    // Only a set of secrets of several gigabytes doesn't fit.
    let automaton = automaton.ok()?;
    let as_word = forms.iter().map(|form| form.len() < SURELY_A_SECRET);
    Some(Search {
        automaton,
        as_word: as_word.collect(),
    })
}

/// The ways in which a secret comes back.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let mut forms = Vec::new();
    for text in [secret, secret.trim()] {
        forms.push(text.to_owned());
        forms.extend(in_base64(text));
        forms.extend(in_addresses(text));
        forms.extend(escaped(text));
    }
    let lines = secret.lines().map(str::trim);
    forms.extend(
        lines
            .filter(|line| line.len() >= LINE && !line.starts_with("-----"))
            .map(str::to_owned),
    );
    let long_enough = |form: &String| form.len() >= SHORTEST;
    forms
        .into_iter()
        .filter(long_enough)
        .map(Zeroizing::new)
        .collect()
}

/// Alone, and as the end or the middle of a longer text (`user:password`): there the first and last
/// letters depend on the neighbours, so that those between have to do.
fn in_base64(text: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        forms.push(engine.encode(text));
        for shift in 0..3 {
            let whole = [&b"\0\0\0"[..shift], text.as_bytes()].concat();
            let sure = whole.len() / 3 * 4;
            let encoded = engine.encode(&whole);
            let middle = encoded.get((shift * 4).div_ceil(3)..sure);
            // Short pieces stand in innocent texts, too.
            forms.extend(
                middle
                    .filter(|it| it.len() >= SURELY_A_SECRET)
                    .map(str::to_owned),
            );
        }
    }
    forms
}

fn in_addresses(text: &str) -> Vec<String> {
    let upper = utf8_percent_encode(text, KEPT).to_string();
    let all = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let lower = lower_escapes(&upper);
    let form = utf8_percent_encode(text, KEPT_IN_FORMS).to_string();
    let form = form.replace("%20", "+");
    vec![upper, lower, form, all]
}

/// `%2F` as `%2f`.
fn lower_escapes(encoded: &str) -> String {
    let mut pieces = encoded.split('%');
    let mut lower = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        lower.push('%');
        lower.extend(piece.chars().take(2).map(|c| c.to_ascii_lowercase()));
        lower.extend(piece.chars().skip(2));
    }
    lower
}

fn escaped(text: &str) -> Vec<String> {
    let json = Value::from(text).to_string();
    let json = json.trim_start_matches('"');
    let json = json.strip_suffix('"').unwrap_or(json).to_owned();
    let twice = json.replace('\\', "\\\\").replace('"', "\\\"");
    let markup = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let quoted = markup.replace('"', "&quot;").replace('\'', "&#39;");
    vec![json, twice, markup, quoted]
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use serde_json::json;

    use super::*;

    const SECRET: &str = "ca/na+ry~* \"7\" & ünï\n-sesame";

    fn masks() -> Masks {
        let masks = Masks::default();
        masks.hide([SECRET, "hush", "1234567890"]);
        masks
    }

    #[test]
    fn a_secret_is_hidden_in_every_form_in_which_it_may_come_back() {
        let forms = [
            SECRET.to_owned(),
            json!(SECRET).to_string(),
            json!(json!({ "key": SECRET }).to_string()).to_string(),
            STANDARD.encode(SECRET),
            STANDARD.encode(format!("me:{SECRET}")),
            STANDARD.encode(format!("{{\"key\":\"{SECRET}\"}}")),
            utf8_percent_encode(SECRET, NON_ALPHANUMERIC).to_string(),
            utf8_percent_encode(SECRET, KEPT).to_string().to_lowercase(),
            url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect(),
            SECRET.replace('&', "&amp;"),
        ];
        for form in forms {
            let shown = masks().text(&format!("before {form} after")).into_owned();
            assert!(shown.contains(HIDDEN), "{form} isn't hidden");
            assert!(
                shown.starts_with("before ") && shown.ends_with(" after"),
                "{shown}"
            );
            assert!(
                !shown.contains("sesame") && !shown.contains("na+ry"),
                "{shown}"
            );
        }
    }

    #[test]
    fn values_are_hidden_in_texts_names_and_numbers() {
        let mut value = json!({ SECRET: [SECRET, 1_234_567_890, 12, true], "id": "hush-hush" });
        masks().value(&mut value);
        let expected = json!({ HIDDEN: [HIDDEN, HIDDEN, 12, true], "id": "•••-•••" });
        assert_eq!(value, expected);
    }

    #[test]
    fn a_short_secret_is_hidden_as_a_word_only() {
        let masks = masks();
        assert_eq!(masks.text("token=hush."), "token=•••.");
        assert_eq!(masks.text("it was hushed up"), "it was hushed up");
        masks.hide(["abc"]);
        assert_eq!(masks.text("abc"), "abc", "too short to be told apart");
    }

    #[test]
    fn what_was_hidden_in_an_input_is_rendered_again() {
        let kept = json!({ "url": "https://a/?key=•••", "at": "noon" });
        let fresh = json!({ "url": "https://a/?key=1", "at": "one" });
        let input = unmasked(&kept, fresh.as_object().cloned().unwrap());
        assert_eq!(
            Value::Object(input),
            json!({ "url": "https://a/?key=1", "at": "noon" })
        );
    }

    #[test]
    fn lines_of_a_private_key_are_hidden_one_by_one() {
        let masks = Masks::default();
        masks.hide([
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----\n",
        ]);
        assert_eq!(masks.text("got MIIEvQIBADANBgkqhkiG9w0B!"), "got •••!");
        assert_eq!(
            masks.text("-----BEGIN PRIVATE KEY-----"),
            "-----BEGIN PRIVATE KEY-----"
        );
    }
}
