//! What there is: metadata without following links, and the entries of a folder.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::{fd::AsFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
};

use errand_model::Timestamp;
use rustix::fs::{self, AtFlags, FileType};

use super::FileInfo;

/// What is called `name` in that folder.
#[cfg(target_os = "linux")]
pub(super) fn info(dir: impl AsFd, name: &OsStr, path: PathBuf) -> io::Result<FileInfo> {
    let wanted = fs::StatxFlags::BASIC_STATS | fs::StatxFlags::BTIME;
    let stat = fs::statx(dir, name, AtFlags::SYMLINK_NOFOLLOW, wanted)?;
    let born = stat.stx_mask & fs::StatxFlags::BTIME.bits() != 0;
    let device = fs::makedev(stat.stx_dev_major, stat.stx_dev_minor);
    let modified = (stat.stx_mtime.tv_sec, i64::from(stat.stx_mtime.tv_nsec));
    Ok(FileInfo {
        path,
        is_folder: FileType::from_raw_mode(stat.stx_mode.into()) == FileType::Directory,
        is_link: FileType::from_raw_mode(stat.stx_mode.into()) == FileType::Symlink,
        size: stat.stx_size,
        modified_ns: modified
            .0
            .saturating_mul(1_000_000_000)
            .saturating_add(modified.1),
        created: born
            .then(|| Timestamp::from_second(stat.stx_btime.tv_sec).ok())
            .flatten(),
        file_id: format!("{device:x}:{:x}", stat.stx_ino),
    })
}

/// What is called `name` in that folder.
#[cfg(not(target_os = "linux"))]
pub(super) fn info(dir: impl AsFd, name: &OsStr, path: PathBuf) -> io::Result<FileInfo> {
    let stat = fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
    let kind = FileType::from_raw_mode(stat.st_mode);
    let nanos = i64::try_from(stat.st_mtime_nsec).unwrap_or_default();
    Ok(FileInfo {
        path,
        is_folder: kind == FileType::Directory,
        is_link: kind == FileType::Symlink,
        size: u64::try_from(stat.st_size).unwrap_or_default(),
        modified_ns: stat
            .st_mtime
            .saturating_mul(1_000_000_000)
            .saturating_add(nanos),
        created: None,
        file_id: format!("{:x}:{:x}", stat.st_dev, stat.st_ino),
    })
}

/// [`info`], with None for nothing there.
pub(super) fn find(dir: impl AsFd, name: &OsStr, path: PathBuf) -> io::Result<Option<FileInfo>> {
    match info(dir, name, path) {
        Ok(info) => Ok(Some(info)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The names in an opened folder, sorted.
pub(super) fn names(dir: impl AsFd) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in fs::Dir::read_from(dir)? {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name != "." && name != ".." {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Every entry of an opened folder that can be looked at, sorted by name.
pub(super) fn list(dir: impl AsFd, folder: &Path) -> io::Result<Vec<FileInfo>> {
    let names = names(&dir)?;
    Ok(names
        .iter()
        .filter_map(|name| info(&dir, name, folder.join(name)).ok())
        .collect())
}
