//! `files.read_text`: the text of a file.

use std::path::PathBuf;

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use super::{source, target};
use crate::{
    Action, Call, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
    },
    names,
};

/// The largest file that is read whole.
const LIMIT: u64 = 10_000_000;

pub(super) struct ReadText;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
}

#[async_trait]
impl Action for ReadText {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "File",
            FieldKind::File,
            "A text file of at most 10 MB.",
        );
        ActionInfo {
            id: "files.read_text".into(),
            name: "Read a text file".into(),
            sentence: "Read the text of {file}".into(),
            about: "Reads a text file, so that later steps can use what it says.".into(),
            effect: Effect::Read,
            reaches_people: false,
            using: None,
            fields: vec![
                file.required()
                    .suggest("trigger.path")
                    .example("~/Notes/Today.txt"),
            ],
            gives: vec![output("text", "The text", ValueKind::Text)],
            sample: json!({ "text": "Call Ms Vega about the offer." }),
        }
    }

    async fn plan(&self, _call: &Call<'_>) -> Result<Plan, StepError> {
        Ok(Plan::default())
    }

    async fn run(&self, call: &Call<'_>, _plan: &Plan) -> Result<Value, StepError> {
        let Input { file } = input::read(call.input)?;
        let file = target::tidy(&file);
        let files = call.ports.files.as_ref();
        source::find(files, &file)?;
        let text = decode(&files.read(&file, LIMIT)?).ok_or_else(|| {
            let message = format!("“{}” isn't a text file.", names::shown_name(&file));
            StepError::bad_input("file", message)
                .hint("Choose a file of plain text, such as .txt, .md or .csv.")
        })?;
        Ok(json!({ "text": text }))
    }
}

/// UTF-8, UTF-16 with its mark, or else the old Western European letters; None for anything that
/// isn't text.
fn decode(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ if bytes.contains(&0) => None,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(_) => western(bytes),
        },
    }
}

fn utf_16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let units: Vec<_> = bytes
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]))
        .collect();
    String::from_utf16(&units).ok()
}

/// Windows-1252; bytes it doesn't know, or control characters, mean that this isn't text.
fn western(bytes: &[u8]) -> Option<String> {
    const UPPER: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0',
        '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    let letter = |byte: &u8| match byte {
        b'\t' | b'\n' | b'\r' | 0x0c => Some(char::from(*byte)),
        0x80..0xa0 => Some(UPPER[usize::from(byte - 0x80)]).filter(|letter| *letter != '\0'),
        _ => Some(char::from(*byte)).filter(|letter| !letter.is_control()),
    };
    bytes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_whatever_encoding_it_comes() {
        assert_eq!(decode("Grüße €".as_bytes()).unwrap(), "Grüße €");
        assert_eq!(decode(b"\xef\xbb\xbfhi").unwrap(), "hi");
        assert_eq!(decode(b"\xff\xfeh\0i\0").unwrap(), "hi");
        assert_eq!(decode(b"Gr\xfc\xdfe \x80").unwrap(), "Grüße €");
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0"), None);
        assert_eq!(decode(b"%PDF-1.7\n%\xe2\xe3\x81\x01"), None);
    }
}
