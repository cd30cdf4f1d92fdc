//! Whole files come into being at once: written beside their place as `.<name>.<key>.part`, made
//! durable, then renamed. What a crash leaves of that is recognised by its name and its free lock.

use std::{
    borrow::Borrow,
    ffi::{OsStr, OsString},
    fs::File,
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::{OsStrExt, OsStringExt},
    },
};

use cap_std::fs::Dir;
use rustix::{
    fs::{self, AtFlags, FileType, FlockOperation, Mode, OFlags, RenameFlags},
    io::Errno,
};

use super::{IfTaken, place};

/// How many writers of one name at the same time are tolerated.
const WRITERS: u8 = 32;

/// A file or folder that is being filled; removed again unless it is put in place.
pub(super) struct Part<D: Borrow<Dir>> {
    dir: D,
    pub(super) name: OsString,
    pub(super) file: File,
    put: bool,
}

impl<D: Borrow<Dir>> Part<D> {
    /// An empty file to become `target`, made with that mode.
    pub(super) fn file(dir: D, target: &OsStr, mode: Mode) -> io::Result<Self> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        Self::make(dir, target, |dir, name| {
            fs::openat(dir, name, flags | OFlags::CLOEXEC, mode)
        })
    }

    /// An empty folder to become `target`.
    pub(super) fn folder(dir: D, target: &OsStr) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Self::make(dir, target, |dir, name| {
            fs::mkdirat(dir, name, Mode::RWXU)?;
            fs::openat(dir, name, flags, Mode::empty())
        })
    }

    fn make(
        dir: D,
        target: &OsStr,
        create: impl Fn(&Dir, &OsStr) -> Result<OwnedFd, Errno>,
    ) -> io::Result<Self> {
        for number in 0..WRITERS {
            let name = part_name(target, number);
            remove_if_abandoned(dir.borrow(), &name)?;
            match create(dir.borrow(), &name) {
                Ok(fd) => {
                    let file = File::from(fd);
                    if lock(dir.borrow(), &name, &file)? {
                        return Ok(Self {
                            dir,
                            name,
                            file,
                            put: false,
                        });
                    }
                }
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Errno::BUSY.into())
    }

    /// Makes it durable and gives it its name.
    pub(super) fn put(&mut self, target: &OsStr, taken: IfTaken) -> io::Result<()> {
        let dir = self.dir.borrow();
        self.file.sync_all()?;
        put(dir, &self.name, dir, target, taken)?;
        self.put = true;
        place::sync(dir)
    }
}

impl<D: Borrow<Dir>> Drop for Part<D> {
    fn drop(&mut self) {
        if !self.put {
            let _ = remove(self.dir.borrow(), &self.name);
        }
    }
}

/// Marks a part as alive. False if somebody took it for abandoned in between.
fn lock(dir: &Dir, name: &OsStr, file: &File) -> io::Result<bool> {
    // A drive without locks keeps its leftovers; nothing else depends on them.
    let _ = fs::flock(file, FlockOperation::NonBlockingLockExclusive);
    let ours = fs::fstat(file)?;
    let there = fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW);
    Ok(there.is_ok_and(|there| there.st_ino == ours.st_ino))
}

/// `.<name>.<key>.part`; the key tells Errand's parts from other programs'.
fn part_name(target: &OsStr, number: u8) -> OsString {
    let bytes = target.as_bytes();
    let mut hasher = blake3::Hasher::new_derive_key("errand part of a file");
    hasher.update(bytes).update(&[number]);
    let key = &hasher.finalize().to_hex()[..12];
    let mut name = b".".to_vec();
    name.extend(&bytes[..bytes.len().min(230)]);
    name.extend(format!(".{key}.part").bytes());
    OsString::from_vec(name)
}

fn remove_if_abandoned(dir: &Dir, name: &OsStr) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let Ok(fd) = fs::openat(dir, name, flags, Mode::empty()) else {
        return Ok(());
    };
    match fs::flock(&fd, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => remove(dir, name),
        Err(_) => Ok(()),
    }
}

/// Removes a file, a link or a whole folder, never following links.
pub(super) fn remove(dir: &Dir, name: &OsStr) -> io::Result<()> {
    let stat = fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => dir.remove_dir_all(name),
        _ => Ok(fs::unlinkat(dir, name, AtFlags::empty())?),
    }
}

/// Renames within one file system.
pub(super) fn put(
    from: &Dir,
    old: &OsStr,
    to: &Dir,
    new: &OsStr,
    taken: IfTaken,
) -> io::Result<()> {
    if taken == IfTaken::Replace {
        return Ok(fs::renameat(from, old, to, new)?);
    }
    match fs::renameat_with(from, old, to, new, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => put_by_link(from, old, to, new),
        other => Ok(other?),
    }
}

/// For drives that don't know "rename unless taken": a link fails where a name is taken.
fn put_by_link(from: &Dir, old: &OsStr, to: &Dir, new: &OsStr) -> io::Result<()> {
    let stat = fs::statat(from, old, AtFlags::SYMLINK_NOFOLLOW)?;
    if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
        // An empty folder of ours holds the name, and may be renamed over.
        fs::mkdirat(to, new, Mode::RWXU)?;
        return fs::renameat(from, old, to, new).map_err(|error| {
            let _ = fs::unlinkat(to, new, AtFlags::REMOVEDIR);
            error.into()
        });
    }
    match fs::linkat(from, old, to, new, AtFlags::empty()) {
        Ok(()) => Ok(fs::unlinkat(from, old, AtFlags::empty())?),
        Err(Errno::PERM | Errno::NOTSUP | Errno::NOSYS) => put_by_holding(from, old, to, new),
        Err(error) => Err(error.into()),
    }
}

/// For drives without links either (FAT): an empty file of ours holds the name.
fn put_by_holding(from: &Dir, old: &OsStr, to: &Dir, new: &OsStr) -> io::Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    drop(fs::openat(to, new, flags, Mode::RUSR | Mode::WUSR)?);
    Ok(fs::renameat(from, old, to, new)?)
}

/// Whether both are the same file under two names, as a crash of [`put_by_link`] leaves it.
pub(super) fn is_same_file(a: impl AsFd, old: &OsStr, b: impl AsFd, new: &OsStr) -> bool {
    let stat = |fd, name: &OsStr| fs::statat(fd, name, AtFlags::SYMLINK_NOFOLLOW);
    let (Ok(one), Ok(other)) = (stat(a.as_fd(), old), stat(b.as_fd(), new)) else {
        return false;
    };
    one.st_nlink > 1 && (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
}
