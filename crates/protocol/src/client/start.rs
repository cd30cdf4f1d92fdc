//! Starts the engine's program so that it outlives the one that started it.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    process::Stdio,
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

use super::Client;
use crate::{Failure, FailureKind, system_words};

/// What a starting engine says before its own log is open.
const FIRST_WORDS: &str = "engine-start.log";

/// How long an engine may take to answer; the first start after an update migrates the database.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connects to the folder's engine; starts `program` for it if none answers.
///
/// # Errors
/// When the program can't be started, ends at once (with what it said), or doesn't answer.
pub async fn start_engine(program: &Path, folder: &Path) -> Result<Client, Failure> {
    if let Ok(client) = Client::connect(folder).await {
        return Ok(client);
    }
    let mut engine = spawn(program, folder).map_err(|error| not_started(program, &error))?;
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        // Asked before the connection: a second engine started meanwhile ends ours but answers.
        let ended = !matches!(engine.try_wait(), Ok(None));
        if let Ok(client) = Client::connect(folder).await {
            return Ok(client);
        }
        if ended {
            return Err(ended_at_once(folder));
        }
        sleep(Duration::from_millis(20)).await;
    }
    Err(Failure::new(
        FailureKind::EngineGone,
        "Errand's engine started but doesn't answer.",
    )
    .hint(format!(
        "Its log is {}.",
        folder.join("engine.log").display()
    )))
}

fn spawn(program: &Path, folder: &Path) -> std::io::Result<Child> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let log = fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(folder.join(FIRST_WORDS))?;
    Command::new(program)
        .arg("--data")
        .arg(folder)
        .args(["serve", "--tray"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        // Its own process group: signals meant for the window's don't reach it.
        .process_group(0)
        .spawn()
}

fn not_started(program: &Path, error: &std::io::Error) -> Failure {
    let message = format!(
        "Errand's engine {} couldn't be started: {}.",
        program.display(),
        system_words(error)
    );
    Failure::new(FailureKind::EngineGone, message)
        .hint("Install Errand again if the program is missing.")
}

/// What it said, a sentence and then what to do.
fn ended_at_once(folder: &Path) -> Failure {
    let said = fs::read_to_string(folder.join(FIRST_WORDS)).unwrap_or_default();
    let (sentence, hint) = match said.trim().split_once('\n') {
        Some((sentence, hint)) => (sentence.trim(), hint.trim()),
        None => (said.trim(), ""),
    };
    let message = match sentence {
        "" => "Errand's engine ended right after its start.",
        sentence => sentence.trim_start_matches("errand: "),
    };
    let log = folder.join("engine.log");
    let hint = format!("{hint} Its log is {}.", log.display());
    Failure::new(FailureKind::EngineGone, message).hint(hint.trim_start())
}
