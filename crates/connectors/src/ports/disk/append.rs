//! Adding at the end of a file, provided that nobody else did in between, and taking a torn
//! addition back.

use std::{
    fs::File,
    io::{self, Write},
};

use errand_model::{ErrorKind, StepError};
use rustix::{
    fs::{self, FlockOperation, Mode, OFlags},
    io::Errno,
};

use super::{
    place::{self, Place},
    words::carry,
};

pub(super) fn append(place: &Place, expected_size: u64, bytes: &[u8]) -> io::Result<()> {
    let (mut file, is_new) = open(place, expected_size)?;
    // Held until the file is closed, so that Errand's own additions never interleave.
    let _ = fs::flock(&file, FlockOperation::LockExclusive);
    if file.metadata()?.len() != expected_size {
        return Err(carry(changed(place)));
    }
    let written = file.write_all(bytes).and_then(|()| file.sync_data());
    if let Err(error) = written {
        let _ = file.set_len(expected_size);
        return Err(error);
    }
    if is_new {
        place::sync(&place.dir)
    } else {
        Ok(())
    }
}

/// The opened file, and whether it was made just now.
fn open(place: &Place, expected_size: u64) -> io::Result<(File, bool)> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = flags | OFlags::CLOEXEC;
    let made = OFlags::CREATE | OFlags::EXCL;
    let mode = Mode::from_raw_mode(0o666);
    match fs::openat(&place.dir, &place.name, flags, Mode::empty()) {
        Err(Errno::NOENT) if expected_size == 0 => {
            match fs::openat(&place.dir, &place.name, flags | made, mode) {
                Err(Errno::EXIST) => Err(carry(changed(place))),
                other => Ok((File::from(other?), true)),
            }
        }
        other => Ok((File::from(other?), false)),
    }
}

pub(super) fn truncate(place: &Place, size: u64) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(fs::openat(&place.dir, &place.name, flags, Mode::empty())?);
    if file.metadata()?.len() < size {
        return Err(carry(changed(place)));
    }
    file.set_len(size)?;
    file.sync_all()
}

fn changed(place: &Place) -> StepError {
    let name = crate::names::shown_name(&place.path);
    StepError::new(
        ErrorKind::Conflict,
        format!("“{name}” changed while Errand was adding to it."),
    )
    .hint("Nothing was added. Try again when no other program writes to it.")
}
