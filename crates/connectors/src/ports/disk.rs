//! The Files port on the real disk. Every operation happens relative to the handle of a granted
//! folder, names a last component that is never followed as a link, and is durable before it
//! returns.

mod append;
mod meta;
mod part;
mod place;
mod remote;
mod sink;
mod transfer;
mod trash;
mod words;

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use errand_model::{ErrorKind, StepError};
use rustix::fs::{FileType, Mode};

pub use self::remote::is_remote;

use self::{
    part::Part,
    place::{Missing, Place},
    words::Doing,
};
use super::{FileInfo, Files, Grants, IfTaken, Opened, Sink};
use crate::names;

/// The real disk, below the grants.
pub struct DiskFiles {
    grants: Grants,
    trash_folder: PathBuf,
    home: Option<PathBuf>,
}

impl DiskFiles {
    /// The folders that may be touched, and the desktop's trash (`~/.local/share/Trash`).
    pub fn new(grants: Grants, trash_folder: PathBuf) -> Self {
        Self {
            grants,
            trash_folder,
            home: std::env::home_dir(),
        }
    }

    /// The folder that messages show as `~`.
    #[must_use]
    pub fn with_home(self, home: PathBuf) -> Self {
        Self {
            home: Some(home),
            ..self
        }
    }

    fn reading<T>(
        &self,
        path: &Path,
        act: impl FnOnce(&Place) -> io::Result<T>,
    ) -> Result<T, StepError> {
        let place = self.place(path, Missing::Fail);
        place
            .and_then(|place| act(&place))
            .map_err(|e| self.explain(Doing::Reading, path, &e))
    }

    /// Changes something at a place whose folder is made if it is missing.
    fn changing(
        &self,
        path: &Path,
        act: impl FnOnce(&Place) -> io::Result<()>,
    ) -> Result<(), StepError> {
        if self
            .grants
            .around(path)
            .is_some_and(|grant| grant.folder == path)
        {
            return Err(self.whole_grant(path));
        }
        let place = self.place(path, Missing::Make);
        place
            .and_then(|place| act(&place))
            .map_err(|e| self.explain(Doing::Changing, path, &e))
    }

    /// Takes something from a place that must be there to another one.
    fn transferring(
        &self,
        from: &Path,
        to: &Path,
        act: impl FnOnce(&Place, &Place) -> io::Result<()>,
    ) -> Result<(), StepError> {
        let source = self.reading(from, |place| {
            meta::info(&place.dir, &place.name, from.to_owned())?;
            Ok(Place {
                dir: place.dir.try_clone()?,
                name: place.name.clone(),
                path: from.into(),
            })
        })?;
        if source.name == "." {
            return Err(self.whole_grant(from));
        }
        self.changing(to, |target| act(&source, target))
    }

    fn place(&self, path: &Path, missing: Missing) -> io::Result<Place> {
        place::open(&self.grants, path, missing, self.home.as_deref())
    }

    /// The place for a change; never a granted folder itself.
    fn open_place(&self, path: &Path, missing: Missing) -> io::Result<Place> {
        let place = self.place(path, missing)?;
        if place.name == "." {
            return Err(words::carry(self.whole_grant(path)));
        }
        Ok(place)
    }

    fn explain(&self, doing: Doing, path: &Path, error: &io::Error) -> StepError {
        words::explain(doing, path, self.home.as_deref(), error)
    }

    fn whole_grant(&self, path: &Path) -> StepError {
        let shown = names::shown(path, self.home.as_deref());
        let message = format!("{shown} is the very folder this workflow works in.");
        StepError::new(ErrorKind::BadInput, message).hint("Choose something inside it.")
    }

    /// What is about to be replaced goes to the trash first; a folder is never replaced.
    fn put_aside(&self, from: &Place, to: &Place, taken: IfTaken) -> io::Result<()> {
        if taken == IfTaken::Refuse {
            return Ok(());
        }
        let Some(there) = meta::find(&to.dir, &to.name, to.path.clone())? else {
            return Ok(());
        };
        let source = meta::info(&from.dir, &from.name, from.path.clone())?;
        if there.is_folder || source.is_folder {
            return Err(rustix::io::Errno::EXIST.into());
        }
        if there.file_id == source.file_id || transfer::is_half_moved(from, &source, to, &there) {
            return Ok(());
        }
        trash::keep(&self.trash_folder, to)
    }
}

