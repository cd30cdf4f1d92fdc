//! Published versions, read once: they never change.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use errand_model::{Workflow, WorkflowId};
use errand_store::Store;

use crate::Error;

/// Read versions; a small map, since only versions that run are in it.
#[derive(Default)]
pub(crate) struct Documents(Mutex<HashMap<(WorkflowId, i64), Arc<Workflow>>>);

/// Above this many, the memory starts anew.
const KEPT: usize = 500;

impl Documents {
    pub(crate) async fn version(
        &self,
        store: &Store,
        id: WorkflowId,
        version: i64,
    ) -> Result<Arc<Workflow>, Error> {
        if let Some(found) = self.lock().get(&(id, version)) {
            return Ok(Arc::clone(found));
        }
        let stored = store
            .read(move |view| view.version_document(id, version))
            .await?;
        let stored = stored.ok_or_else(Error::no_workflow)?;
        let document = Arc::new(read(stored)?);
        let mut kept = self.lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert((id, version), Arc::clone(&document));
        Ok(document)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(WorkflowId, i64), Arc<Workflow>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stored document as a workflow.
pub(crate) fn read(stored: serde_json::Value) -> Result<Workflow, Error> {
    serde_json::from_value(stored).map_err(|error| {
        Error::bad_input(format!("a stored workflow can't be read: {error}"))
            .hint("It may have been kept by a newer version of Errand.")
    })
}
