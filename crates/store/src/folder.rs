//! The data folder: only its owner may look into it, and only one Errand has it at a time.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::Write,
    path::Path,
};

use crate::Error;

/// Name of the database file in the data folder.
pub const DATABASE: &str = "errand.db";
/// Name of the lock file in the data folder; it holds the process id of the engine.
pub const LOCK: &str = "engine.lock";
/// Name of the folder with copies of the database.
pub(crate) const BACKUPS: &str = "backups";

/// Makes the folder, or takes other people's access to it away.
pub(crate) fn prepare(folder: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Error::folder("create the folder", folder, &error))?;
    only_for_owner(folder, 0o700)
}

/// Makes the file if need be, so that no other program ever sees it readable for everybody.
pub(crate) fn private_file(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(path)
        .map_err(|error| Error::folder("open", path, &error))?;
    only_for_owner(path, 0o600)?;
    Ok(file)
}

#[cfg(unix)]
fn only_for_owner(path: &Path, mode: u32) -> Result<(), Error> {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};
    std::fs::set_permissions(path, Permissions::from_mode(mode))
        .map_err(|error| Error::folder("protect", path, &error))
}

#[cfg(not(unix))]
fn only_for_owner(_path: &Path, _mode: u32) -> Result<(), Error> {
    Ok(()) // A person's data folder is theirs alone there already.
}

/// Takes the folder for this process, until the file is dropped or the process ends in any way.
pub(crate) fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let mut file = private_file(&path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Error::AlreadyRunning {
                folder: folder.to_owned(),
            });
        }
        Err(TryLockError::Error(error)) => return Err(Error::folder("lock", &path, &error)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(|error| Error::folder("write", &path, &error))?;
    Ok(file)
}

/// Makes a rename in the folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| Error::folder("save", folder, &error))?;
    Ok(())
}
