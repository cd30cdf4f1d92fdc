//! Triggers: owners of the memory of what was already seen. One row per workflow and kind of
//! trigger, whatever version is published.

use errand_model::{Timestamp, TriggerId, Value, WorkflowId};
use rusqlite::{OptionalExtension, Row, params};

use crate::{
    Error, Tx, View,
    columns::{Json, Ms},
    error::changed_one,
};

/// A workflow's trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct TriggerRow {
    /// Identity, which outlives versions.
    pub id: TriggerId,
    /// Its workflow.
    pub workflow: WorkflowId,
    /// `connector.trigger`.
    pub on: String,
    /// Its fields.
    pub config: Value,
    /// Whether what was there at the beginning has been noted.
    pub baseline: bool,
    /// Whether the engine listens.
    pub enabled: bool,
    /// Why it can't listen, in one sentence.
    pub problem: Option<String>,
    /// When it last looked.
    pub checked: Option<Timestamp>,
    /// When it last found something.
    pub found: Option<Timestamp>,
}

const COLUMNS: &str = r#"id, workflow, "on", config, baseline, enabled, problem, checked, found"#;

fn from_row(row: &Row<'_>) -> rusqlite::Result<TriggerRow> {
    Ok(TriggerRow {
        id: TriggerId::from_bytes(row.get("id")?),
        workflow: WorkflowId::from_bytes(row.get("workflow")?),
        on: row.get("on")?,
        config: row.get::<_, Json<_>>("config")?.0,
        baseline: row.get("baseline")?,
        enabled: row.get("enabled")?,
        problem: row.get("problem")?,
        checked: row.get::<_, Option<Ms>>("checked")?.map(|Ms(time)| time),
        found: row.get::<_, Option<Ms>>("found")?.map(|Ms(time)| time),
    })
}

impl View<'_> {
    /// The triggers of a workflow, also those of its earlier versions.
    pub fn triggers_of(&self, workflow: WorkflowId) -> Result<Vec<TriggerRow>, Error> {
        let sql = format!(r#"SELECT {COLUMNS} FROM triggers WHERE workflow = ?1 ORDER BY "on""#);
        let mut statement = self.0.prepare_cached(&sql)?;
        Ok(statement
            .query_map([workflow.as_bytes()], from_row)?
            .collect::<Result<_, _>>()?)
    }

    /// Every trigger that is switched on.
    pub fn enabled_triggers(&self) -> Result<Vec<TriggerRow>, Error> {
        let mut statement = self.0.prepare_cached(&enabled_sql())?;
        Ok(statement
            .query_map([], from_row)?
            .collect::<Result<_, _>>()?)
    }
}

pub(crate) fn enabled_sql() -> String {
    format!("SELECT {COLUMNS} FROM triggers INDEXED BY triggers_enabled WHERE enabled = 1")
}

impl Tx<'_> {
    /// Makes the trigger, or gives an existing one its new fields. Other fields mean that what is
    /// there must be noted anew.
    pub fn put_trigger(
        &self,
        id_if_new: TriggerId,
        workflow: WorkflowId,
        on: &str,
        config: &Value,
    ) -> Result<TriggerRow, Error> {
        let sql = format!(r#"SELECT {COLUMNS} FROM triggers WHERE workflow = ?1 AND "on" = ?2"#);
        let found = self
            .0
            .prepare_cached(&sql)?
            .query_row(params![workflow.as_bytes(), on], from_row)
            .optional()?;
        match found {
            Some(trigger) if trigger.config == *config => Ok(trigger),
            Some(trigger) => self.change_trigger(trigger, config),
            None => self.insert_trigger(id_if_new, workflow, on, config),
        }
    }

    fn change_trigger(&self, trigger: TriggerRow, config: &Value) -> Result<TriggerRow, Error> {
        self.0
            .prepare_cached("UPDATE triggers SET config = ?2, baseline = 0 WHERE id = ?1")?
            .execute(params![trigger.id.as_bytes(), Json(config)])?;
        Ok(TriggerRow {
            config: config.clone(),
            baseline: false,
            ..trigger
        })
    }

    fn insert_trigger(
        &self,
        id: TriggerId,
        workflow: WorkflowId,
        on: &str,
        config: &Value,
    ) -> Result<TriggerRow, Error> {
        let sql = format!(
            r#"INSERT INTO triggers (id, workflow, "on", config) VALUES (?1, ?2, ?3, ?4)
               RETURNING {COLUMNS}"#
        );
        Ok(self.0.prepare_cached(&sql)?.query_row(
            params![id.as_bytes(), workflow.as_bytes(), on, Json(config)],
            from_row,
        )?)
    }

    /// Notes that what was there at the beginning is known.
    pub fn set_baseline(&self, trigger: TriggerId) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached("UPDATE triggers SET baseline = 1 WHERE id = ?1")?
            .execute([trigger.as_bytes()])?;
        changed_one(rows, "trigger", trigger)
    }

    /// Switches listening on or off; what was seen stays known.
    pub fn set_trigger_enabled(&self, trigger: TriggerId, enabled: bool) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached("UPDATE triggers SET enabled = ?2 WHERE id = ?1")?
            .execute(params![trigger.as_bytes(), enabled])?;
        changed_one(rows, "trigger", trigger)
    }

    /// Notes how the last look went; without `found` the earlier time stays.
    pub fn note_trigger(
        &self,
        trigger: TriggerId,
        problem: Option<&str>,
        checked: Timestamp,
        found: Option<Timestamp>,
    ) -> Result<(), Error> {
        let rows = self
            .0
            .prepare_cached(
                "UPDATE triggers SET problem = ?2, checked = ?3, found = COALESCE(?4, found)
                 WHERE id = ?1",
            )?
            .execute(params![
                trigger.as_bytes(),
                problem,
                Ms(checked),
                found.map(Ms)
            ])?;
        changed_one(rows, "trigger", trigger)
    }
}
