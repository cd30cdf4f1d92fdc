//! What a person does with workflows: create, keep the draft, publish, switch on and off, delete.

use errand_model::{Map, TriggerId, TriggerSource, Value, Workflow, WorkflowId};
use errand_store::{TriggerRow, Tx, WatchEntry, WorkflowRow};

use crate::{
    Error, Handle, Happening, check, dispatcher, documents,
    triggers::{
        folder::{self, FolderWatch, Watching},
        schedule, webhook,
    },
};

/// A trigger about to listen, with what must be remembered from its first moment on.
struct Armed {
    on: String,
    config: Value,
    /// None: the memory of an earlier time goes on.
    baseline: Option<Vec<WatchEntry>>,
    /// The word of its address, should it need one and have none yet.
    token: Option<String>,
    /// Whether it is a schedule, which begins with the switch-on.
    is_schedule: bool,
}

impl Handle {
    /// Keeps a new workflow, switched off. An unlisted one doesn't appear in lists.
    pub async fn create(&self, workflow: Workflow, listed: bool) -> Result<WorkflowId, Error> {
        refuse_problems(check::unfit_names(&workflow).as_slice())?;
        let now = self.now();
        let id = WorkflowId::at(now);
        let draft = to_value(&workflow)?;
        let name = workflow.name;
        let created = self
            .core
            .store
            .write(move |tx| tx.create_workflow(id, &name, &draft, listed, now));
        created.await?;
        self.core.announce(Happening::WorkflowChanged(id));
        Ok(id)
    }

    /// Keeps the draft as it is, complete or not, and says its new revision. Given the revision
    /// it is based on, a newer draft isn't overwritten.
    pub async fn save(
        &self,
        id: WorkflowId,
        workflow: Workflow,
        based_on: Option<i64>,
    ) -> Result<i64, Error> {
        refuse_problems(check::unfit_names(&workflow).as_slice())?;
        self.existing(id).await?;
        let now = self.now();
        let (draft, name) = (to_value(&workflow)?, workflow.name);
        let saved = self
            .core
            .store
            .write(move |tx| tx.save_draft(id, &name, &draft, based_on, now));
        let revision = saved.await?;
        self.core.announce(Happening::WorkflowChanged(id));
        Ok(revision)
    }

    /// Freezes the draft as the next version; if the workflow is on, it is live at once.
    pub async fn publish(&self, id: WorkflowId) -> Result<i64, Error> {
        let row = self.existing(id).await?;
        let mut document = documents::read(row.draft)?;
        // What only a template needs has served its purpose once the person publishes.
        document.template = None;
        refuse_problems(&self.problems(&document))?;
        let armed = match row.enabled {
            true => self.arm(id, &document).await?,
            false => None,
        };
        let now = self.now();
        let (enabled, draft) = (row.enabled, to_value(&document)?);
        let read = Some(row.draft_revision);
        let version = self.core.store.write(move |tx| {
            tx.save_draft(id, &document.name, &draft, read, now)?;
            let version = tx.publish(id, &draft, now)?;
            if enabled {
                switch_on(tx, id, armed, now)?;
            }
            Ok(version)
        });
        let version = version.await?;
        self.after_switch(id).await;
        Ok(version)
    }

    /// Switches on or off. The first time, files already there don't count: what they are is
    /// remembered in the transaction that switches on.
    pub async fn enable(&self, id: WorkflowId, enabled: bool) -> Result<(), Error> {
        let mut row = self.existing(id).await?;
        if !enabled {
            self.core.store.write(move |tx| switch_off(tx, id)).await?;
            self.after_switch(id).await;
            return Ok(());
        }
        if row.version.is_none() {
            self.publish(id).await?;
            row = self.existing(id).await?;
        }
        let version = row.version.unwrap_or_default();
        let document = self
            .core
            .documents
            .version(&self.core.store, id, version)
            .await?;
        let armed = self.arm(id, &document).await?;
        let now = self.now();
        self.core
            .store
            .write(move |tx| switch_on(tx, id, armed, now))
            .await?;
        self.after_switch(id).await;
        Ok(())
    }

    /// Deletes; [`Handle::restore`] takes it back.
    pub async fn delete(&self, id: WorkflowId) -> Result<(), Error> {
        self.existing(id).await?;
        let now = self.now();
        let deleted = self.core.store.write(move |tx| {
            switch_off(tx, id)?;
            tx.delete_workflow(id, now)
        });
        deleted.await?;
        self.after_switch(id).await;
        Ok(())
    }

    /// Takes a deletion back; the workflow comes back switched off.
    pub async fn restore(&self, id: WorkflowId) -> Result<(), Error> {
        self.core
            .store
            .write(move |tx| tx.restore_workflow(id))
            .await?;
        self.after_switch(id).await;
        Ok(())
    }

    /// What its trigger is doing, if it is switched on.
    pub async fn trigger_health(&self, id: WorkflowId) -> Result<Option<TriggerRow>, Error> {
        let rows = self
            .core
            .store
            .read(move |view| view.triggers_of(id))
            .await?;
        let Some(mut row) = rows.into_iter().find(|row| row.enabled) else {
            return Ok(None);
        };
        row.problem = match webhook::problem(&self.core, row.id).await? {
            Some(problem) => Some(problem),
            None => row.problem,
        };
        Ok(Some(row))
    }

