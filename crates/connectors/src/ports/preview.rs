//! The Files port in preview: reads the real disk, refuses every change, records it as a card, and
//! shows later steps of the same preview the places as they would be.

mod overlay;
mod sink;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use errand_model::{ErrorKind, Map, StepError, Would};

use self::overlay::{Content, Overlay};
use super::{Cards, FileInfo, Files, IfTaken, Opened, Sink, refused};
use crate::names;

/// More than this is never kept in memory for a preview.
const LIMIT: u64 = 64 * 1024 * 1024;

/// Files that look changed to later steps of the preview and never are. Clones share that look.
#[derive(Clone)]
pub struct PreviewFiles {
    inner: Arc<dyn Files>,
    overlay: Arc<Mutex<Overlay>>,
    cards: Cards,
    home: PathBuf,
}

impl PreviewFiles {
    /// Reads go to `inner`; cards show paths with `~` for `home`.
    pub fn new(inner: Arc<dyn Files>, cards: Cards, home: PathBuf) -> Self {
        Self {
            inner,
            overlay: Arc::default(),
            cards,
            home,
        }
    }

    /// Takes an empty file for present there, so that an example can be shown before anything real
    /// has happened.
    #[must_use]
    pub fn pretending(self, example: Option<&Path>) -> Self {
        if let Some(path) = example {
            self.overlay().put(
                path,
                Content::File {
                    base: None,
                    added: Vec::new(),
                },
            );
        }
        self
    }

    fn overlay(&self) -> MutexGuard<'_, Overlay> {
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shown(&self, path: &Path) -> String {
        names::shown(path, Some(&self.home))
    }

    fn card<T>(
        &self,
        kind: &str,
        summary: String,
        rows: &[(&str, String)],
    ) -> Result<T, StepError> {
        let rows = rows.iter().filter(|(_, text)| !text.is_empty());
        let details: Map = rows
            .map(|(label, text)| ((*label).into(), text.clone().into()))
            .collect();
        self.cards.add(Would {
            kind: kind.into(),
            summary,
            details,
        });
        Err(refused())
    }

    /// What lies at a path for this preview. Asks the real port even where the overlay knows the
    /// answer, so that a path outside the grants is refused here too.
    fn content(&self, path: &Path) -> Result<Content, StepError> {
        self.inner.look(path)?;
        Ok(self.overlay().at(path))
    }

    fn gone(&self, path: &Path) -> StepError {
        StepError::new(
            ErrorKind::NotFound,
            format!("{} isn't there.", self.shown(path)),
        )
        .hint("It may have been moved, renamed or deleted.")
    }

    fn must_be_there(&self, path: &Path) -> Result<FileInfo, StepError> {
        self.look(path)?.ok_or_else(|| self.gone(path))
    }

    /// Refuses a taken name as the disk would; tells what would be replaced.
    fn check_target(&self, path: &Path, taken: IfTaken) -> Result<String, StepError> {
        match (self.look(path)?, taken) {
            (None, _) => Ok(String::new()),
            (Some(there), IfTaken::Replace) if !there.is_folder => Ok(format!(
                "the file of {} that is there now",
                size(there.size)
            )),
            (Some(_), _) => {
                let message = format!("There is already something at {}.", self.shown(path));
                Err(StepError::new(ErrorKind::Conflict, message).hint("Choose another name."))
            }
        }
    }

    /// Notes the folders that would be made on the way to that path.
    fn make_way(&self, path: &Path) {
        let missing = |folder: &&Path| matches!(self.look(folder), Ok(None));
        let missing: Vec<_> = path.ancestors().skip(1).take_while(missing).collect();
        for folder in missing.into_iter().rev() {
            self.overlay().put(folder, Content::Folder);
        }
    }

