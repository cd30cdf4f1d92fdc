//! A file written piece by piece, such as a download: a part until it is put in place.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use cap_std::fs::Dir;
use errand_model::StepError;
use rustix::fs::Mode;

use super::{
    DiskFiles, IfTaken, keep_mode,
    part::Part,
    place::{Missing, Place},
    words::{self, Doing},
};
use crate::ports::Sink;

struct DiskSink {
    place: Place,
    part: Part<Dir>,
    home: Option<PathBuf>,
}

/// Begins a file that may later get that name.
pub(super) fn begin(files: &DiskFiles, path: &Path) -> Result<Box<dyn Sink>, StepError> {
    let opened = files.open_place(path, Missing::Make).and_then(|place| {
        let part = Part::file(
            place.dir.try_clone()?,
            &place.name,
            Mode::from_raw_mode(0o666),
        )?;
        Ok((place, part))
    });
    match opened {
        Ok((place, part)) => Ok(Box::new(DiskSink {
            place,
            part,
            home: files.home.clone(),
        })),
        Err(error) => Err(files.explain(Doing::Changing, path, &error)),
    }
}

impl DiskSink {
    fn explain(&self, path: &Path, error: &io::Error) -> StepError {
        words::explain(Doing::Changing, path, self.home.as_deref(), error)
    }
}

impl Sink for DiskSink {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StepError> {
        let written = self.part.file.write_all(bytes);
        written.map_err(|error| self.explain(&self.place.path, &error))
    }

    fn put(&mut self, path: &Path, taken: IfTaken) -> Result<(), StepError> {
        let name = path.file_name().unwrap_or(&self.place.name).to_owned();
        if path.parent() != self.place.path.parent() {
            return Err(StepError::bug(
                "a file was to be put into another folder than it was made for",
            ));
        }
        if taken == IfTaken::Replace {
            keep_mode(&self.place, &self.part.file);
        }
        let put = self.part.put(&name, taken);
        put.map_err(|error| self.explain(path, &error))
    }
}
