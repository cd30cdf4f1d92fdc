//! The desktop's trash as the freedesktop.org specification describes it: a note in `info` takes
//! the name, then the thing itself goes to `files`.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read, Write},
    os::unix::ffi::OsStrExt,
    path::Path,
};

use cap_std::fs::Dir;
use errand_model::Timestamp;
use jiff::tz::TimeZone;
use rustix::{
    fs::{self, AtFlags, Mode, OFlags},
    io::Errno,
};

use super::{
    FileInfo, IfTaken, meta, part,
    place::{self, Missing, Place},
    transfer,
};
use crate::names;

/// Moves the thing at `place` into the trash under that name.
pub(super) fn put(trash: &Path, place: &Place, trash_name: &str) -> io::Result<()> {
    let taken = match reserve(trash, &place.path, trash_name)? {
        Reserved::New => IfTaken::Refuse,
        // A crash came between the note and the end of the move: take it up again.
        Reserved::Again => IfTaken::Replace,
    };
    let target = target(trash, trash_name)?;
    if taken == IfTaken::Replace && found(trash, trash_name)?.is_some() {
        return transfer::move_by_copy(place, &target, taken);
    }
    transfer::rename(place, &target, IfTaken::Refuse)
}

/// What lies in the trash under that name.
pub(super) fn found(trash: &Path, trash_name: &str) -> io::Result<Option<FileInfo>> {
    match place::open_root(&trash.join("files"), Missing::Fail) {
        Ok(files) => meta::find(
            files,
            trash_name.as_ref(),
            trash.join("files").join(trash_name),
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keeps what is about to be replaced: as a second name where that works, else as a copy.
pub(super) fn keep(trash: &Path, place: &Place) -> io::Result<()> {
    let name = names::cut(&place.name.to_string_lossy(), 230);
    let kin = (2..10_000).map(|number| names::numbered(&name, number, false));
    for trash_name in std::iter::once(name.clone()).chain(kin) {
        if found(trash, &trash_name)?.is_some() {
            continue;
        }
        match reserve(trash, &place.path, &trash_name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => {
                other?;
                return keep_as(place, &target(trash, &trash_name)?);
            }
        }
    }
    Err(Errno::EXIST.into())
}

fn keep_as(place: &Place, target: &Place) -> io::Result<()> {
    let (from, to) = (&place.dir, &target.dir);
    match fs::linkat(from, &place.name, to, &target.name, AtFlags::empty()) {
        Ok(()) => place::sync(to),
        Err(_) => transfer::copy(place, target, IfTaken::Refuse),
    }
}

fn target(trash: &Path, trash_name: &str) -> io::Result<Place> {
    let folder = trash.join("files");
    let path = folder.join(trash_name);
    Ok(Place {
        dir: place::open_root(&folder, Missing::Make)?,
        name: trash_name.into(),
        path,
    })
}

enum Reserved {
    New,
    Again,
}

fn reserve(trash: &Path, original: &Path, trash_name: &str) -> io::Result<Reserved> {
    make_private(trash)?;
    let info = place::open_root(&trash.join("info"), Missing::Make)?;
    let name = OsString::from(format!("{trash_name}.trashinfo"));
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
    match fs::openat(
        &info,
        &name,
        flags | OFlags::CLOEXEC,
        Mode::RUSR | Mode::WUSR,
    ) {
        Ok(fd) => {
            let written = describe(File::from(fd), original);
            if written.is_err() {
                let _ = part::remove(&info, &name);
            }
            written
                .and_then(|()| place::sync(&info))
                .map(|()| Reserved::New)
        }
        Err(Errno::EXIST) if is_ours(&info, &name, original) => Ok(Reserved::Again),
        Err(error) => Err(error.into()),
    }
}

/// Makes the trash, for nobody else's eyes.
fn make_private(trash: &Path) -> io::Result<()> {
    if place::open_root(trash, Missing::Fail).is_ok() {
        return Ok(());
    }
    place::open_root(trash, Missing::Make)?;
    Ok(fs::chmod(trash, Mode::RWXU)?)
}

fn describe(mut note: File, original: &Path) -> io::Result<()> {
    // The file system's own idea of now: the note was made a moment ago.
    let made = note.metadata()?.modified()?;
    let now = Timestamp::try_from(made)
        .unwrap_or_default()
        .to_zoned(TimeZone::system());
    let date = now.strftime("%Y-%m-%dT%H:%M:%S");
    let line = path_line(original);
    note.write_all(format!("[Trash Info]\n{line}\nDeletionDate={date}\n").as_bytes())?;
    note.sync_all()
}

fn is_ours(info: &Dir, name: &OsString, original: &Path) -> bool {
    let mut text = String::new();
    let read = transfer::open_read(info, name)
        .and_then(|file| file.take(64 * 1024).read_to_string(&mut text));
    read.is_ok() && text.lines().any(|line| line == path_line(original))
}

/// `Path=` with everything but plain characters as percent codes.
fn path_line(path: &Path) -> String {
    let mut line = String::from("Path=");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => line.push(char::from(*byte)),
            plain if plain.is_ascii_alphanumeric() => line.push(char::from(*plain)),
            other => line.push_str(&format!("%{other:02X}")),
        }
    }
    line
}
