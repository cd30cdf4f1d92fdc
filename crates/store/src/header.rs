//! A look at the database file before SQLite sees it: is it there, is it whole, who wrote it?
//! Told apart here are a first start, a file that was lost or damaged, and one of a newer Errand.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use crate::{Error, folder::BACKUPS};

/// What SQLite keeps about a file at its beginning.
const HEADER: usize = 100;
const BEGINNING: &[u8] = b"SQLite format 3\0";

/// What lies at the database's place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing, and no trace of an earlier start.
    Nothing,
    /// A database of this format.
    Version(i64),
}

/// Looks at the file; refuses one that is lost or damaged.
pub(crate) fn look(file: &Path) -> Result<Found, Error> {
    let unreadable = |error: std::io::Error| Error::folder("read", file, &error);
    match File::open(file) {
        Ok(opened) => {
            let size = opened.metadata().map_err(unreadable)?.len();
            let mut bytes = Vec::with_capacity(HEADER);
            opened
                .take(HEADER as u64)
                .read_to_end(&mut bytes)
                .map_err(unreadable)?;
            judge(&bytes, size, log_is_empty(file))
                .map(Found::Version)
                .map_err(|detail| Error::unsound(file, detail))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => nothing(file),
        Err(error) => Err(unreadable(error)),
    }
}

/// The format's number, or what is wrong with the file.
fn judge(header: &[u8], size: u64, log_is_empty: bool) -> Result<i64, &'static str> {
    if header.is_empty() {
        return Err("the file is empty");
    }
    if header.len() < HEADER || !header.starts_with(BEGINNING) || !is_plausible(header) {
        return Err("its beginning isn't that of a database");
    }
    let page = match u64::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65536,
        page => page,
    };
    // While the log holds something, the end of the file may still be in there.
    if log_is_empty && size < u64::from(number(header, 28)) * page {
        return Err("its end is missing");
    }
    match i32::from_be_bytes(number(header, 60).to_be_bytes()) {
        version if version < 0 => Err("its beginning isn't that of a database"),
        version => Ok(version.into()),
    }
}

/// The values that SQLite itself insists on.
fn is_plausible(header: &[u8]) -> bool {
    let page = u16::from_be_bytes([header[16], header[17]]);
    let formats = matches!((header[18], header[19]), (1 | 2, 1 | 2));
    (page == 1 || (page >= 512 && page.is_power_of_two()))
        && formats
        && header[21..24] == [64, 32, 32]
        && (1..=4).contains(&number(header, 44))
}

fn number(header: &[u8], at: usize) -> u32 {
    let bytes = header.get(at..at + 4).and_then(|four| four.try_into().ok());
    bytes.map_or(0, u32::from_be_bytes)
}

/// A first start, unless what an earlier one left behind says that something is gone.
fn nothing(file: &Path) -> Result<Found, Error> {
    if log_is_empty(file) && newest_copy(file).is_none() {
        Ok(Found::Nothing)
    } else {
        Err(Error::unsound(file, "the file is gone"))
    }
}

fn log_is_empty(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).map_or(0, |log| log.len()) == 0
}

/// The newest copy in the folder of copies beside the database.
pub(crate) fn newest_copy(file: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(file.with_file_name(BACKUPS)).ok()?;
    let copies = entries.flatten().map(|entry| entry.path());
    copies
        .filter(|path| path.extension().is_some_and(|ending| ending == "db"))
        .filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)))
        .max()
        .map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(version: i32, pages: u32) -> Vec<u8> {
        let mut header = vec![0; HEADER];
        header[..16].copy_from_slice(BEGINNING);
        header[16..24].copy_from_slice(&[16, 0, 2, 2, 0, 64, 32, 32]);
        header[28..32].copy_from_slice(&pages.to_be_bytes());
        header[44..48].copy_from_slice(&4_u32.to_be_bytes());
        header[60..64].copy_from_slice(&version.to_be_bytes());
        header
    }

    #[test]
    fn damage_is_told_apart_from_a_newer_format() {
        assert_eq!(judge(&header(99, 2), 8192, true), Ok(99));
        assert_eq!(
            judge(&header(1, 3), 8192, false),
            Ok(1),
            "the rest is in the log"
        );
        assert!(judge(&header(1, 3), 8192, true).is_err());
        assert!(judge(&[], 0, true).is_err());
        assert!(judge(&[0x5a; HEADER], 8192, true).is_err());
        assert!(judge(&header(-7, 2), 8192, true).is_err());
        let mut scribbled = header(1, 2);
        scribbled[16..64].fill(0x5a);
        assert!(judge(&scribbled, 8192, true).is_err());
    }
}
