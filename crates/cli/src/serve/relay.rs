//! `errand relay`: keeps webhook calls for computers that sleep or sit behind a router, until each
//! fetches its own. Meant for a small server with a web server in front that speaks https.

use std::{path::Path, sync::Arc};

use errand_protocol::{Failure, FailureKind, system_words};
use errand_relay::server::{Channels, router};
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::{net::TcpListener, sync::Semaphore};

use super::{
    http::{self, Requests},
    until_signalled,
};
use crate::{args::Relay, exit, logging, print};

/// Connections at the same time: each device holds one for as long as it listens.
const CONNECTIONS: usize = 4096;

/// Runs the relay until it is ended.
pub(crate) async fn relay(folder: &Path, options: &Relay) -> Result<u8, Failure> {
    let folder = folder.join("relay");
    logging::start(&folder, true);
    let address = options.listen;
    let refused = |what: &str, error: &std::io::Error| {
        let message = format!("{what}: {}.", system_words(error));
        Failure::new(FailureKind::BadInput, message)
    };
    let channels = Channels::load(&folder)
        .map_err(|error| refused(&format!("{} can't be used", folder.display()), &error))?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| refused(&format!("The address {address} can't be used"), &error))?;
    let address = listener.local_addr().unwrap_or(address);
    print::line(json!({
        "ready": true,
        "relay": format!("http://{address}"),
        "invitation": channels.invitation(),
    }));
    tokio::select! {
        () = accept(&listener, Arc::new(channels)) => {}
        ended = until_signalled() => ended?,
    }
    Ok(exit::OK)
}

async fn accept(listener: &TcpListener, channels: Arc<Channels>) {
    let router = router(channels, || jiff::Timestamp::now().as_millisecond());
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let (stream, _) = http::next(listener).await;
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            http::serve(stream, service, Requests::Many).await;
            drop(place);
        });
    }
}
