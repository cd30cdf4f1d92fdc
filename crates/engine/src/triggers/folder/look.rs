//! One file as seen in a watched folder, and the event it becomes.

use errand_connectors::ports::FileInfo;
use errand_model::Value;
use serde_json::json;

use super::FolderWatch;

/// A file and its name within the folder.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) rel: Vec<u8>,
    pub(crate) info: FileInfo,
}

impl Look {
    pub(crate) fn at(watch: &FolderWatch, info: FileInfo) -> Self {
        let rel = watch.relative(&info.path).unwrap_or_default();
        Self { rel, info }
    }

    pub(crate) fn name(&self) -> String {
        self.info
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// Whether its name isn't text, so that no step could name the file.
    pub(crate) fn is_odd(&self) -> bool {
        std::str::from_utf8(&self.rel).is_err()
    }

    /// What later steps reference as `trigger`.
    pub(crate) fn payload(&self) -> Value {
        let path = &self.info.path;
        let part = |part: Option<&std::ffi::OsStr>| {
            part.unwrap_or_default().to_string_lossy().into_owned()
        };
        let folder = path
            .parent()
            .map(|parent| parent.to_string_lossy().into_owned());
        json!({
            "path": path.to_string_lossy(),
            "name": self.name(),
            "stem": part(path.file_stem()),
            "extension": part(path.extension()),
            "folder": folder,
            "size": self.info.size,
            "created": self.info.created.unwrap_or_else(|| self.info.modified()),
            "modified": self.info.modified(),
        })
    }
}
