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

    /// Reads one real answer and finds the lists in it, for the builder to offer. Only reads; the
    /// fields that say where the list is may still be empty.
    async fn look(&self, _ask: &Ask<'_>) -> Result<Found, StepError> {
        Ok(Found::default())
    }
}

/// What a real answer holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The answer itself; null where the trigger can't show one.
    pub sample: Value,
    /// The lists in it, the likeliest first.
    pub lists: Vec<FoundList>,
}

/// A list within an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundList {
    /// Where it stands; empty: the answer itself is the list.
    pub path: String,
    /// How many items it has.
    pub count: usize,
    /// The fields that tell its items apart, the likeliest first.
    pub keys: Vec<String>,
    /// The fields that hold times, the likeliest first.
    pub newest: Vec<String>,
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
