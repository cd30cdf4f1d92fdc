//! The tray icon: shows whether somebody is needed, starts workflows, pauses, opens the window.
//! Pure D-Bus; where there is no tray, one line in the log says so.

mod icon;
mod menu;

use std::{path::PathBuf, time::Duration};

use errand_api::{Api, Startable};
use errand_protocol::{Failure, commands::EngineStatusGet};
use futures_util::FutureExt;
use ksni::TrayMethods;
use tokio::{process::Command, time::sleep};

/// The window's program, beside this one.
const WINDOW: &str = "errand-window";

/// Changes that come in quick succession are shown together.
const PAUSE: Duration = Duration::from_millis(300);

/// What the icon shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct State {
    paused: bool,
    enabled: u32,
    attention: u32,
    startable: Vec<Startable>,
}

/// The icon and its menu.
struct Icon {
    state: State,
    api: Api,
    folder: PathBuf,
    runtime: tokio::runtime::Handle,
}

/// Shows the icon for as long as the engine runs.
pub(super) fn show(api: Api, folder: PathBuf) {
    tokio::spawn(async move {
        if let Err(error) = keep(api, folder).await {
            tracing::warn!(%error, "there is no tray icon");
        }
    });
}

async fn keep(api: Api, folder: PathBuf) -> Result<(), ksni::Error> {
    let mut events = api.events();
    let mut state = look(&api).await.unwrap_or_default();
    let runtime = tokio::runtime::Handle::current();
    let icon = Icon {
        state: state.clone(),
        api: api.clone(),
        folder,
        runtime,
    };
    // The engine may start at login before the desktop has its tray.
    let icon = icon.assume_sni_available(true).spawn().await?;
    while events.next().await.is_some() {
        sleep(PAUSE).await;
        while events.next().now_or_never().flatten().is_some() {}
        match look(&api).await {
            Ok(new) if new != state => {
                state = new.clone();
                icon.update(move |icon| icon.state = new).await;
            }
            Ok(_) => {}
            Err(failure) => tracing::warn!(%failure, "the tray icon can't be brought up to date"),
        }
    }
    Ok(())
}

async fn look(api: &Api) -> Result<State, Failure> {
    let status = api.call(&EngineStatusGet {}).await?;
    Ok(State {
        paused: status.paused,
        enabled: status.enabled,
        attention: status.attention,
        startable: api.startable().await?,
    })
}

impl Icon {
    /// Opens the window, or brings the open one to the front.
    fn open_window(&self) {
        let program = std::env::current_exe().map(|program| program.with_file_name(WINDOW));
        let window = program.and_then(|program| {
            let _runtime = self.runtime.enter();
            Command::new(program)
                .env("ERRAND_DATA", &self.folder)
                .process_group(0)
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::null())
                .spawn()
        });
        match window {
            Ok(mut window) => {
                // Waits, so that no dead process is left.
                self.runtime.spawn(async move { window.wait().await });
            }
            Err(error) => tracing::error!(%error, "the window can't be opened"),
        }
    }

    /// Carries out a command that a click asked for.
    fn ask<C: errand_protocol::Command + Send + Sync + 'static>(&self, request: C) {
        let api = self.api.clone();
        self.runtime.spawn(async move {
            if let Err(failure) = api.call(&request).await {
                tracing::error!(%failure, "what was asked for in the tray could not be done");
            }
        });
    }
}
