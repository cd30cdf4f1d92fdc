//! What a request sends: JSON, a form, a form with files, text, or a file. Checked when the step is
//! planned; files are opened only when it acts.

use std::path::{Path, PathBuf};

use errand_model::{ErrorKind, Map, StepError, Value};
use url::form_urlencoded;

use super::{address, headers};
use crate::{
    names,
    ports::{
        Files,
        net::{self, Body, PartContent, Stream},
    },
};

/// The fields that say what is sent; a request has one of them at most.
#[derive(Default)]
pub(super) struct Given {
    pub(super) json: Option<Value>,
    pub(super) form: Option<Map>,
    pub(super) parts: Option<Map>,
    pub(super) body: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) file: Option<PathBuf>,
}

/// What a request sends.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Payload {
    Empty,
    Json(Value),
    Text { text: String, kind: String },
    File { path: PathBuf, kind: String },
    Parts(Vec<(String, PartOf)>),
}

/// One part of a form with files.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PartOf {
    Text(String),
    File(PathBuf),
}

impl Payload {
    /// What the fields say. A `Content-Type` among the headers wins over the usual one.
    pub(super) fn of(
        given: Given,
        headers: &mut Vec<(String, String)>,
    ) -> Result<(Self, Option<String>), StepError> {
        only_one(&given)?;
        let header = headers::take(headers, "content-type").or(given.content_type);
        let kind = |usual: &str| header.clone().unwrap_or_else(|| usual.to_owned());
        let payload = if let Some(value) = given.json {
            Self::Json(value)
        } else if let Some(form) = given.form {
            let pairs = address::pairs(&form, "form")?;
            let mut text = form_urlencoded::Serializer::new(String::new());
            Self::Text {
                text: text.extend_pairs(pairs).finish(),
                kind: kind("application/x-www-form-urlencoded"),
            }
        } else if let Some(parts) = given.parts {
            Self::Parts(read_parts(&parts)?)
        } else if let Some(text) = given.body {
            let kind = kind("text/plain; charset=utf-8");
            Self::Text { text, kind }
        } else if let Some(path) = given.file {
            let kind = kind(kind_of(&path));
            Self::File { path, kind }
        } else {
            Self::Empty
        };
        Ok((payload, header))
    }

    /// Looks whether the files to be sent are there.
    pub(super) fn check(&self, files: &dyn Files) -> Result<(), StepError> {
        let check = |path: &Path, field| match files.look(path)? {
            Some(there) if !there.is_folder => Ok(()),
            Some(_) => {
                let message = format!("“{}” is a folder.", names::shown_name(path));
                Err(StepError::bad_input(field, message).hint("Choose a file inside it."))
            }
            None => Err(gone(path, field)),
        };
        match self {
            Self::File { path, .. } => check(path, "file"),
            Self::Parts(parts) => parts.iter().try_for_each(|(_, part)| match part {
                PartOf::File(path) => check(path, "parts"),
                PartOf::Text(_) => Ok(()),
            }),
            Self::Empty | Self::Json(_) | Self::Text { .. } => Ok(()),
        }
    }

    /// The body to send, with its files opened.
    pub(super) fn open(&self, kind: Option<&str>, files: &dyn Files) -> Result<Body, StepError> {
        Ok(match self {
            Self::Empty => Body::Empty,
            Self::Json(value) => Body::Bytes {
                content_type: kind.unwrap_or("application/json").to_owned(),
                bytes: value.to_string().into_bytes(),
            },
            Self::Text { text, kind } => Body::Bytes {
                content_type: kind.clone(),
                bytes: text.clone().into_bytes(),
            },
            Self::File { path, kind } => Body::Stream(open(files, path, kind)?),
            Self::Parts(parts) => {
                let part = |(name, part): &(String, PartOf)| open_part(files, name, part);
                Body::Parts(parts.iter().map(part).collect::<Result<_, _>>()?)
            }
        })
    }
}

fn only_one(given: &Given) -> Result<(), StepError> {
    let filled = [
        ("json", given.json.is_some()),
        ("form", given.form.is_some()),
        ("parts", given.parts.is_some()),
        ("body", given.body.is_some()),
        ("file", given.file.is_some()),
    ];
    let mut filled = filled.iter().filter(|(_, is_filled)| *is_filled);
    let (Some((first, _)), Some((second, _))) = (filled.next(), filled.next()) else {
        return Ok(());
    };
    let message = format!("Both `{first}` and `{second}` say what is sent.");
    Err(StepError::bad_input(second, message).hint("A request sends one thing: empty one of them."))
}

fn read_parts(record: &Map) -> Result<Vec<(String, PartOf)>, StepError> {
    let mut parts = Vec::new();
    for (name, value) in record {
        let values = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            let part = match value.get("file").and_then(Value::as_str) {
                Some(path) => Some(PartOf::File(part_file(name, path)?)),
                None => address::text(name, value, "parts")?.map(PartOf::Text),
            };
            parts.extend(part.map(|part| (name.clone(), part)));
        }
    }
    Ok(parts)
}

fn part_file(name: &str, path: &str) -> Result<PathBuf, StepError> {
    if path.starts_with('/') {
        return Ok(PathBuf::from(path));
    }
    let message = format!("The file for “{name}” is “{path}”, which doesn't say where it is.");
    Err(StepError::bad_input("parts", message)
        .hint("Begin it with ~/ for your home folder, or with /."))
}

fn open(files: &dyn Files, path: &Path, kind: &str) -> Result<Stream, StepError> {
    let opened = files.open(path)?;
    Ok(Stream {
        content_type: kind.to_owned(),
        size: opened.size,
        read: opened.read,
    })
}

fn open_part(files: &dyn Files, name: &str, part: &PartOf) -> Result<net::Part, StepError> {
    let (file_name, content) = match part {
        PartOf::Text(text) => (None, PartContent::Text(text.clone())),
        PartOf::File(path) => (
            Some(names::shown_name(path)),
            PartContent::Stream(open(files, path, kind_of(path))?),
        ),
    };
    Ok(net::Part {
        name: name.to_owned(),
        file_name,
        content,
    })
}

fn gone(path: &Path, field: &str) -> StepError {
    let message = format!("“{}” is no longer there.", names::shown_name(path));
    let error = StepError::new(ErrorKind::NotFound, message)
        .hint("It was moved, renamed or deleted before this step could send it.");
    StepError {
        field: Some(field.to_owned()),
        ..error
    }
}

/// The kind of a file, by its ending.
pub(super) fn kind_of(path: &Path) -> &'static str {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    match ending.to_lowercase().as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "txt" | "log" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" | "htm" => "text/html; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        _ => "application/octet-stream",
    }
}
