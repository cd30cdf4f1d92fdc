//! `errand serve`: the engine with its socket, its web server, its webhooks and its tray icon, until
//! somebody ends it.

mod hooks;
mod http;
mod relay;
mod socket;
mod tray;
mod web;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use errand_api::{Api, Host};
use errand_protocol::{Failure, FailureKind, system_words};
use serde_json::json;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
    time::sleep,
};

pub(crate) use relay::relay;

use crate::{args::Serve, autostart, engine, exit, logging, print};

/// Time for the answer to whoever asked to quit.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// Runs the engine of this folder until it is ended.
pub(crate) async fn serve(folder: PathBuf, options: Serve) -> Result<u8, Failure> {
    logging::start(&folder, true);
    let engine = engine::start(&folder).await?;
    let host = Arc::new(Program {
        folder: folder.clone(),
        quit: Notify::new(),
    });
    let api = Api::new(engine.handle(), Arc::clone(&host) as Arc<dyn Host>);
    let opened = open_doors(&folder, &options, &api).await;
    let result = match opened {
        Ok(Opened { web, hooks }) => {
            print::exactly(json!({ "ready": true, "web": web, "hooks": hooks }));
            tracing::info!(folder = %folder.display(), "the engine is ready");
            until_ended(&host).await
        }
        Err(failure) => Err(failure),
    };
    socket::remove(&folder);
    engine.stop().await;
    tracing::info!("the engine has stopped");
    result.map(|()| exit::OK)
}

/// The addresses that were opened.
struct Opened {
    web: Option<String>,
    hooks: Option<String>,
}

/// Opens everything one can speak to the engine through.
async fn open_doors(folder: &Path, options: &Serve, api: &Api) -> Result<Opened, Failure> {
    socket::listen(folder, api.clone())?;
    if options.tray {
        tray::show(api.clone(), folder.to_owned());
    }
    let web = match options.web {
        Some(address) => Some(web::listen(address, api.clone()).await?),
        None => None,
    };
    let hooks = hooks::keep(api.engine(), options.hooks).await?;
    Ok(Opened { web, hooks })
}

async fn until_ended(program: &Program) -> Result<(), Failure> {
    tokio::select! {
        ended = until_signalled() => ended,
        () = program.quit.notified() => {
            sleep(LAST_WORDS).await;
            Ok(())
        }
    }
}

/// Until the system or the person at the terminal ends this program.
async fn until_signalled() -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn no_signals(error: std::io::Error) -> Failure {
    Failure::new(
        FailureKind::Bug,
        format!(
            "The engine can't listen to signals: {}.",
            system_words(&error)
        ),
    )
    .hint("Start Errand again; if that doesn't help, restart the computer.")
}

/// This program, as far as commands may ask something of it.
struct Program {
    folder: PathBuf,
    quit: Notify,
}

impl Host for Program {
    fn quit(&self) {
        self.quit.notify_one();
    }

    fn start_at_login(&self, start: bool) -> Result<(), Failure> {
        autostart::set(&self.folder, start)
    }
}
