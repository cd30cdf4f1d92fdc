//! What a check found, into the database: events, the memory of their keys and the cursor.

use errand_connectors::poll::Item;
use errand_model::{NewEvent, Value};
use errand_store::TriggerRow;

use crate::{Error, Happening, core::Core};

/// Events accepted by one transaction.
const BATCH: usize = 500;

/// Accepts new items, oldest first; the cursor moves with the last of them.
pub(super) async fn accept(
    core: &Core,
    trigger: &TriggerRow,
    items: Vec<Item>,
    cursor: Option<Value>,
) -> Result<(), Error> {
    let mut events: Vec<NewEvent> = items.into_iter().map(event).collect();
    for event in &mut events {
        core.vault.masks.value(&mut event.payload);
    }
    let found = !events.is_empty();
    while events.len() > BATCH {
        let rest = events.split_off(BATCH);
        accept_batch(core, trigger, events, None).await?;
        events = rest;
    }
    accept_batch(core, trigger, events, cursor).await?;
    if found {
        core.inbox_grew.notify_one();
        core.announce(Happening::WorkflowChanged(trigger.workflow));
    }
    Ok(())
}

fn event(item: Item) -> NewEvent {
    NewEvent {
        same_as: Some(item.key),
        occurred: item.occurred,
        payload: item.payload,
        depth: 0,
    }
}

async fn accept_batch(
    core: &Core,
    trigger: &TriggerRow,
    events: Vec<NewEvent>,
    cursor: Option<Value>,
) -> Result<(), Error> {
    let (id, workflow, now) = (trigger.id, trigger.workflow, core.now());
    if events.is_empty() && cursor.is_none() {
        return Ok(());
    }
    let accepted = core.store.write(move |tx| {
        let accepted = tx.accept(Some(id), workflow, &events, now)?;
        if !accepted.events.is_empty() {
            tx.note_trigger(id, None, now, Some(now))?;
        }
        match &cursor {
            Some(cursor) => tx.put_cursor(id, cursor, now),
            None => Ok(()),
        }
    });
    accepted.await?;
    errand_store::faults::hit("engine.after_accept");
    Ok(())
}

/// Takes keys for known without any event; with the cursor the first check is complete.
pub(super) async fn remember(
    core: &Core,
    trigger: &TriggerRow,
    keys: Vec<String>,
    cursor: Option<Value>,
) -> Result<(), Error> {
    let (id, now) = (trigger.id, core.now());
    let remembered = core.store.write(move |tx| {
        tx.remember_known(id, &keys, now)?;
        match &cursor {
            Some(cursor) => {
                tx.put_cursor(id, cursor, now)?;
                tx.set_baseline(id)
            }
            None => Ok(()),
        }
    });
    Ok(remembered.await?)
}
