//! Keeps a listener for each trigger that is switched on. One file per way of listening; a person
//! starting a workflow needs none.

pub(crate) mod folder;
mod health;
mod hints;
pub(crate) mod poll;
pub(crate) mod relay;
pub(crate) mod schedule;
pub(crate) mod settle;
pub(crate) mod webhook;

use std::{collections::HashMap, sync::Arc};

use errand_model::{TriggerId, TriggerSource};
use errand_store::TriggerRow;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{Error, core::Core};

struct Listener {
    row: TriggerRow,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Starts and ends listeners as triggers change, until the engine stops.
pub(crate) async fn run(core: Arc<Core>) {
    let mut listeners = HashMap::new();
    loop {
        if let Err(error) = refresh(&core, &mut listeners).await {
            tracing::error!(%error, "Triggers could not be read; trying again at the next change.");
        }
        tokio::select! {
            () = core.triggers_changed.notified() => {}
            () = core.stopping.cancelled() => break,
        }
    }
    for (_, listener) in listeners {
        end(listener).await;
    }
}

async fn refresh(
    core: &Arc<Core>,
    listeners: &mut HashMap<TriggerId, Listener>,
) -> Result<(), Error> {
    let wanted = core.store.read(|view| view.enabled_triggers()).await?;
    let is_wanted = |listener: &Listener| {
        wanted
            .iter()
            .any(|row| row.id == listener.row.id && row.config == listener.row.config)
    };
    let gone: Vec<TriggerId> = listeners
        .iter()
        .filter(|(_, l)| !is_wanted(l))
        .map(|(id, _)| *id)
        .collect();
    for id in gone {
        if let Some(listener) = listeners.remove(&id) {
            end(listener).await;
        }
    }
    for row in wanted {
        if !listeners.contains_key(&row.id)
            && let Some(listener) = listen(core, row)
        {
            listeners.insert(listener.row.id, listener);
        }
    }
    Ok(())
}

fn listen(core: &Arc<Core>, row: TriggerRow) -> Option<Listener> {
    let stop = core.stopping.child_token();
    let task = match core.registry.trigger_info(&row.on)?.source {
        TriggerSource::Folder => tokio::spawn(folder::listen(
            Arc::clone(core),
            row.clone(),
            folder::Watching::New,
            stop.clone(),
        )),
        TriggerSource::FolderChanges => tokio::spawn(folder::listen(
            Arc::clone(core),
            row.clone(),
            folder::Watching::Changes,
            stop.clone(),
        )),
        TriggerSource::Poll => {
            tokio::spawn(poll::listen(Arc::clone(core), row.clone(), stop.clone()))
        }
        TriggerSource::Schedule => tokio::spawn(schedule::listen(
            Arc::clone(core),
            row.clone(),
            stop.clone(),
        )),
        TriggerSource::Manual | TriggerSource::Webhook => return None,
    };
    Some(Listener { row, stop, task })
}

async fn end(listener: Listener) {
    listener.stop.cancel();
    listener.task.await.ok();
}
