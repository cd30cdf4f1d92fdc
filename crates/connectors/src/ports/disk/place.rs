//! From a path to a name within an opened folder, without ever leaving the grant: the granted
//! folder is opened once, everything below it relative to that handle.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::{Component, Path, PathBuf},
};

use cap_std::{ambient_authority, fs::Dir};
use errand_model::{ErrorKind, StepError};
use rustix::fs::{Mode, OFlags};

use super::words::carry;
use crate::{names, ports::Grants};

/// A name within an opened folder.
pub(super) struct Place {
    pub(super) dir: Dir,
    pub(super) name: OsString,
    pub(super) path: PathBuf,
}

/// What to do about folders on the way that aren't there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Fail,
    Make,
}

/// Opens the folder around the path, below the closest grant.
pub(super) fn open(
    grants: &Grants,
    path: &Path,
    missing: Missing,
    home: Option<&Path>,
) -> io::Result<Place> {
    check_shape(path, home).map_err(carry)?;
    let grant = grants
        .around(path)
        .ok_or_else(|| carry(outside(path, home)))?;
    let root = open_root(&grant.folder, missing)?;
    let below = path.strip_prefix(&grant.folder).unwrap_or(Path::new(""));
    let (Some(parent), Some(name)) = (below.parent(), below.file_name()) else {
        return Ok(Place {
            dir: root,
            name: OsString::from("."),
            path: path.to_owned(),
        });
    };
    Ok(Place {
        dir: open_below(root, parent, missing)?,
        name: name.into(),
        path: path.to_owned(),
    })
}

/// Opens a folder the person or the system named, making it if asked.
pub(super) fn open_root(folder: &Path, missing: Missing) -> io::Result<Dir> {
    match Dir::open_ambient_dir(folder, ambient_authority()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && missing == Missing::Make => {
            make_root(folder)
        }
        other => other,
    }
}

/// Makes a granted folder that doesn't exist yet below its nearest existing ancestor.
fn make_root(folder: &Path) -> io::Result<Dir> {
    let mut ancestors = folder.ancestors().skip(1);
    let nearest = ancestors
        .find(|ancestor| ancestor.exists())
        .unwrap_or(Path::new("/"));
    let dir = Dir::open_ambient_dir(nearest, ambient_authority())?;
    open_below(
        dir,
        folder.strip_prefix(nearest).unwrap_or(folder),
        Missing::Make,
    )
}

fn open_below(root: Dir, below: &Path, missing: Missing) -> io::Result<Dir> {
    if below.as_os_str().is_empty() {
        return Ok(root);
    }
    match root.open_dir(below) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && missing == Missing::Make => {
            make_below(&root, below)
        }
        other => other,
    }
}

fn make_below(root: &Dir, below: &Path) -> io::Result<Dir> {
    let mut reached = PathBuf::new();
    let mut dir = root.try_clone()?;
    for part in below.components() {
        reached.push(part);
        dir = match root.open_dir(&reached) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_one(&dir, part.as_os_str())?;
                root.open_dir(&reached)?
            }
            other => other?,
        };
    }
    Ok(dir)
}

fn make_one(dir: &Dir, name: &OsStr) -> io::Result<()> {
    match dir.create_dir(name) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync(dir),
    }
}

/// Makes a change of names in the folder durable.
pub(super) fn sync(dir: &Dir) -> io::Result<()> {
    // The handle itself may only name the folder (`O_PATH`), which can't be synced.
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::openat(dir, ".", flags, Mode::empty())?;
    match rustix::fs::fsync(folder) {
        // Some network and FUSE drives can't; there is nothing better to do.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOTSUP) => Ok(()),
        other => Ok(other?),
    }
}

fn check_shape(path: &Path, home: Option<&Path>) -> Result<(), StepError> {
    let shown = names::shown(path, home);
    if path.as_os_str().as_encoded_bytes().contains(&0) {
        let message = format!("The path {shown} contains an invisible character (NUL).");
        return Err(StepError::new(ErrorKind::BadInput, message).hint("Remove it."));
    }
    if path
        .components()
        .any(|part| matches!(part, Component::ParentDir))
    {
        let message = format!("The path {shown} contains “..”, which Errand doesn't follow.");
        return Err(StepError::new(ErrorKind::BadInput, message)
            .hint("Write the whole path of the file or folder."));
    }
    if !path.is_absolute() {
        let message = format!("“{shown}” doesn't say which folder it is in.");
        return Err(
            StepError::new(ErrorKind::BadInput, message).hint("Begin the path with ~/ or with /.")
        );
    }
    Ok(())
}

fn outside(path: &Path, home: Option<&Path>) -> StepError {
    let shown = names::shown(path, home);
    let message = format!("{shown} lies outside the folders this workflow may use.");
    StepError::new(ErrorKind::BadInput, message)
        .hint("Name its folder at the beginning of the step's field, or choose it in the trigger.")
}
