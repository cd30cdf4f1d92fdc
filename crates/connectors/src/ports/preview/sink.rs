//! A file that would be written piece by piece: kept in memory as far as it is small, so that later
//! steps of the preview can read it, and shown as a card.

use std::path::Path;

use errand_model::StepError;

use super::{LIMIT, PreviewFiles};
use crate::ports::{Files, IfTaken, Sink};

pub(super) struct PreviewSink {
    files: PreviewFiles,
    bytes: Vec<u8>,
}

impl PreviewSink {
    pub(super) fn new(files: PreviewFiles) -> Self {
        Self {
            files,
            bytes: Vec::new(),
        }
    }
}

impl Sink for PreviewSink {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StepError> {
        let room = usize::try_from(LIMIT).unwrap_or(usize::MAX) - self.bytes.len();
        self.bytes.extend(&bytes[..bytes.len().min(room)]);
        Ok(())
    }

    fn put(&mut self, path: &Path, taken: IfTaken) -> Result<(), StepError> {
        self.files.write(path, &self.bytes, taken)
    }
}
