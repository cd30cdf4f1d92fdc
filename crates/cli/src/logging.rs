//! What the engine is doing, for whoever looks into a problem: to `engine.log` in the data folder,
//! and to standard error (warnings only, unless a person sits there).

use std::{
    fs::{self, File, OpenOptions},
    io::{IsTerminal, stderr},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::Mutex,
};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

const LOG: &str = "engine.log";

/// A log longer than this is put aside at the start, replacing the one put aside before.
const LONG: u64 = 10 * 1024 * 1024;

/// Begins logging. Without a file (full disk, no permission) standard error has to do.
pub(crate) fn start(folder: &Path, to_stderr: bool) {
    let file = open(folder).ok().map(|file| {
        let filter = EnvFilter::try_from_env("ERRAND_LOG")
            .unwrap_or_else(|_| EnvFilter::new("info,zbus=warn"));
        fmt::layer()
            .with_ansi(false)
            .with_writer(Mutex::new(file))
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
            .with_writer(stderr)
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
