//! Notices requests that give two lengths, `Content-Length` and `Transfer-Encoding`: the HTTP
//! library settles on one, but something in between may settle on the other and then takes half of
//! one request for another one.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::serve::http::LONGEST_HEAD;

/// A connection whose first head is looked at as it passes by.
pub(super) struct Watched<S> {
    stream: S,
    /// Empty once it has been looked at.
    head: Vec<u8>,
    is_over: bool,
    two_lengths: Arc<AtomicBool>,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, two_lengths: Arc<AtomicBool>) -> Self {
        Self {
            stream,
            head: Vec::new(),
            is_over: false,
            two_lengths,
        }
    }

    fn look(&mut self, bytes: &[u8]) {
        if self.is_over {
            return;
        }
        self.head.extend_from_slice(bytes);
        if let Some(head) = whole(&self.head) {
            self.two_lengths
                .store(has_two_lengths(head), Ordering::Release);
        } else if self.head.len() <= LONGEST_HEAD {
            return;
        }
        (self.is_over, self.head) = (true, Vec::new());
    }
}

/// The head, once its last line is there. Lines may end in either way.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let ends = |end: &[u8]| bytes.windows(end.len()).position(|window| window == end);
    let end = [ends(b"\r\n\r\n"), ends(b"\n\n"), ends(b"\n\r\n")];
    end.into_iter().flatten().min().map(|end| &bytes[..end])
}

fn has_two_lengths(head: &[u8]) -> bool {
    let has = |name: &str| {
        let mut lines = head.split(|byte| *byte == b'\n');
        lines.any(|line| {
            let known = line.get(..name.len());
            known.is_some_and(|known| known.eq_ignore_ascii_case(name.as_bytes()))
        })
    };
    has("content-length") && has("transfer-encoding")
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(ctx, buffer);
        if read.is_ready() {
            self.look(&buffer.filled()[before..]);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        ctx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(ctx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(ctx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(ctx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(request: &str, size: usize) -> bool {
        let two_lengths = Arc::new(AtomicBool::new(false));
        let mut watched = Watched::new((), Arc::clone(&two_lengths));
        for chunk in request.as_bytes().chunks(size) {
            watched.look(chunk);
        }
        two_lengths.load(Ordering::Acquire)
    }

    #[test]
    fn two_lengths_are_found_however_the_bytes_arrive() {
        let both = "POST /h/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n";
        let one =
            "POST /h/x HTTP/1.1\r\nContent-Length: 30\r\n\r\nTransfer-Encoding: chunked\r\n\r\n";
        for size in [1, 7, 4096] {
            assert!(found(both, size));
            assert!(found(&both.replace("\r\n", "\n"), size));
            assert!(!found(one, size), "what stands in a body is no header");
        }
    }
}