    /// The whole content a file would have.
    fn bytes(&self, content: &Content, path: &Path, limit: u64) -> Result<Vec<u8>, StepError> {
        match content {
            Content::Real(real) => self.inner.read(real, limit),
            Content::File { base, added } => {
                let mut bytes = match base {
                    Some(real) => self.inner.read(real, limit)?,
                    None => Vec::new(),
                };
                bytes.extend(added);
                Ok(bytes)
            }
            Content::Folder | Content::Gone => Err(self.gone(path)),
        }
    }

    fn summary_of_transfer(&self, verb: &str, from: &Path, to: &Path) -> String {
        let folder = to.parent().unwrap_or(to);
        let (old, new) = (names::shown_name(from), names::shown_name(to));
        match (from.parent() == to.parent(), old == new) {
            (true, _) if verb == "move" => format!("Would rename {old} to {new}"),
            (_, true) => format!("Would {verb} {old} to {}", self.shown(folder)),
            _ => format!("Would {verb} {old} to {} as {new}", self.shown(folder)),
        }
    }
}

impl Files for PreviewFiles {
    fn look(&self, path: &Path) -> Result<Option<FileInfo>, StepError> {
        match self.content(path)? {
            Content::Real(real) => {
                let found = self.inner.look(&real)?;
                Ok(found.map(|info| FileInfo {
                    path: path.to_owned(),
                    ..info
                }))
            }
            Content::File { base, added } => {
                let base = base
                    .and_then(|real| self.inner.look(&real).transpose())
                    .transpose()?;
                Ok(Some(overlay::file_info(path, base, added.len() as u64)))
            }
            Content::Folder => Ok(Some(overlay::folder_info(path))),
            Content::Gone => Ok(None),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<FileInfo>, StepError> {
        let mut paths = match self.content(folder)? {
            Content::Real(real) => {
                let entries = self.inner.list(&real)?;
                entries
                    .iter()
                    .filter_map(|info| Some(folder.join(info.path.file_name()?)))
                    .collect()
            }
            Content::Folder => Vec::new(),
            Content::File { .. } | Content::Gone => return Err(self.gone(folder)),
        };
        paths.extend(self.overlay().children(folder));
        paths.sort_unstable();
        paths.dedup();
        Ok(paths
            .iter()
            .filter_map(|path| self.look(path).ok().flatten())
            .collect())
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, StepError> {
        let content = self.content(path)?;
        self.bytes(&content, path, limit)
    }

    fn read_from(&self, path: &Path, offset: u64, limit: u64) -> Result<Vec<u8>, StepError> {
        match self.content(path)? {
            Content::Real(real) => self.inner.read_from(&real, offset, limit),
            content => {
                let bytes = self.bytes(&content, path, LIMIT)?;
                let rest = bytes
                    .into_iter()
                    .skip(usize::try_from(offset).unwrap_or(usize::MAX));
                Ok(rest
                    .take(usize::try_from(limit).unwrap_or(usize::MAX))
                    .collect())
            }
        }
    }

    fn open(&self, path: &Path) -> Result<Opened, StepError> {
        match self.content(path)? {
            Content::Real(real) => self.inner.open(&real),
            content => {
                let bytes = self.bytes(&content, path, LIMIT)?;
                Ok(Opened {
                    size: bytes.len() as u64,
                    read: Box::new(std::io::Cursor::new(bytes)),
                })
            }
        }
    }

    fn hash(&self, path: &Path) -> Result<String, StepError> {
        match self.content(path)? {
            Content::Real(real) => self.inner.hash(&real),
            content => {
                let bytes = self.bytes(&content, path, LIMIT)?;
                Ok(blake3::hash(&bytes).to_hex().to_string())
            }
        }
    }

    fn create_folder(&self, path: &Path) -> Result<(), StepError> {
        if self.look(path)?.is_some_and(|info| info.is_folder) {
            return Ok(());
        }
        self.check_target(path, IfTaken::Refuse)?;
        self.make_way(path);
        self.overlay().put(path, Content::Folder);
        let summary = format!("Would make the folder {}", self.shown(path));
        self.card("create_folder", summary, &[("Folder", self.shown(path))])
    }

    fn write(&self, path: &Path, bytes: &[u8], taken: IfTaken) -> Result<(), StepError> {
        let replaces = self.check_target(path, taken)?;
        self.make_way(path);
        self.overlay().put(
            path,
            Content::File {
                base: None,
                added: bytes.to_vec(),
            },
        );
        let summary = format!(
            "Would write {} to {}",
            size(bytes.len() as u64),
            self.shown(path)
        );
        let rows = [
            ("File", self.shown(path)),
            ("Text", excerpt(bytes)),
            ("Replaces", replaces),
        ];
        self.card("write", summary, &rows)
    }

    fn sink(&self, path: &Path) -> Result<Box<dyn Sink>, StepError> {
        self.inner.look(path)?;
        Ok(Box::new(sink::PreviewSink::new(self.clone())))
    }

    fn append(&self, path: &Path, expected_size: u64, bytes: &[u8]) -> Result<(), StepError> {
        let size_now = self.look(path)?.map_or(0, |info| info.size);
        if size_now != expected_size {
            let message = format!("{} changed meanwhile.", self.shown(path));
            return Err(StepError::new(ErrorKind::Conflict, message).hint("Try again."));
        }
        let content = match self.content(path)? {
            Content::Real(_) if size_now == 0 => Content::File {
                base: None,
                added: bytes.into(),
            },
            Content::Real(real) => Content::File {
                base: Some(real),
                added: bytes.into(),
            },
            Content::File { base, added } => Content::File {
                base,
                added: [added.as_slice(), bytes].concat(),
            },
            Content::Folder | Content::Gone => Content::File {
                base: None,
                added: bytes.into(),
            },
        };
        self.make_way(path);
        self.overlay().put(path, content);
        let summary = format!("Would add to {}", self.shown(path));
        self.card(
            "append",
            summary,
            &[("File", self.shown(path)), ("Text", excerpt(bytes))],
        )
    }

    fn truncate(&self, path: &Path, size: u64) -> Result<(), StepError> {
        let content = self.content(path)?;
        let mut bytes = self.bytes(&content, path, LIMIT)?;
        bytes.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        self.overlay().put(
            path,
            Content::File {
                base: None,
                added: bytes,
            },
        );
        let summary = format!("Would take back what was added to {}", self.shown(path));
        self.card("truncate", summary, &[("File", self.shown(path))])
    }

    fn rename(&self, from: &Path, to: &Path, taken: IfTaken) -> Result<(), StepError> {
        self.must_be_there(from)?;
        let replaces = self.check_target(to, taken)?;
        self.make_way(to);
        self.overlay().rename(from, to);
        let summary = self.summary_of_transfer("move", from, to);
        let rows = [
            ("From", self.shown(from)),
            ("To", self.shown(to)),
            ("Replaces", replaces),
        ];
        self.card("move", summary, &rows)
    }

    fn copy(&self, from: &Path, to: &Path, taken: IfTaken) -> Result<(), StepError> {
        self.must_be_there(from)?;
        let replaces = self.check_target(to, taken)?;
        self.make_way(to);
        self.overlay().copy(from, to);
        let summary = self.summary_of_transfer("copy", from, to);
        let rows = [
            ("From", self.shown(from)),
            ("To", self.shown(to)),
            ("Replaces", replaces),
        ];
        self.card("copy", summary, &rows)
    }

    fn trash(&self, path: &Path, _trash_name: &str) -> Result<(), StepError> {
        self.must_be_there(path)?;
        self.overlay().put(path, Content::Gone);
        let summary = format!("Would move {} to the trash", names::shown_name(path));
        self.card("trash", summary, &[("From", self.shown(path))])
    }

    fn trashed(&self, path: &Path, trash_name: &str) -> Result<Option<FileInfo>, StepError> {
        self.inner.trashed(path, trash_name)
    }
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".into(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]);
    let start: String = text.chars().take(500).collect();
    if text.chars().count() > 500 {
        format!("{start}…")
    } else {
        start
    }
}
