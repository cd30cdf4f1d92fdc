//! What the engine announces, in the protocol's words.

use errand_engine::{Handle, Happening};
use errand_protocol::AppEvent;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Events of one listener.
#[derive(Debug)]
pub struct Events(Receiver<Happening>);

impl Events {
    pub(crate) fn of(engine: &Handle) -> Self {
        Self(engine.subscribe())
    }

    /// The next event; None when the engine has stopped.
    pub async fn next(&mut self) -> Option<AppEvent> {
        match self.0.recv().await {
            Ok(happening) => Some(event(happening)),
            Err(RecvError::Lagged(_)) => Some(AppEvent::Lagged),
            Err(RecvError::Closed) => None,
        }
    }
}

fn event(happening: Happening) -> AppEvent {
    match happening {
        Happening::WorkflowChanged(id) => AppEvent::WorkflowChanged { id },
        Happening::RunChanged(id, workflow) => AppEvent::RunChanged { id, workflow },
        Happening::StatusChanged => AppEvent::StatusChanged,
    }
}
