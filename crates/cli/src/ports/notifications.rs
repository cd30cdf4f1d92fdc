//! Notifications over D-Bus. A thread of its own speaks to the bus, so that a desktop that hangs
//! holds up one step for a moment and nothing else.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError, mpsc as sync_mpsc},
    thread,
    time::Duration,
};

use errand_connectors::ports::Desktop;
use errand_model::StepError;
use tokio::{sync::mpsc, time::timeout};
use zbus::{Connection, zvariant::Value};

const SERVICE: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";

/// How long the desktop may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The notification service of the session's bus, looked for at the first notification.
#[derive(Default)]
pub(crate) struct Notifications {
    thread: Mutex<Option<mpsc::UnboundedSender<Note>>>,
}

struct Note {
    title: String,
    text: String,
    shown: sync_mpsc::Sender<bool>,
}

impl Desktop for Notifications {
    fn notify(&self, title: &str, text: &str) -> Result<bool, StepError> {
        let (shown, answer) = sync_mpsc::channel();
        let note = Note {
            title: title.to_owned(),
            text: text.to_owned(),
            shown,
        };
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = thread.get_or_insert_with(start_thread).send(note);
        drop(thread);
        // Twice: a lost connection is tried again once.
        Ok(sent.is_ok() && answer.recv_timeout(PATIENCE * 2).unwrap_or(false))
    }
}

fn start_thread() -> mpsc::UnboundedSender<Note> {
    let (sender, notes) = mpsc::unbounded_channel();
    let started = thread::Builder::new()
        .name("notifications".into())
        .spawn(move || {
            match tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            {
                Ok(runtime) => runtime.block_on(show_all(notes)),
                Err(error) => tracing::warn!(%error, "notifications can't be shown"),
            }
        });
    if let Err(error) = started {
        tracing::warn!(%error, "notifications can't be shown");
    }
    sender
}

async fn show_all(mut notes: mpsc::UnboundedReceiver<Note>) {
    let mut service = None;
    while let Some(note) = notes.recv().await {
        let shown = match timeout(PATIENCE, show(&mut service, &note)).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::info!(%error, "no desktop showed the notification");
                false
            }
            Err(_) => {
                tracing::warn!("the desktop didn't answer to a notification");
                service = None;
                false
            }
        };
        // Whoever asked may have given up.
        let _ = note.shown.send(shown);
    }
}

/// A connection to the service, and whether it reads texts as markup.
struct Service {
    bus: Connection,
    markup: bool,
}

async fn show(service: &mut Option<Service>, note: &Note) -> zbus::Result<()> {
    if let Some(known) = service.take() {
        match known.notify(note).await {
            Ok(()) => {
                *service = Some(known);
                return Ok(());
            }
            // The service answered; asking again would not help.
            Err(error @ zbus::Error::MethodError(..)) => return Err(error),
            Err(_) => {}
        }
    }
    let fresh = Service::connect().await?;
    fresh.notify(note).await?;
    *service = Some(fresh);
    Ok(())
}

impl Service {
    async fn connect() -> zbus::Result<Self> {
        let bus = Connection::session().await?;
        let answer = bus
            .call_method(Some(SERVICE), OBJECT, Some(SERVICE), "GetCapabilities", &())
            .await?;
        let able: Vec<String> = answer.body().deserialize()?;
        Ok(Self {
            bus,
            markup: able.iter().any(|word| word == "body-markup"),
        })
    }

    async fn notify(&self, note: &Note) -> zbus::Result<()> {
        // Text from outside is text, never markup.
        let text = if self.markup {
            escaped(&note.text)
        } else {
            note.text.clone()
        };
        let hints = HashMap::from([("desktop-entry", Value::from("errand"))]);
        let actions: Vec<&str> = Vec::new();
        let body = (
            "Errand",
            0_u32,
            "errand",
            &note.title,
            &text,
            actions,
            hints,
            -1_i32,
        );
        self.bus
            .call_method(Some(SERVICE), OBJECT, Some(SERVICE), "Notify", &body)
            .await?;
        Ok(())
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
