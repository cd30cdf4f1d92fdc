//! A run's recorded steps, folded into something [`decide`](super::decide) can read. Holds no
//! decision and no I/O.

use std::collections::BTreeMap;

use errand_model::{Map, StepError, StepRecord, StepState, Value};

/// The steps recorded so far, by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal(BTreeMap<String, StepRecord>);

impl Journal {
    pub(crate) fn of(records: Vec<StepRecord>) -> Self {
        Self(
            records
                .into_iter()
                .map(|record| (record.path.clone(), record))
                .collect(),
        )
    }

    pub(crate) fn get(&self, path: &str) -> Option<&StepRecord> {
        self.0.get(path)
    }

    /// The step that can't begin until something comes back.
    pub(crate) fn waiting(&self) -> Option<(&StepRecord, &StepError)> {
        let waiting = self
            .0
            .values()
            .find(|record| record.state == StepState::RetryWait)?;
        let error = waiting.error.as_ref()?;
        error.waits_for.map(|_| (waiting, error))
    }

    pub(crate) fn put(&mut self, record: StepRecord) {
        self.0.insert(record.path.clone(), record);
    }

    /// What later steps reference as `steps`: the outputs of those that succeeded.
    pub(crate) fn outputs(&self) -> Map {
        let succeeded = self
            .0
            .values()
            .filter(|record| record.state == StepState::Succeeded);
        succeeded
            .map(|record| (record.path.clone(), as_object(&record.output)))
            .collect()
    }
}

/// A step without a result still exists for references, as an empty object.
fn as_object(output: &Value) -> Value {
    if output.is_null() {
        Value::Object(Map::new())
    } else {
        output.clone()
    }
}
