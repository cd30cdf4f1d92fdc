//! The Files port with a memory: which paths an action wrote, so that a folder trigger knows them
//! for our own, and what undoing each change needs. Forwards everything to the real port.

use std::{
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use errand_connectors::ports::{
    FileInfo, Files, Grants, IfTaken, Opened, Ports, Sink, disk::DiskFiles,
};
use errand_model::{Map, StepError, Value, Workflow};
use serde_json::json;

use crate::{core::Core, grants};

/// What was changed through one action's ports.
#[derive(Clone)]
pub(crate) struct Recording {
    files: Arc<dyn Files>,
    changes: Arc<Mutex<Changes>>,
}

#[derive(Default)]
struct Changes {
    written: Vec<PathBuf>,
    undo: Vec<Value>,
}

/// A file as it was left.
pub(crate) struct Written {
    pub(crate) path: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) modified_ns: i64,
}

impl Recording {
    /// Ports that change things for real within the grants, and the memory of what they changed.
    pub(crate) fn real_ports(core: &Core, grants: Grants) -> (Ports, Self) {
        let disk = Arc::new(
            DiskFiles::new(grants, core.ports.trash_folder()).with_home(core.home.clone()),
        );
        let recording = Self {
            files: disk,
            changes: Arc::default(),
        };
        let files: Arc<dyn Files> = Arc::new(recording.clone());
        let ports = Ports::real(files, core.ports.desktop(), Arc::clone(&core.clock));
        (ports, recording)
    }

    /// The files as they are now that the action has ended.
    pub(crate) fn written(&self) -> Vec<Written> {
        let paths = std::mem::take(&mut self.lock().written);
        let look = |path: PathBuf| {
            let info = self.files.look(&path).ok().flatten()?;
            let path = path.as_os_str().as_bytes().to_vec();
            Some(Written {
                path,
                size: info.size,
                modified_ns: info.modified_ns,
            })
        };
        paths.into_iter().filter_map(look).collect()
    }

    /// What undoing needs, in the order of the changes; None if nothing was changed.
    pub(crate) fn undo_note(&self) -> Option<Value> {
        let notes = std::mem::take(&mut self.lock().undo);
        (!notes.is_empty()).then_some(Value::Array(notes))
    }

    fn note(&self, written: Option<&Path>, undo: Value) {
        let mut changes = self.lock();
        changes.written.extend(written.map(Path::to_owned));
        changes.undo.push(undo);
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn text(path: &Path) -> Value {
    Value::String(path.to_string_lossy().into_owned())
}

impl Files for Recording {
    fn look(&self, path: &Path) -> Result<Option<FileInfo>, StepError> {
        self.files.look(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<FileInfo>, StepError> {
        self.files.list(folder)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, StepError> {
        self.files.read(path, limit)
    }

    fn read_from(&self, path: &Path, offset: u64, limit: u64) -> Result<Vec<u8>, StepError> {
        self.files.read_from(path, offset, limit)
    }

    fn open(&self, path: &Path) -> Result<Opened, StepError> {
        self.files.open(path)
    }

    fn hash(&self, path: &Path) -> Result<String, StepError> {
        self.files.hash(path)
    }

    fn create_folder(&self, path: &Path) -> Result<(), StepError> {
        let was_there = self.files.look(path)?.is_some();
        self.files.create_folder(path)?;
        if !was_there {
            self.note(
                None,
                json!({ "kind": "created_folder", "path": text(path) }),
            );
        }
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8], taken: IfTaken) -> Result<(), StepError> {
        let before = self.files.look(path)?;
        self.files.write(path, bytes, taken)?;
        let replaced = before.map(|info| info.size);
        self.note(
            Some(path),
            json!({ "kind": "wrote", "path": text(path), "replaced": replaced }),
        );
        Ok(())
    }

    fn sink(&self, path: &Path) -> Result<Box<dyn Sink>, StepError> {
        let inner = self.files.sink(path)?;
        let recording = self.clone();
        Ok(Box::new(RecordingSink { inner, recording }))
    }

    fn append(&self, path: &Path, expected_size: u64, bytes: &[u8]) -> Result<(), StepError> {
        self.files.append(path, expected_size, bytes)?;
        let undo = json!({
            "kind": "appended", "path": text(path), "from": expected_size, "length": bytes.len(),
        });
        self.note(Some(path), undo);
        Ok(())
    }

    fn truncate(&self, path: &Path, size: u64) -> Result<(), StepError> {
        self.files.truncate(path, size)
    }

    fn rename(&self, from: &Path, to: &Path, taken: IfTaken) -> Result<(), StepError> {
        self.files.rename(from, to, taken)?;
        self.note(
            Some(to),
            json!({ "kind": "moved", "from": text(from), "to": text(to) }),
        );
        Ok(())
    }

    fn copy(&self, from: &Path, to: &Path, taken: IfTaken) -> Result<(), StepError> {
        self.files.copy(from, to, taken)?;
        self.note(
            Some(to),
            json!({ "kind": "copied", "from": text(from), "to": text(to) }),
        );
        Ok(())
    }

    fn trash(&self, path: &Path, trash_name: &str) -> Result<(), StepError> {
        self.files.trash(path, trash_name)?;
        self.note(
            None,
            json!({ "kind": "trashed", "path": text(path), "name": trash_name }),
        );
        Ok(())
    }

    fn trashed(&self, path: &Path, trash_name: &str) -> Result<Option<FileInfo>, StepError> {
        self.files.trashed(path, trash_name)
    }
}

struct RecordingSink {
    inner: Box<dyn Sink>,
    recording: Recording,
}

impl Sink for RecordingSink {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StepError> {
        self.inner.write(bytes)
    }

    fn put(&mut self, path: &Path, taken: IfTaken) -> Result<(), StepError> {
        let before = self.recording.files.look(path)?;
        self.inner.put(path, taken)?;
        let replaced = before.map(|info| info.size);
        self.recording.note(
            Some(path),
            json!({ "kind": "wrote", "path": text(path), "replaced": replaced }),
        );
        Ok(())
    }
}

/// A look at a path within a workflow's grants.
pub(crate) fn stat(core: &Core, workflow: &Workflow, event: &Map, path: &str) -> Option<FileInfo> {
    let grants = grants::of(workflow, event, &core.registry, &core.home);
    let files = DiskFiles::new(grants, core.ports.trash_folder()).with_home(core.home.clone());
    files.look(Path::new(path)).ok().flatten()
}
