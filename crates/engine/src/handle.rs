//! The way to a running engine: cheap to clone, used by the command line, the socket and tests.
//! Workflows' methods are in `workflows.rs`, runs' in `runs.rs`.

use std::{path::Path, sync::Arc};

use errand_connectors::Registry;
use errand_model::{Map, Timestamp, Value, Workflow};
use errand_store::Store;
use serde_json::json;
use tokio::sync::broadcast;

use crate::{
    Error, Happening, Preview, Problem, check, core::Core, preview, samples, triggers::poll,
};

/// The setting that says whether everything is paused.
pub(crate) const PAUSED: &str = "paused";

/// The way to a running engine.
#[derive(Clone)]
pub struct Handle {
    pub(crate) core: Arc<Core>,
}

impl Handle {
    /// The database.
    pub fn store(&self) -> &Store {
        &self.core.store
    }

    /// What apps can do.
    pub fn registry(&self) -> &Registry {
        &self.core.registry
    }

    /// The person's home folder.
    pub fn home(&self) -> &Path {
        &self.core.home
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.core.now()
    }

    /// What stands in the way of publishing a document.
    pub fn problems(&self, workflow: &Workflow) -> Vec<Problem> {
        let known = self.core.vault.connections();
        check::problems_among(workflow, &self.core.registry, Some(&known))
    }

    /// Events the document's trigger could give now.
    pub async fn samples(&self, workflow: &Workflow) -> Result<Vec<Value>, Error> {
        let (core, workflow) = (Arc::clone(&self.core), workflow.clone());
        let mut found = match poll::look::samples(&core, &workflow).await {
            Some(items) => items,
            None => tokio::task::spawn_blocking(move || samples::of(&core, &workflow))
                .await
                .map_err(|_| Error::bad_input("the trigger's folder could not be looked at"))?,
        };
        found
            .iter_mut()
            .for_each(|sample| self.core.vault.masks.value(sample));
        Ok(found)
    }

    /// What the document would do for this event; changes nothing.
    pub async fn preview(&self, workflow: &Workflow, event: Map) -> Result<Preview, Error> {
        let (core, workflow) = (Arc::clone(&self.core), workflow.clone());
        let runtime = tokio::runtime::Handle::current();
        let shown = tokio::task::spawn_blocking(move || {
            runtime.block_on(preview::preview(&core, &workflow, &event))
        });
        shown
            .await
            .map_err(|_| Error::bad_input("the preview stopped unexpectedly"))
    }

    /// Pauses everything, or goes on. Events are accepted all the same; it outlives a restart.
    pub async fn set_paused(&self, paused: bool) -> Result<(), Error> {
        self.core
            .store
            .write(move |tx| tx.put_setting(PAUSED, &json!(paused)))
            .await?;
        self.core.set_paused(paused);
        if !paused {
            self.core.inbox_grew.notify_one();
            self.core.timer_changed.notify_one();
            self.core.scheduler.pump(&self.core);
        }
        self.core.announce(Happening::StatusChanged);
        Ok(())
    }

    /// Whether everything is paused.
    pub fn is_paused(&self) -> bool {
        self.core.is_paused()
    }

    /// What happens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Happening> {
        self.core.subscribe()
    }
}
