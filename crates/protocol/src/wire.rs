//! Lines on the engine's private socket: JSON, one message a line. Both ends read and write them
//! with the functions here.

use std::{
    fs::File,
    io,
    os::fd::AsRawFd,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::{AppEvent, Failure};

/// The socket's name in the data folder.
pub const SOCKET: &str = "engine.sock";

/// The longest line either side accepts, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// The word that asks for events instead of a command.
pub const SUBSCRIBE: &str = "subscribe";

/// What a client sends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Call {
    /// Chosen by the client; comes back with the answer.
    pub id: u64,
    /// One of [`crate::commands::NAMES`], or [`SUBSCRIBE`] to be sent events.
    pub cmd: String,
    /// The request.
    #[serde(default)]
    pub payload: Value,
}

/// What the engine sends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// A call's response.
    Answer {
        /// Of which call.
        id: u64,
        /// The response.
        value: Value,
    },
    /// A call that failed.
    Failed {
        /// Of which call.
        id: u64,
        /// Why.
        failure: Failure,
    },
    /// An event.
    Event(AppEvent),
}

/// Reads one line; None when the other side is gone.
///
/// # Errors
/// When reading fails, or the line is too long or isn't such a message.
pub async fn read_line<T: DeserializeOwned>(
    from: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    from.take(LONGEST_LINE as u64)
        .read_until(b'\n', &mut line)
        .await?;
    match line.last() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(serde_json::from_slice(&line)?)),
        Some(_) if line.len() < LONGEST_LINE => Ok(None),
        Some(_) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a line is too long",
        )),
    }
}

/// Writes one line.
///
/// # Errors
/// When the other side is gone.
pub async fn write_line(
    to: &mut (impl AsyncWrite + Unpin),
    message: &impl Serialize,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    to.write_all(&line).await?;
    to.flush().await
}

/// A path under which the folder's socket can be bound or reached. Socket addresses hold about a
/// hundred bytes, so a deep folder is named by its open handle; keep the value until then.
#[derive(Debug)]
pub struct SocketPath {
    path: PathBuf,
    _folder: Option<File>,
}

impl SocketPath {
    /// The socket of that data folder.
    ///
    /// # Errors
    /// When the folder can't be opened.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let path = folder.join(SOCKET);
        if path.as_os_str().as_bytes().len() < 100 {
            return Ok(Self {
                path,
                _folder: None,
            });
        }
        let handle = File::open(folder)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", handle.as_raw_fd()));
        Ok(Self {
            path,
            _folder: Some(handle),
        })
    }

    /// What to bind or connect to.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
