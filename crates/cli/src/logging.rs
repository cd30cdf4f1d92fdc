//! What the engine is doing, for whoever looks into a problem: to `engine.log` in the data folder,
//! and to standard error (warnings only, unless a person sits there). Secrets of connections are
//! hidden in every line.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal, Write, stderr},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::{Mutex, OnceLock},
};

use errand_engine::Masks;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

const LOG: &str = "engine.log";

/// A log longer than this is put aside at the start, replacing the one put aside before.
const LONG: u64 = 10 * 1024 * 1024;

/// What hides the secrets, once the engine knows them.
static MASKS: OnceLock<Masks> = OnceLock::new();

/// Hides secrets from now on. One program has one engine.
pub(crate) fn hide(masks: Masks) {
    // A second engine of the same program would be for a scratch folder without secrets.
    let _ = MASKS.set(masks);
}

/// Hides secrets in what is written; every line of the log arrives in one piece.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.write_all(line).map(|()| line.len())
    }

    fn write_all(&mut self, line: &[u8]) -> io::Result<()> {
        match (MASKS.get(), std::str::from_utf8(line)) {
            (Some(masks), Ok(text)) => self.0.write_all(masks.text(text).as_bytes()),
            _ => self.0.write_all(line),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Begins logging. Without a file (full disk, no permission) standard error has to do.
pub(crate) fn start(folder: &Path, to_stderr: bool) {
    let file = open(folder).ok().map(|file| {
        let filter = EnvFilter::try_from_env("ERRAND_LOG")
            .unwrap_or_else(|_| EnvFilter::new("info,zbus=warn"));
        fmt::layer()
            .with_ansi(false)
            .with_writer(Mutex::new(Masked(file)))
            .with_filter(filter)
    });
    let level = if stderr().is_terminal() {
        LevelFilter::INFO
    } else {
        LevelFilter::WARN
    };
    let terminal = to_stderr.then(|| {
        let ansi = stderr().is_terminal();
        fmt::layer()
            .with_ansi(ansi)
            .with_target(false)
            .with_writer(|| Masked(stderr()))
            .with_filter(level)
    });
    // Fails only if logging has begun already, which is as good.
    let _ = tracing_subscriber::registry()
        .with(file)
        .with(terminal)
        .try_init();
}

fn open(folder: &Path) -> std::io::Result<File> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let path = folder.join(LOG);
    if fs::metadata(&path).is_ok_and(|found| found.len() > LONG) {
        fs::rename(&path, folder.join("engine.log.old"))?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}
