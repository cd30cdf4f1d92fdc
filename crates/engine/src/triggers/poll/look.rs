//! One real answer of a source, for the builder: what lists are in it and what tells items apart.

use errand_connectors::poll::{Ask, Found};
use errand_model::{StepError, Value, Workflow};

use super::scope;
use crate::{Handle, core::Core, runner::attempt::guarded};

/// At most this many.
const SAMPLES: usize = 10;

impl Handle {
    /// Asks the document's source once. Only reads.
    pub async fn poll_look(&self, document: &Workflow) -> Result<Found, StepError> {
        let scope = scope::of(&self.core, document)?;
        let ask = Ask {
            input: &scope.input,
            ports: &scope.ports,
            cursor: &Value::Null,
            page: &Value::Null,
        };
        let mut found = guarded(scope.poll.look(&ask)).await?;
        self.core.vault.masks.value(&mut found.sample);
        Ok(found)
    }
}

/// What the source holds now, as events, the newest first where it says so; None where the trigger
/// doesn't poll, or nothing can be read.
pub(crate) async fn samples(core: &Core, document: &Workflow) -> Option<Vec<Value>> {
    core.registry.poll(&document.trigger.as_ref()?.on)?;
    let scope = scope::of(core, document).ok()?;
    let ask = Ask {
        input: &scope.input,
        ports: &scope.ports,
        cursor: &Value::Null,
        page: &Value::Null,
    };
    let mut items = guarded(scope.poll.page(&ask)).await.ok()?.items;
    items.sort_by_key(|item| std::cmp::Reverse(item.occurred));
    items.truncate(SAMPLES);
    let payloads: Vec<Value> = items.into_iter().map(|item| item.payload).collect();
    (!payloads.is_empty()).then_some(payloads)
}
