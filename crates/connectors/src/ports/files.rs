//! The Files port: reads and crash-safe changes, all below granted folders.

use std::{
    io,
    path::{Path, PathBuf},
};

use errand_model::{StepError, Timestamp};

/// What a look at a file or folder tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// Absolute.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Whether it is a symbolic link; links are reported, never followed.
    pub is_link: bool,
    /// Bytes.
    pub size: u64,
    /// Modification time, nanoseconds since 1970.
    pub modified_ns: i64,
    /// Creation time where the file system knows it.
    pub created: Option<Timestamp>,
    /// Device and inode: the same file under another name keeps it.
    pub file_id: String,
}

impl FileInfo {
    /// Modification time.
    pub fn modified(&self) -> Timestamp {
        Timestamp::from_nanosecond(i128::from(self.modified_ns)).unwrap_or_default()
    }
}

/// What to do when the target's name is taken at the last moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfTaken {
    /// Fail with a conflict.
    Refuse,
    /// Take its place, unless a folder is in the way. A move or copy puts what was there into the
    /// trash first; a file written anew just gets new content.
    Replace,
}

/// A file that is read while something else happens with it.
pub struct Opened {
    /// How many bytes it has.
    pub size: u64,
    /// Its bytes.
    pub read: Box<dyn io::Read + Send>,
}

/// A file written piece by piece. It has no name until it is put, and is gone again if it never is.
pub trait Sink: Send {
    /// Adds bytes at the end.
    fn write(&mut self, bytes: &[u8]) -> Result<(), StepError>;
    /// Makes it durable and gives it its name, in the folder it was made for. After a conflict
    /// another name may be tried.
    fn put(&mut self, path: &Path, taken: IfTaken) -> Result<(), StepError>;
}

/// Files and folders. Every method stays below the grants without following links, refuses
/// changes in preview mode, and blocks: call it from a thread that may wait. Folders missing on the
/// way to a target are made. Errors are classified and name the path.
pub trait Files: Send + Sync {
    /// What is there; None if nothing is.
    fn look(&self, path: &Path) -> Result<Option<FileInfo>, StepError>;
    /// The entries of a folder, sorted by name; entries that can't be read are left out.
    fn list(&self, folder: &Path) -> Result<Vec<FileInfo>, StepError>;
    /// A whole file of at most `limit` bytes.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, StepError>;
    /// The bytes from `offset` to the end, at most `limit`.
    fn read_from(&self, path: &Path, offset: u64, limit: u64) -> Result<Vec<u8>, StepError>;
    /// A file to be read piece by piece.
    fn open(&self, path: &Path) -> Result<Opened, StepError>;
    /// BLAKE3 of the content, as hex.
    fn hash(&self, path: &Path) -> Result<String, StepError>;

    /// Makes the folder and those above it; fine if it is there.
    fn create_folder(&self, path: &Path) -> Result<(), StepError>;
    /// Writes a whole file: temporary, fsync, rename, fsync of the folder.
    fn write(&self, path: &Path, bytes: &[u8], taken: IfTaken) -> Result<(), StepError>;
    /// Begins a file that will get that name, or a numbered one beside it.
    fn sink(&self, path: &Path) -> Result<Box<dyn Sink>, StepError>;
    /// Adds bytes at the end, provided the file is `expected_size` long (0: made if absent); fsync.
    fn append(&self, path: &Path, expected_size: u64, bytes: &[u8]) -> Result<(), StepError>;
    /// Cuts a file back to `size`: takes back a torn append.
    fn truncate(&self, path: &Path, size: u64) -> Result<(), StepError>;
    /// Moves or renames a file or folder, also across file systems (copy, verify, then remove).
    fn rename(&self, from: &Path, to: &Path, taken: IfTaken) -> Result<(), StepError>;
    /// Copies a file, or a folder with everything in it.
    fn copy(&self, from: &Path, to: &Path, taken: IfTaken) -> Result<(), StepError>;
    /// Puts a file or folder into the desktop's trash (XDG: `info` and `files`) under `trash_name`.
    fn trash(&self, path: &Path, trash_name: &str) -> Result<(), StepError>;
    /// Where [`Files::trash`] puts something of that name, to look whether it was done.
    fn trashed(&self, path: &Path, trash_name: &str) -> Result<Option<FileInfo>, StepError>;
}
