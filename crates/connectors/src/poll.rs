//! What a trigger that asks again and again is to the engine: one page at a time, told apart item by
//! item. The engine keeps the memory, the cursor and the times.

use async_trait::async_trait;
use errand_model::{Map, StepError, Timestamp, TriggerInfo, Value};

use crate::ports::Ports;

/// One trigger that polls.
#[async_trait]
pub trait Poll: Send + Sync {
    /// What people and checks are told.
    fn info(&self) -> TriggerInfo;

    /// Reads one page. Only reads.
    async fn page(&self, ask: &Ask<'_>) -> Result<Page, StepError>;
}

/// One question.
pub struct Ask<'a> {
    /// The trigger's fields, checked.
    pub input: &'a Map,
    /// The way to the world.
    pub ports: &'a Ports,
    /// What the last complete check left; null at first.
    pub cursor: &'a Value,
    /// Which page, as the page before said; null for the first.
    pub page: &'a Value,
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What it holds, in the order of the source.
    pub items: Vec<Item>,
    /// The next page, if there is one.
    pub next: Option<Value>,
    /// The cursor to keep once the last page was read.
    pub cursor: Value,
    /// The source says that nothing has changed since the last check.
    pub unchanged: bool,
    /// Not to be asked again before, where the source said so.
    pub not_before: Option<Timestamp>,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What makes it itself, as canonical text.
    pub key: String,
    /// When it came to be or was changed at the source, if it says.
    pub occurred: Option<Timestamp>,
    /// What later steps reference as `trigger`.
    pub payload: Value,
}
