//! A store in a temporary folder with one published workflow, and shorthands for rows.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use errand_model::{
    Attempt, Effect, NewEvent, Run, RunId, RunState, StepRecord, StepState, Timestamp, TriggerId,
    WorkflowId,
};
use errand_store::Store;
use serde_json::json;

pub struct World {
    pub folder: tempfile::TempDir,
    pub store: Store,
    pub workflow: WorkflowId,
    pub trigger: TriggerId,
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub fn item(name: &str) -> NewEvent {
    let payload = json!({ "name": name });
    NewEvent {
        same_as: Some(name.to_owned()),
        occurred: None,
        payload,
        depth: 0,
    }
}

pub fn run_of(event_seq: i64, workflow: WorkflowId, created: Timestamp) -> Run {
    Run {
        id: RunId::at(created),
        event_seq,
        generation: 0,
        workflow,
        version: 1,
        state: RunState::Queued,
        outcome: None,
        reason: None,
        wake_at: None,
        recoveries: 0,
        created,
        started: None,
        ended: None,
    }
}

pub fn step(path: &str) -> StepRecord {
    let input = json!({ "to": "~/Invoices" });
    StepRecord {
        input,
        attempt: 1,
        ..StepRecord::ready(path, Effect::Verifiable)
    }
}

pub fn attempt(path: &str, number: u32, result: Option<StepState>) -> Attempt {
    let ended = result.map(|_| at(2));
    Attempt {
        path: path.to_owned(),
        number,
        started: at(1),
        ended,
        result,
        error: None,
    }
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), at(0)).unwrap();
        let (workflow, id) = (WorkflowId::at(at(0)), TriggerId::at(at(0)));
        let trigger = store
            .write(move |tx| {
                let document = json!({ "format": 1, "name": "Invoices", "steps": [] });
                tx.create_workflow(workflow, "Invoices", &document, true, at(0))?;
                tx.publish(workflow, &document, at(0))?;
                tx.put_trigger(
                    id,
                    workflow,
                    "files.new_file",
                    &json!({ "folder": "~/Downloads" }),
                )
            })
            .await
            .unwrap();
        Self {
            folder,
            store,
            workflow,
            trigger: trigger.id,
        }
    }

    /// Accepts an item and makes a run of it.
    pub async fn run(&self, name: &str, created: Timestamp) -> Run {
        let (trigger, workflow, item) = (self.trigger, self.workflow, item(name));
        self.store
            .write(move |tx| {
                let event = tx
                    .accept(Some(trigger), workflow, &[item], created)?
                    .events
                    .remove(0);
                tx.mark_event(event.seq, errand_model::EventState::Dispatched, None)?;
                let run = run_of(event.seq, workflow, created);
                tx.create_run(&run)?;
                Ok(run)
            })
            .await
            .unwrap()
    }

    /// Closes and opens again, as after an orderly end.
    pub async fn reopened(self) -> Self {
        let Self {
            folder,
            store,
            workflow,
            trigger,
        } = self;
        store.close().await;
        drop(store);
        let store = Store::open(folder.path(), at(100)).unwrap();
        Self {
            folder,
            store,
            workflow,
            trigger,
        }
    }
}
