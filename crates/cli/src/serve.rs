//! `errand serve`: the engine with its socket, its web server and its tray icon, until somebody
//! ends it.

mod socket;
mod tray;
mod web;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use errand_api::{Api, Host};
use errand_protocol::{Failure, FailureKind};
use serde_json::json;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
    time::sleep,
};

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
        Ok(web) => {
            print::line(json!({ "ready": true, "web": web, "hooks": null }));
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

/// Opens everything one can speak to the engine through; gives the address for a browser.
async fn open_doors(folder: &Path, options: &Serve, api: &Api) -> Result<Option<String>, Failure> {
    socket::listen(folder, api.clone())?;
    if options.tray {
        tray::show(api.clone(), folder.to_owned());
    }
    match options.web {
        Some(address) => web::listen(address, api.clone()).await.map(Some),
        None => Ok(None),
    }
}

async fn until_ended(program: &Program) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = program.quit.notified() => sleep(LAST_WORDS).await,
    }
    Ok(())
}

fn no_signals(error: std::io::Error) -> Failure {
    Failure::new(
        FailureKind::Bug,
        format!("The engine can't listen to signals: {error}."),
    )
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
