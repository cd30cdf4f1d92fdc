//! The port that webhooks are called at. Open while a webhook is on or `--hooks` asks for it, and
//! closed otherwise; always the same one for a data folder. A port that another program has is said
//! and waited for, never silently replaced.
//!
//! Reading order: this, [`visit`] (one request), [`guard`] (who may ask), [`limits`] and [`crowd`]
//! (how much), [`head`] (two lengths in one request), [`holder`] (who has the port).

mod crowd;
mod guard;
mod head;
mod holder;
mod limits;
mod visit;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use errand_engine::{Handle, HookDoor, HookSettings, HookWish};
use errand_protocol::{Failure, FailureKind, system_words};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep_until},
};

use self::{crowd::Crowd, limits::Limits, visit::Visit};
use super::http;

/// A port that couldn't be opened is tried again this often.
const AGAIN: Duration = Duration::from_secs(5);

/// The port, as far as it is open.
struct Port {
    engine: Handle,
    /// Open also while no webhook is on.
    always: bool,
    open: Option<(SocketAddr, JoinHandle<()>)>,
    problem: Option<String>,
}

/// Opens the port as soon as it is needed; at once with `asked`, and then everything that stands in
/// the way is an error. Gives the address that all webhooks begin with, if it is open.
pub(super) async fn keep(
    engine: &Handle,
    asked: Option<SocketAddr>,
) -> Result<Option<String>, Failure> {
    let mut wishes = engine.hook_wish();
    let first = match asked {
        Some(address) => Some(open_as_asked(engine, address).await?),
        None => None,
    };
    let mut port = Port {
        engine: engine.clone(),
        always: asked.is_some(),
        open: None,
        problem: None,
    };
    if let Some(listener) = first {
        port.listen(listener);
    }
    let wish = *wishes.borrow_and_update();
    port.follow(wish).await;
    let base = match port.open {
        Some(_) => settings(engine).await?.base(),
        None => None,
    };
    tokio::spawn(go_on(port, wishes));
    Ok(base)
}

async fn go_on(mut port: Port, mut wishes: watch::Receiver<HookWish>) {
    let mut again = Instant::now() + AGAIN;
    loop {
        let must_retry = port.problem.is_some();
        tokio::select! {
            changed = wishes.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = sleep_until(again), if must_retry => {}
        }
        again = Instant::now() + AGAIN;
        let wish = *wishes.borrow_and_update();
        port.follow(wish).await;
    }
}

/// What `--hooks` asked for, kept from now on as the port of this data folder.
async fn open_as_asked(engine: &Handle, address: SocketAddr) -> Result<TcpListener, Failure> {
    let before = settings(engine).await?;
    let port = match address.port() {
        0 => engine.hook_port().await.map_err(failed)?,
        port => port,
    };
    let wanted = HookSettings {
        port: Some(port),
        ..before
    };
    let here = wanted.bind().filter(|here| here.ip() == address.ip());
    let here = here.ok_or_else(|| elsewhere(address, before.local_network))?;
    let listener = TcpListener::bind(here).await.map_err(|error| {
        Failure::new(FailureKind::BadInput, not_opened(here, &error))
            .hint("End that program, or give another port with --hooks.")
    })?;
    engine.set_hook_settings(wanted).await.map_err(failed)?;
    Ok(listener)
}

fn elsewhere(address: SocketAddr, local_network: bool) -> Failure {
    let (message, hint) = match local_network {
        false => (
            format!("{address} isn't where webhooks are called on this computer."),
            "Use 127.0.0.1:PORT. To let other computers call, switch on the local network in the \
             settings first.",
        ),
        true => (
            format!(
                "{address} can't be reached from your local network, which the settings allow."
            ),
            "Use 0.0.0.0:PORT, or switch off the local network in the settings.",
        ),
    };
    Failure::new(FailureKind::BadInput, message).hint(hint)
}

async fn settings(engine: &Handle) -> Result<HookSettings, Failure> {
    engine.hook_settings().await.map_err(failed)
}

fn failed(error: errand_engine::Error) -> Failure {
    let failure = Failure::new(FailureKind::BadInput, error.message);
    Failure {
        hint: error.hint,
        ..failure
    }
}

/// Why the port isn't open, in one sentence; names the program that has it.
fn not_opened(address: SocketAddr, error: &std::io::Error) -> String {
    let port = address.port();
    if !http::is_taken(error) {
        let why = system_words(error);
        return format!("Webhooks can't be called: port {port} can't be opened: {why}.");
    }
    match holder::of(port) {
        Some(holder) => format!("Webhooks can't be called: {holder} uses port {port}."),
        None => format!("Webhooks can't be called: another program uses port {port}."),
    }
}

impl Port {
    /// Opens, moves or closes the port, and tells the engine how it went.
    async fn follow(&mut self, wish: HookWish) {
        let wanted = wish.open || self.always;
        let wanted = wanted.then(|| wish.settings.bind()).flatten();
        if self.address() != wanted {
            self.close().await;
            self.problem = match wanted {
                Some(address) => self.open(address).await,
                None => None,
            };
        }
        self.engine.hook_door(HookDoor {
            number: wish.number,
            problem: self.problem.clone(),
        });
    }

    fn address(&self) -> Option<SocketAddr> {
        self.open.as_ref().map(|(address, _)| *address)
    }

    async fn close(&mut self) {
        if let Some((_, task)) = self.open.take() {
            task.abort();
            // Only then is the port free again.
            task.await.ok();
        }
    }

    async fn open(&mut self, address: SocketAddr) -> Option<String> {
        match TcpListener::bind(address).await {
            Ok(listener) => {
                self.listen(listener);
                None
            }
            Err(error) => {
                let problem = not_opened(address, &error);
                tracing::warn!(problem, "the port of webhooks is not open");
                Some(problem)
            }
        }
    }

    fn listen(&mut self, listener: TcpListener) {
        let Ok(address) = listener.local_addr() else {
            return;
        };
        tracing::info!(%address, "webhooks can be called");
        let task = tokio::spawn(accept(listener, self.engine.clone()));
        self.open = Some((address, task));
    }
}

async fn accept(listener: TcpListener, engine: Handle) {
    let (crowd, limits) = (
        Arc::new(Crowd::new(http::CONNECTIONS)),
        Arc::new(Limits::new()),
    );
    loop {
        let (stream, peer) = http::next(&listener).await;
        let Ok(here) = stream.local_addr() else {
            continue;
        };
        let seat = crowd.enter().await;
        let limits = Arc::clone(&limits);
        let visit = Visit::new(engine.clone(), limits, peer.ip(), here);
        tokio::spawn(visit.serve(stream, seat));
    }
}
