//! Forms with files, as browsers write them (`multipart/form-data`, RFC 7578).

use std::collections::VecDeque;

use bytes::Bytes;
use errand_model::{ErrorKind, StepError};

use super::{
    Part, PartContent,
    outgoing::{Outgoing, Piece},
};

/// The body of such a form.
pub(super) fn of(parts: Vec<Part>) -> Result<Outgoing, StepError> {
    let boundary = boundary(&parts);
    let mut pieces = VecDeque::new();
    for part in parts {
        pieces.push_back(text(format!("--{boundary}\r\n{}", head(&part)?)));
        pieces.push_back(match part.content {
            PartContent::Text(content) => text(content),
            PartContent::Stream(stream) => Piece::Stream(stream),
        });
        pieces.push_back(text("\r\n".into()));
    }
    pieces.push_back(text(format!("--{boundary}--\r\n")));
    Ok(Outgoing {
        content_type: Some(format!("multipart/form-data; boundary={boundary}")),
        pieces,
    })
}

/// A line that stands nowhere in the texts, and by its length hardly in a file. The same form has
/// the same one, so that what is sent again is the same.
fn boundary(parts: &[Part]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.name.as_bytes());
        match &part.content {
            PartContent::Text(text) => hasher.update(text.as_bytes()),
            PartContent::Stream(stream) => hasher.update(&stream.size.to_le_bytes()),
        };
    }
    format!("errand-{}", &hasher.finalize().to_hex()[..48])
}

fn head(part: &Part) -> Result<String, StepError> {
    let mut head = format!(
        "Content-Disposition: form-data; name=\"{}\"",
        quoted(&part.name)
    );
    if let Some(name) = &part.file_name {
        head += &format!("; filename=\"{}\"", quoted(name));
    }
    if let PartContent::Stream(stream) = &part.content {
        if stream.content_type.chars().any(char::is_control) {
            let message = format!("The kind of “{}” isn't one.", part.name);
            return Err(StepError::new(ErrorKind::BadInput, message));
        }
        head += &format!("\r\nContent-Type: {}", stream.content_type);
    }
    Ok(head + "\r\n\r\n")
}

/// Names can't end their quotes or their line.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn text(text: String) -> Piece {
    Piece::Bytes(Bytes::from(text))
}
