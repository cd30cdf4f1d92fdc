//! Keeps a connection to the engine: finds it or starts it, passes on what it announces, and when
//! it is gone says so and starts it again.

use std::path::PathBuf;
use std::time::Duration;

use errand_protocol::client::{self, Client};
use errand_protocol::{AppEvent, Failure, FailureKind};
use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::watch;

/// The name under which screens hear an [`AppEvent`].
const EVENT: &str = "app-event";
/// How long a question waits for an engine that is being started: longer than the start itself
/// may take.
const PATIENCE: Duration = Duration::from_secs(40);
/// Pauses before the next try to start it; the last one repeats.
const PAUSES: [u64; 4] = [200, 1_000, 3_000, 10_000];

/// How to reach the engine now.
#[derive(Clone)]
enum Link {
    Starting,
    Up(Client),
    Down(Failure),
}

/// The screens' way to the engine.
pub(crate) struct Engine {
    link: watch::Receiver<Link>,
}

impl Engine {
    /// Starts to keep a connection, for as long as the window is there.
    pub(crate) fn keep(app: AppHandle) -> Self {
        let (sender, link) = watch::channel(Link::Starting);
        tauri::async_runtime::spawn(keep(app, sender));
        Self { link }
    }

    /// A client of the running engine.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        let mut link = self.link.clone();
        let settled = link.wait_for(|link| !matches!(link, Link::Starting));
        match tokio::time::timeout(PATIENCE, settled)
            .await
            .map(|link| link.map(|l| l.clone()))
        {
            Ok(Ok(Link::Up(client))) => Ok(client),
            Ok(Ok(Link::Down(failure))) => Err(failure),
            _ => Err(
                Failure::new(FailureKind::EngineGone, "The engine doesn't answer.")
                    .hint("Errand goes on trying to start it."),
            ),
        }
    }
}

async fn keep(app: AppHandle, link: watch::Sender<Link>) {
    let mut failed = 0;
    let mut said_stopped = false;
    loop {
        match connect().await {
            Ok((client, events)) => {
                failed = 0;
                link.send_replace(Link::Up(client));
                if std::mem::take(&mut said_stopped) {
                    tell(&app, &AppEvent::EngineStarted);
                }
                pass_on(&app, events).await;
                tracing::warn!("The engine stopped; it is started again.");
                link.send_replace(Link::Starting);
            }
            Err(failure) => {
                tracing::error!(%failure, "The engine can't be started.");
                failed += 1;
                link.send_replace(Link::Down(failure));
            }
        }
        if !std::mem::replace(&mut said_stopped, true) {
            tell(&app, &AppEvent::EngineStopped);
        }
        let pause = PAUSES[failed.min(PAUSES.len() - 1)];
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

/// Finds the engine or starts it, and listens to it.
async fn connect() -> Result<(Client, Receiver<AppEvent>), Failure> {
    let folder = client::data_folder()?;
    let client = client::start_engine(&program(), &folder).await?;
    let events = client.subscribe().await?;
    Ok((client, events))
}

/// Tells the screens what the engine announces, until it is gone.
async fn pass_on(app: &AppHandle, mut events: Receiver<AppEvent>) {
    loop {
        match events.recv().await {
            Ok(AppEvent::EngineStopped) | Err(RecvError::Closed) => return,
            // Somebody chose Quit: starting the engine again would take that back.
            Ok(AppEvent::EngineQuitting) => {
                app.exit(0);
                return std::future::pending().await;
            }
            Ok(event) => tell(app, &event),
            Err(RecvError::Lagged(_)) => tell(app, &AppEvent::Lagged),
        }
    }
}

fn tell(app: &AppHandle, event: &AppEvent) {
    if let Err(error) = app.emit(EVENT, event) {
        tracing::warn!(%error, "The screens can't be told what happened.");
    }
}

/// The `errand` program: beside this one, unless `ERRAND_PROGRAM` names another.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("ERRAND_PROGRAM") {
        return named.into();
    }
    let name = format!("errand{}", std::env::consts::EXE_SUFFIX);
    std::env::current_exe()
        .map(|own| own.with_file_name(&name))
        .unwrap_or_else(|_| name.into())
}
