//! Copying, and moving: by rename within a file system, by copy, check and removal across.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use cap_std::fs::Dir;
use errand_model::{ErrorKind, StepError};
use rustix::{
    fs::{self, AtFlags, FileType, Mode, OFlags, Timespec, Timestamps},
    io::Errno,
};

use super::{
    FileInfo, IfTaken, meta,
    part::{self, Part},
    place::{self, Place},
    words::carry,
};

/// Moves a file, link or folder.
pub(super) fn rename(from: &Place, to: &Place, taken: IfTaken) -> io::Result<()> {
    if part::is_same_file(&from.dir, &from.name, &to.dir, &to.name) {
        fs::unlinkat(&from.dir, &from.name, AtFlags::empty())?;
        return place::sync(&from.dir);
    }
    match part::put(&from.dir, &from.name, &to.dir, &to.name, taken) {
        Err(error) if error.raw_os_error() == Some(Errno::XDEV.raw_os_error()) => {
            move_by_copy(from, to, taken)
        }
        other => {
            other?;
            place::sync(&to.dir)?;
            place::sync(&from.dir)
        }
    }
}

/// Copies, checks the copy, and only then removes the source. Taken up again after a crash with
/// `Replace`, it finds the finished copy and removes the source.
pub(super) fn move_by_copy(from: &Place, to: &Place, taken: IfTaken) -> io::Result<()> {
    let before = inventory(&from.dir, &from.name)?;
    let finished = taken == IfTaken::Replace && same_content(from, to);
    if !finished {
        copy(from, to, taken)?;
    }
    if inventory(&from.dir, &from.name)? != before {
        return Err(carry(changed(&from.path, "moved")));
    }
    part::remove(&from.dir, &from.name)?;
    place::sync(&from.dir)
}

/// Copies a file or a folder with everything in it; the copy appears whole or not at all.
pub(super) fn copy(from: &Place, to: &Place, taken: IfTaken) -> io::Result<()> {
    match kind(&from.dir, &from.name)? {
        FileType::Directory => copy_folder(from, to, taken),
        FileType::RegularFile => copy_file(from, to, taken),
        FileType::Symlink => Err(carry(a_link(&from.path))),
        _ => Err(carry(not_a_file(&from.path))),
    }
}

fn copy_file(from: &Place, to: &Place, taken: IfTaken) -> io::Result<()> {
    let mut source = open_read(&from.dir, &from.name)?;
    let before = inventory(&from.dir, &from.name)?;
    let mut part = Part::file(&to.dir, &to.name, Mode::RUSR | Mode::WUSR)?;
    fill(&mut source, &mut part.file)?;
    if inventory(&from.dir, &from.name)? != before {
        return Err(carry(changed(&from.path, "copied")));
    }
    part.put(&to.name, taken)
}

fn copy_folder(from: &Place, to: &Place, taken: IfTaken) -> io::Result<()> {
    if to.path.starts_with(&from.path) {
        return Err(Errno::INVAL.into());
    }
    let source = open_folder(&from.dir, &from.name)?;
    let mut part = Part::folder(&to.dir, &to.name)?;
    copy_entries(&source, &open_folder(&to.dir, &part.name)?, &from.path)?;
    part.put(&to.name, taken)
}

fn copy_entries(from: &Dir, to: &Dir, path: &Path) -> io::Result<()> {
    for name in meta::names(from)? {
        match kind(from, &name)? {
            FileType::Directory => {
                fs::mkdirat(to, &name, Mode::RWXU)?;
                let folder = open_folder(from, &name)?;
                copy_entries(&folder, &open_folder(to, &name)?, &path.join(&name))?;
            }
            FileType::RegularFile => copy_entry(from, to, &name)?,
            FileType::Symlink => {
                let target = fs::readlinkat(from, &name, Vec::new())?;
                fs::symlinkat(target, to, &name)?;
            }
            _ => return Err(carry(not_a_file(&path.join(&name)))),
        }
    }
    fs::fchmod(to, Mode::from_raw_mode(fs::fstat(from)?.st_mode & 0o777))?;
    place::sync(to)
}

fn copy_entry(from: &Dir, to: &Dir, name: &OsStr) -> io::Result<()> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut copy = File::from(fs::openat(to, name, flags, Mode::RUSR | Mode::WUSR)?);
    fill(&mut open_read(from, name)?, &mut copy)?;
    copy.sync_all()
}

/// Copies content, rights and times, and reads the copy back to compare.
fn fill(source: &mut File, copy: &mut File) -> io::Result<()> {
    let expected = pour(source, copy)?;
    copy.flush()?;
    let stat = fs::fstat(&*source)?;
    if hash(copy)? != expected {
        let message = "The copy doesn't read back as it was written.";
        let error = StepError::new(ErrorKind::Unreachable, message);
        return Err(carry(
            error.hint("Check the drive. If this comes back, it may be failing."),
        ));
    }
    // Drives such as FAT keep no rights; that is no reason to refuse the copy.
    let _ = fs::fchmod(&*copy, Mode::from_raw_mode(stat.st_mode & 0o777));
    let at = |seconds, nanos| Timespec {
        tv_sec: seconds,
        tv_nsec: nanos as _,
    };
    let times = Timestamps {
        last_access: at(stat.st_atime, stat.st_atime_nsec),
        last_modification: at(stat.st_mtime, stat.st_mtime_nsec),
    };
    let _ = fs::futimens(&*copy, &times);
    Ok(())
}

