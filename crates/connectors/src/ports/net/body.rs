//! Bodies on their way out: read on a thread that may wait, and watched, for a request whose body
//! was cut can't have been carried out.

use std::{
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use errand_model::{ErrorKind, StepError};
use futures_util::stream;
use reqwest::{RequestBuilder, header, multipart};
use tokio::sync::mpsc;

use super::{Body, Part, PartContent, Stream};

const CHUNK: usize = 64 * 1024;

/// Whether everything was handed to the connection.
#[derive(Clone)]
pub(super) struct Sent(Arc<AtomicBool>);

impl Sent {
    pub(super) fn is_complete(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What can be sent a second time, after a redirect.
pub(super) enum Again {
    Nothing,
    Bytes {
        content_type: String,
        bytes: Vec<u8>,
    },
    Never,
}

pub(super) fn again(body: &Body) -> Again {
    match body {
        Body::Empty => Again::Nothing,
        Body::Bytes {
            content_type,
            bytes,
        } => Again::Bytes {
            content_type: content_type.clone(),
            bytes: bytes.clone(),
        },
        Body::Stream(_) | Body::Parts(_) => Again::Never,
    }
}

impl Again {
    pub(super) fn body(&self) -> Option<Body> {
        match self {
            Self::Nothing => Some(Body::Empty),
            Self::Bytes {
                content_type,
                bytes,
            } => Some(Body::Bytes {
                content_type: content_type.clone(),
                bytes: bytes.clone(),
            }),
            Self::Never => None,
        }
    }
}

/// The request with its body.
pub(super) fn attach(
    request: RequestBuilder,
    body: Body,
) -> Result<(RequestBuilder, Sent), StepError> {
    let sent = Sent(Arc::new(AtomicBool::new(true)));
    let request = match body {
        Body::Empty => request,
        Body::Bytes {
            content_type,
            bytes,
        } => request
            .header(header::CONTENT_TYPE, content_type)
            .body(bytes),
        Body::Stream(stream) => request
            .header(header::CONTENT_TYPE, &stream.content_type)
            .header(header::CONTENT_LENGTH, stream.size)
            .body(flowing(stream, &sent)),
        Body::Parts(parts) => {
            let mut form = multipart::Form::new();
            for part in parts {
                form = form.part(part.name.clone(), of_part(part, &sent)?);
            }
            request.multipart(form)
        }
    };
    Ok((request, sent))
}

fn of_part(part: Part, sent: &Sent) -> Result<multipart::Part, StepError> {
    let made = match part.content {
        PartContent::Text(text) => Ok(multipart::Part::text(text)),
        PartContent::Stream(stream) => {
            let (size, kind) = (stream.size, stream.content_type.clone());
            multipart::Part::stream_with_length(flowing(stream, sent), size).mime_str(&kind)
        }
    };
    let made = made.map_err(|_| {
        StepError::new(
            ErrorKind::BadInput,
            format!("“{}” has a kind that isn't one.", part.name),
        )
    })?;
    Ok(match part.file_name {
        Some(name) => made.file_name(name),
        None => made,
    })
}

fn flowing(stream: Stream, sent: &Sent) -> reqwest::Body {
    sent.0.store(false, Ordering::Release);
    let (sender, receiver) = mpsc::channel::<std::io::Result<Vec<u8>>>(2);
    let (mut read, sent) = (stream.read, sent.clone());
    tokio::task::spawn_blocking(move || {
        loop {
            let mut chunk = vec![0; CHUNK];
            match read.read(&mut chunk) {
                Ok(0) => return sent.0.store(true, Ordering::Release),
                Ok(length) => {
                    chunk.truncate(length);
                    if sender.blocking_send(Ok(chunk)).is_err() {
                        return;
                    }
                }
                Err(error) => {
                    // Whoever sends gives up then.
                    let _ = sender.blocking_send(Err(error));
                    return;
                }
            }
        }
    });
    reqwest::Body::wrap_stream(stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    }))
}