impl Files for DiskFiles {
    fn look(&self, path: &Path) -> Result<Option<FileInfo>, StepError> {
        match self.reading(path, |place| {
            meta::info(&place.dir, &place.name, path.to_owned())
        }) {
            Ok(info) => Ok(Some(info)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<FileInfo>, StepError> {
        self.reading(folder, |place| {
            meta::list(transfer::open_folder(&place.dir, &place.name)?, folder)
        })
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, StepError> {
        let bytes = self.reading(path, |place| {
            read_up_to(
                transfer::open_read(&place.dir, &place.name)?,
                limit.saturating_add(1),
            )
        })?;
        if bytes.len() as u64 <= limit {
            return Ok(bytes);
        }
        let shown = names::shown(path, self.home.as_deref());
        let limit = limit / 1_000_000;
        let message = format!("{shown} is larger than the {limit} MB this step can handle.");
        Err(StepError::new(ErrorKind::TooLarge, message).hint("Use a smaller file."))
    }

    fn read_from(&self, path: &Path, offset: u64, limit: u64) -> Result<Vec<u8>, StepError> {
        self.reading(path, |place| {
            let mut file = transfer::open_read(&place.dir, &place.name)?;
            file.seek(SeekFrom::Start(offset))?;
            read_up_to(file, limit)
        })
    }

    fn open(&self, path: &Path) -> Result<Opened, StepError> {
        self.reading(path, |place| {
            let file = transfer::open_read(&place.dir, &place.name)?;
            Ok(Opened {
                size: file.metadata()?.len(),
                read: Box::new(file),
            })
        })
    }

    fn hash(&self, path: &Path) -> Result<String, StepError> {
        self.reading(path, |place| {
            let mut file = transfer::open_read(&place.dir, &place.name)?;
            Ok(transfer::hash(&mut file)?.to_hex().to_string())
        })
    }

    fn create_folder(&self, path: &Path) -> Result<(), StepError> {
        let within = self
            .grants
            .around(path)
            .is_some_and(|grant| grant.folder != path);
        if !within && self.grants.lead_through(path) {
            let made = place::open_root(path, Missing::Make);
            return made
                .map(drop)
                .map_err(|e| self.explain(Doing::Changing, path, &e));
        }
        self.changing(path, |place| match place.dir.create_dir(&place.name) {
            Err(_) if is_folder(place) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => place::sync(&place.dir),
        })
    }

    fn write(&self, path: &Path, bytes: &[u8], taken: IfTaken) -> Result<(), StepError> {
        self.changing(path, |place| {
            let mut part = Part::file(&place.dir, &place.name, Mode::from_raw_mode(0o666))?;
            part.file.write_all(bytes)?;
            keep_mode(place, &part.file);
            part.put(&place.name, taken)
        })
    }

    fn sink(&self, path: &Path) -> Result<Box<dyn Sink>, StepError> {
        sink::begin(self, path)
    }

    fn append(&self, path: &Path, expected_size: u64, bytes: &[u8]) -> Result<(), StepError> {
        self.changing(path, |place| append::append(place, expected_size, bytes))
    }

    fn truncate(&self, path: &Path, size: u64) -> Result<(), StepError> {
        self.changing(path, |place| append::truncate(place, size))
    }

    fn rename(&self, from: &Path, to: &Path, taken: IfTaken) -> Result<(), StepError> {
        self.transferring(from, to, |source, target| {
            self.put_aside(source, target, taken)?;
            transfer::rename(source, target, taken)
        })
    }

    fn copy(&self, from: &Path, to: &Path, taken: IfTaken) -> Result<(), StepError> {
        self.transferring(from, to, |source, target| {
            self.put_aside(source, target, taken)?;
            transfer::copy(source, target, taken)
        })
    }

    fn trash(&self, path: &Path, trash_name: &str) -> Result<(), StepError> {
        self.reading(path, |place| {
            meta::info(&place.dir, &place.name, path.to_owned())
        })?;
        self.changing(path, |place| {
            trash::put(&self.trash_folder, place, trash_name)
        })
    }

    fn trashed(&self, path: &Path, trash_name: &str) -> Result<Option<FileInfo>, StepError> {
        let found = trash::found(&self.trash_folder, trash_name);
        found.map_err(|error| self.explain(Doing::Reading, path, &error))
    }
}

fn read_up_to(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_folder(place: &Place) -> bool {
    meta::info(&place.dir, &place.name, PathBuf::new()).is_ok_and(|info| info.is_folder)
}

/// A file that is written anew keeps the rights it had.
fn keep_mode(place: &Place, file: &File) {
    let flags = rustix::fs::AtFlags::SYMLINK_NOFOLLOW;
    if let Ok(stat) = rustix::fs::statat(&place.dir, &place.name, flags)
        && FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
    {
        let _ = rustix::fs::fchmod(file, Mode::from_raw_mode(stat.st_mode & 0o777));
    }
}
