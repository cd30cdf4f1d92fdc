//! Whether an answer is what was expected; if not, an error that names the server, the status and
//! what the service said about it.

mod status;

use errand_model::{ErrorKind, StepError, Timestamp, Value};

use super::{draft::Draft, list, reply};
use crate::ports::net::Answer;

/// How much of an unwelcome answer is read, and how much of that is shown.
const READ: usize = 16_384;
const SHOWN: usize = 200;

/// The statuses that count as success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expect(Vec<std::ops::RangeInclusive<u16>>);

impl Default for Expect {
    fn default() -> Self {
        Self(vec![200..=299])
    }
}

impl Expect {
    /// What the field says: statuses, or `2xx` and the like. Where it says nothing, what is to be
    /// deleted may be gone already, such as by a try whose answer got lost.
    pub(super) fn read(list: &[Value], method: &str) -> Result<Self, StepError> {
        if list.is_empty() && method == "DELETE" {
            return Ok(Self(vec![200..=299, 404..=404, 410..=410]));
        }
        if list.is_empty() {
            return Ok(Self::default());
        }
        list.iter().map(range).collect::<Result<_, _>>().map(Self)
    }

    fn contains(&self, status: u16) -> bool {
        self.0.iter().any(|range| range.contains(&status))
    }

    /// The one to show in a preview.
    pub(super) fn usual(&self) -> u16 {
        self.0.first().map_or(200, |range| *range.start())
    }
}

fn range(value: &Value) -> Result<std::ops::RangeInclusive<u16>, StepError> {
    let text = match value {
        Value::String(text) => text.trim().to_lowercase(),
        other => other.to_string(),
    };
    let known = |status: &u16| (100..=599).contains(status);
    if let Some(status) = text.parse().ok().filter(known) {
        return Ok(status..=status);
    }
    let class = text
        .strip_suffix("xx")
        .and_then(|class| class.parse::<u16>().ok());
    match class {
        Some(class @ 1..=5) => Ok(class * 100..=class * 100 + 99),
        _ => Err(
            StepError::bad_input("expect", format!("“{text}” isn't a status."))
                .hint("Write 200, 404 and so on, or 2xx for all from 200 to 299."),
        ),
    }
}

/// The answer, if it is one of those expected.
pub(super) async fn accept(
    mut answer: Answer,
    draft: &Draft,
    expect: &Expect,
    now: Timestamp,
) -> Result<Answer, StepError> {
    if expect.contains(answer.status) {
        return Ok(answer);
    }
    let said = said(&mut answer).await;
    if (200..300).contains(&answer.status) {
        return Err(unexpected(&answer, draft, &said));
    }
    let word = status::word(answer.status);
    let sentence = format!("{} answered {}{word}{said}.", draft.host(), answer.status);
    Err(status::failure(&answer, draft, sentence, now))
}

/// The service says it did it, but not in the way that was expected.
fn unexpected(answer: &Answer, draft: &Draft, said: &str) -> StepError {
    let message = format!(
        "{} answered {}, which isn't among the expected statuses{said}.",
        draft.host(),
        answer.status
    );
    let error = StepError::new(ErrorKind::Rejected, message)
        .hint("Check the answer; if it is fine, add its status to the expected ones.");
    if draft.changes() {
        error.ambiguous()
    } else {
        error
    }
}

/// A short extract of what the service said, ready to follow a sentence.
async fn said(answer: &mut Answer) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = answer.body.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= READ {
            break;
        }
    }
    let value = reply::value(answer, &bytes).unwrap_or_default();
    let text = match &value {
        Value::String(text) => plain(text),
        value => told(value).unwrap_or_else(|| value.to_string()),
    };
    let words: Vec<_> = text.split_whitespace().collect();
    let text = words.join(" ").replace(is_unseen, "");
    match text.as_str() {
        "" | "null" | "{}" | "[]" => String::new(),
        text => format!(": “{}”", shorten(text.trim_end_matches('.'))),
    }
}

/// Control characters, and those that turn the direction of what follows.
fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The sentence in an answer of JSON, where services usually put it.
fn told(value: &Value) -> Option<String> {
    const PLACES: [&str; 12] = [
        "error.message",
        "error_description",
        "message",
        "detail",
        "error",
        "errors.0.message",
        "errors.0.detail",
        "errors.0",
        "title",
        "msg",
        "reason",
        "description",
    ];
    PLACES.iter().find_map(|place| {
        let text = list::at(value, place)?.as_str()?;
        (!text.trim().is_empty()).then(|| text.to_owned())
    })
}

/// Text without the marks of a web page; of a whole page its title.
fn plain(text: &str) -> String {
    if !text.trim_start().starts_with('<') {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let title = lower.find("<title>").map(|at| at + 7);
    let end = title.and_then(|at| Some(at + lower[at..].find('<')?));
    match (title, end) {
        (Some(start), Some(end)) => text[start..end].to_owned(),
        _ => String::new(),
    }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let start: String = text.chars().take(SHOWN - 1).collect();
    format!("{}…", start.trim_end())
}
