//! Server-sent events out of a stream of bytes. Pure.

/// A message longer than this isn't one.
const LONGEST: usize = 32 * 1024 * 1024;

/// What has arrived of a stream.
#[derive(Default)]
pub(super) struct Events {
    rest: Vec<u8>,
    data: String,
}

/// The stream isn't one of events.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoEvents;

impl Events {
    /// The data of every event that is complete with these bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, NoEvents> {
        self.rest.extend_from_slice(bytes);
        let mut complete = Vec::new();
        let mut begin = 0;
        while let Some(length) = self.rest[begin..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(&self.rest[begin..begin + length]).into_owned();
            begin += length + 1;
            complete.extend(self.line(line.trim_end_matches('\r')));
        }
        self.rest.drain(..begin);
        match self.rest.len() + self.data.len() > LONGEST {
            true => Err(NoEvents),
            false => Ok(complete),
        }
    }

    /// An empty line ends an event; other fields than `data` and comments don't matter here.
    fn line(&mut self, line: &str) -> Option<String> {
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            return (!data.is_empty()).then_some(data);
        }
        if let Some(data) = line.strip_prefix("data:") {
            if !self.data.is_empty() {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_whole_however_the_bytes_are_cut() {
        let stream = b": sign of life\n\nid: 1\ndata: {\"a\":1}\n\r\ndata: two\ndata: lines\n\n";
        for size in 1..stream.len() {
            let mut events = Events::default();
            let mut found = Vec::new();
            for chunk in stream.chunks(size) {
                found.extend(events.push(chunk).unwrap_or_default());
            }
            assert_eq!(found, ["{\"a\":1}", "two\nlines"], "cut every {size} bytes");
        }
    }

    #[test]
    fn a_stream_without_an_end_is_refused() {
        let mut events = Events::default();
        let chunk = vec![b'x'; 1024 * 1024];
        let refused = (0..40).any(|_| events.push(&chunk).is_err());
        assert!(refused);
    }
}
