//! What the engine announces, in the protocol's words.

use errand_engine::{Handle, Happening};
use errand_protocol::AppEvent;
use tokio::sync::{
    broadcast::{Receiver, error::RecvError},
    watch,
};

/// Events of one listener.
#[derive(Debug)]
pub struct Events {
    happenings: Receiver<Happening>,
    quitting: watch::Receiver<bool>,
}

impl Events {
    pub(crate) fn of(engine: &Handle, quitting: watch::Receiver<bool>) -> Self {
        Self {
            happenings: engine.subscribe(),
            quitting,
        }
    }

    /// The next event; None when the engine has stopped.
    pub async fn next(&mut self) -> Option<AppEvent> {
        tokio::select! {
            Ok(()) = self.quitting.changed() => Some(AppEvent::EngineQuitting),
            happening = self.happenings.recv() => match happening {
                Ok(happening) => Some(event(happening)),
                Err(RecvError::Lagged(_)) => Some(AppEvent::Lagged),
                Err(RecvError::Closed) => None,
            },
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