fn pour(source: &mut File, copy: &mut File) -> io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    let mut chunk = vec![0; 256 * 1024];
    loop {
        match source.read(&mut chunk)? {
            0 => return Ok(hasher.finalize()),
            read => {
                hasher.update(&chunk[..read]);
                copy.write_all(&chunk[..read])?;
            }
        }
    }
}

/// BLAKE3 of an opened file from its beginning.
pub(super) fn hash(file: &mut File) -> io::Result<blake3::Hash> {
    io::Seek::rewind(file)?;
    let mut hasher = blake3::Hasher::new();
    io::copy(file, &mut hasher)?;
    Ok(hasher.finalize())
}

/// Whether the target is the finished copy of a move across drives that a crash cut short.
pub(super) fn is_half_moved(from: &Place, source: &FileInfo, to: &Place, there: &FileInfo) -> bool {
    let drive = |info: &FileInfo| info.file_id.split(':').next().map(str::to_owned);
    drive(source) != drive(there) && source.size == there.size && same_content(from, to)
}

fn same_content(a: &Place, b: &Place) -> bool {
    let hash_of = |place: &Place| hash(&mut open_read(&place.dir, &place.name)?);
    matches!((hash_of(a), hash_of(b)), (Ok(one), Ok(other)) if one == other)
}

/// Opens a regular file for reading; neither links nor pipes.
pub(super) fn open_read(dir: &Dir, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(fs::openat(dir, name, flags, Mode::empty())?);
    match FileType::from_raw_mode(fs::fstat(&file)?.st_mode) {
        FileType::RegularFile => Ok(file),
        FileType::Directory => Err(Errno::ISDIR.into()),
        _ => Err(carry(not_a_file(Path::new(name)))),
    }
}

/// Opens a folder that is not a link.
pub(super) fn open_folder(dir: &Dir, name: &OsStr) -> io::Result<Dir> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(Dir::from_std_file(File::from(fs::openat(
        dir,
        name,
        flags,
        Mode::empty(),
    )?)))
}

/// Identity, size and time of a file, or of everything in a folder: equal if nothing changed.
fn inventory(dir: &Dir, name: &OsStr) -> io::Result<Vec<(String, u64, i64)>> {
    let mut found = Vec::new();
    take_stock(dir, name, &mut found)?;
    Ok(found)
}

fn take_stock(dir: &Dir, name: &OsStr, found: &mut Vec<(String, u64, i64)>) -> io::Result<()> {
    let info = meta::info(dir, name, PathBuf::new())?;
    found.push((info.file_id, info.size, info.modified_ns));
    if info.is_folder {
        let folder = open_folder(dir, name)?;
        for name in meta::names(&folder)? {
            take_stock(&folder, &name, found)?;
        }
    }
    Ok(())
}

fn kind(dir: &Dir, name: &OsStr) -> io::Result<FileType> {
    let stat = fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(stat.st_mode))
}

fn changed(path: &Path, verb: &str) -> StepError {
    let name = crate::names::shown_name(path);
    StepError::new(
        ErrorKind::Conflict,
        format!("“{name}” changed while it was being {verb}."),
    )
    .hint("Nothing is lost: the original is still where it was. Try again when it is at rest.")
}

fn a_link(path: &Path) -> StepError {
    let name = crate::names::shown_name(path);
    let message = format!("“{name}” is a link to another place, and Errand doesn't copy links.");
    StepError::new(ErrorKind::Rejected, message).hint("Copy the file it points to.")
}

fn not_a_file(path: &Path) -> StepError {
    let name = crate::names::shown_name(path);
    let message = format!("“{name}” is neither a file nor a folder but a device or a channel.");
    StepError::new(ErrorKind::BadInput, message).hint("Choose a file or a folder.")
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;

    use super::*;

    fn place(folder: &Path, name: &str) -> Place {
        let dir = Dir::open_ambient_dir(folder, ambient_authority()).unwrap();
        Place {
            dir,
            name: name.into(),
            path: folder.join(name),
        }
    }

    #[test]
    fn a_move_across_drives_takes_everything_along_and_is_finished_after_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("a/deep")).unwrap();
        std::fs::write(path("a/deep/x.txt"), "x").unwrap();
        let (from, to) = (place(folder.path(), "a"), place(folder.path(), "b"));
        move_by_copy(&from, &to, IfTaken::Refuse).unwrap();
        assert_eq!(std::fs::read_to_string(path("b/deep/x.txt")).unwrap(), "x");
        assert!(!path("a").exists());

        // The crash came between the finished copy and the removal of the source.
        let (from, to) = (place(folder.path(), "file"), place(folder.path(), "copy"));
        std::fs::write(path("file"), "content").unwrap();
        copy(&from, &to, IfTaken::Refuse).unwrap();
        let refused = move_by_copy(&from, &to, IfTaken::Refuse).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert!(path("file").exists());
        move_by_copy(&from, &to, IfTaken::Replace).unwrap();
        assert_eq!(std::fs::read_to_string(path("copy")).unwrap(), "content");
        assert!(!path("file").exists());
    }
}
