//! Bodies on their way out. Files are read on a thread that may wait, exactly as many bytes as were
//! announced are sent, and the [`Stage`] is told of every piece.

use std::{
    collections::VecDeque,
    fmt,
    io::{self, Read as _},
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use errand_model::StepError;
use http_body::{Frame, SizeHint};
use tokio::sync::mpsc;

use super::{Body, Stream, multipart, stage::Stage};

const CHUNK: usize = 64 * 1024;

/// What one request sends.
pub(super) struct Outgoing {
    pub(super) content_type: Option<String>,
    pub(super) pieces: VecDeque<Piece>,
}

/// A part of it.
pub(super) enum Piece {
    Bytes(Bytes),
    Stream(Stream),
}

impl Piece {
    fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stream(stream) => stream.size,
        }
    }
}

impl Outgoing {
    /// Nothing.
    pub(super) fn empty() -> Self {
        Self {
            content_type: None,
            pieces: VecDeque::new(),
        }
    }

    pub(super) fn of(body: Body) -> Result<Self, StepError> {
        let (content_type, piece) = match body {
            Body::Empty => return Ok(Self::empty()),
            Body::Parts(parts) => return multipart::of(parts),
            Body::Bytes {
                content_type,
                bytes,
            } => (content_type, Piece::Bytes(bytes.into())),
            Body::Stream(stream) => (stream.content_type.clone(), Piece::Stream(stream)),
        };
        Ok(Self {
            content_type: Some(content_type),
            pieces: VecDeque::from([piece]),
        })
    }

    /// The same once more, where it doesn't come from a file.
    pub(super) fn again(&self) -> Option<Self> {
        let piece = |piece: &Piece| match piece {
            Piece::Bytes(bytes) => Some(Piece::Bytes(bytes.clone())),
            Piece::Stream(_) => None,
        };
        Some(Self {
            content_type: self.content_type.clone(),
            pieces: self.pieces.iter().map(piece).collect::<Option<_>>()?,
        })
    }

    fn size(&self) -> u64 {
        self.pieces.iter().map(Piece::size).sum()
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.size() == 0
    }

    /// What the client sends; None for no body at all.
    pub(super) fn flow(self, stage: &Stage) -> Option<reqwest::Body> {
        self.content_type.as_ref()?;
        let left = self.size();
        stage.sending(left == 0);
        Some(reqwest::Body::wrap(Flow {
            pieces: Mutex::new(self.pieces),
            reading: None,
            left,
            stage: stage.clone(),
        }))
    }
}

/// The body, piece by piece.
struct Flow {
    /// Never locked: that only makes it shareable.
    pieces: Mutex<VecDeque<Piece>>,
    reading: Option<mpsc::Receiver<Result<Bytes, Unreadable>>>,
    left: u64,
    stage: Stage,
}

/// What was to be sent can't be read to its end.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// The system says why.
    Trouble(io::Error),
    /// It became shorter meanwhile.
    Shorter,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trouble(error) => write!(f, "a file can't be read: {error}"),
            Self::Shorter => f.write_str("a file became shorter while it was sent"),
        }
    }
}

impl std::error::Error for Unreadable {}

impl http_body::Body for Flow {
    type Data = Bytes;
    type Error = Unreadable;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Unreadable>>> {
        let flow = self.get_mut();
        let next = ready!(flow.poll_next(context));
        Poll::Ready(next.map(|piece| piece.map(|bytes| Frame::data(flow.handed_on(bytes)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

impl Flow {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Unreadable>>> {
        loop {
            if let Some(reading) = &mut self.reading {
                match ready!(reading.poll_recv(context)) {
                    Some(piece) => return Poll::Ready(Some(piece)),
                    None => self.reading = None,
                }
            }
            let pieces = self.pieces.get_mut();
            match pieces.unwrap_or_else(PoisonError::into_inner).pop_front() {
                None => return Poll::Ready(None),
                Some(Piece::Bytes(bytes)) if bytes.is_empty() => {}
                Some(Piece::Bytes(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Some(Piece::Stream(stream)) => self.reading = Some(read(stream)),
            }
        }
    }

    fn handed_on(&mut self, bytes: Bytes) -> Bytes {
        self.left = self.left.saturating_sub(bytes.len() as u64);
        self.stage.sending(self.left == 0);
        bytes
    }
}

fn read(stream: Stream) -> mpsc::Receiver<Result<Bytes, Unreadable>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut left = stream.size;
        let mut source = stream.read.take(stream.size);
        while left > 0 {
            let piece = chunk(&mut source);
            left -= piece.as_ref().map_or(left, |bytes| bytes.len() as u64);
            // Nobody listens any more when the request has failed.
            if sender.blocking_send(piece).is_err() {
                return;
            }
        }
    });
    receiver
}

fn chunk(source: &mut impl io::Read) -> Result<Bytes, Unreadable> {
    let mut bytes = vec![0; CHUNK];
    match source.read(&mut bytes) {
        Ok(0) => Err(Unreadable::Shorter),
        Ok(length) => {
            bytes.truncate(length);
            Ok(bytes.into())
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => chunk(source),
        Err(error) => Err(Unreadable::Trouble(error)),
    }
}