    pub(crate) async fn existing(&self, id: WorkflowId) -> Result<WorkflowRow, Error> {
        let row = self.core.store.read(move |view| view.workflow(id)).await?;
        row.filter(|row| row.deleted.is_none())
            .ok_or_else(Error::no_workflow)
    }

    /// Reads what must be remembered before the trigger listens; None for a trigger that only
    /// waits for a person.
    async fn arm(&self, id: WorkflowId, document: &Workflow) -> Result<Option<Armed>, Error> {
        let trigger = document.trigger.as_ref();
        let trigger = trigger.ok_or_else(|| Error::bad_input("nothing starts this workflow"))?;
        let info = self.core.registry.trigger_info(&trigger.on);
        let source = info.map(|info| info.source);
        let (on, config) = (trigger.on.clone(), Value::Object(trigger.with.clone()));
        if source == Some(TriggerSource::Webhook) {
            let token = Some(webhook::token()?);
            return Ok(Some(Armed {
                on,
                config,
                baseline: None,
                token,
                is_schedule: false,
            }));
        }
        match source {
            Some(TriggerSource::Folder | TriggerSource::FolderChanges) => {}
            Some(TriggerSource::Poll | TriggerSource::Schedule) => {
                return Ok(Some(Armed {
                    on,
                    config,
                    baseline: None,
                    token: None,
                    is_schedule: source == Some(TriggerSource::Schedule),
                }));
            }
            _ => return Ok(None),
        }
        let known = self
            .core
            .store
            .read(move |view| view.triggers_of(id))
            .await?;
        let has_memory = known
            .iter()
            .any(|row| row.on == on && row.config == config && row.baseline);
        let baseline = if has_memory {
            None
        } else {
            let watching = match source {
                Some(TriggerSource::FolderChanges) => Watching::Changes,
                _ => Watching::New,
            };
            Some(self.baseline(&trigger.with, watching)?)
        };
        Ok(Some(Armed {
            on,
            config,
            baseline,
            token: None,
            is_schedule: false,
        }))
    }

    fn baseline(&self, with: &Map, watching: Watching) -> Result<Vec<WatchEntry>, Error> {
        let watch = FolderWatch::of(&Value::Object(with.clone()), &self.core.home)?;
        let files = watch.files(self.core.ports.trash_folder());
        Ok(folder::baseline(&watch, watching, &*files, self.now())?)
    }

    /// What is switched on can be called once this returns.
    async fn after_switch(&self, id: WorkflowId) {
        if let Err(error) = webhook::refresh(&self.core).await {
            tracing::error!(%error, "Webhooks could not be read; trying again at the next change.");
        }
        self.core.triggers_changed.notify_one();
        self.core.inbox_grew.notify_one();
        self.core.announce(Happening::WorkflowChanged(id));
        self.core.announce(Happening::StatusChanged);
    }
}

fn switch_on(
    tx: &Tx<'_>,
    id: WorkflowId,
    armed: Option<Armed>,
    now: errand_model::Timestamp,
) -> Result<(), errand_store::Error> {
    tx.set_enabled(id, true)?;
    tx.release_held(id, dispatcher::SWITCHED_OFF)?;
    let on = armed.as_ref().map(|armed| armed.on.clone());
    for row in tx.triggers_of(id)? {
        if Some(&row.on) != on.as_ref() {
            tx.set_trigger_enabled(row.id, false)?;
        }
    }
    let Some(armed) = armed else { return Ok(()) };
    let row = tx.put_trigger(TriggerId::at(now), id, &armed.on, &armed.config)?;
    if let Some(entries) = armed.baseline {
        tx.clear_watch_entries(row.id)?;
        tx.put_watch_entries(row.id, &entries)?;
        tx.set_baseline(row.id)?;
    }
    if armed.is_schedule {
        schedule::begin(tx, &row, now)?;
    }
    if let Some(token) = armed.token {
        tx.ensure_hook(row.id, &token, now)?;
    }
    tx.set_trigger_enabled(row.id, true)
}

fn switch_off(tx: &Tx<'_>, id: WorkflowId) -> Result<(), errand_store::Error> {
    tx.set_enabled(id, false)?;
    for row in tx.triggers_of(id)? {
        tx.set_trigger_enabled(row.id, false)?;
    }
    Ok(())
}

/// The first problem as an error; the others are counted.
fn refuse_problems(problems: &[check::Problem]) -> Result<(), Error> {
    let Some(first) = problems.first() else {
        return Ok(());
    };
    let more = match problems.len() - 1 {
        0 => String::new(),
        1 => " (and one more problem)".to_owned(),
        more => format!(" (and {more} more problems)"),
    };
    let error = Error::bad_input(format!("{}: {}{more}", first.place, first.message));
    Err(match &first.hint {
        Some(hint) => error.hint(hint),
        None => error,
    })
}

fn to_value(workflow: &Workflow) -> Result<Value, Error> {
    serde_json::to_value(workflow)
        .map_err(|error| Error::bad_input(format!("the workflow can't be kept: {error}")))
}
