//! One check: pages are read until nothing new can follow, then what is new is accepted.
//!
//! How far a check reads. A list whose items come newest first is left once two pages in a row hold
//! nothing new, but read to its end once an hour, for items may be late. Any other list is read to
//! its end. While a list is read, items may move from page to page; what was missed by that has an
//! unknown key at the next check and is new then. Only the first check must not miss anything: what
//! it leaves out would later pass for new. It is repeated until it finds nothing it didn't know.

use std::collections::HashSet;

use errand_connectors::poll::{Ask, Item, Page};
use errand_model::{ErrorKind, StepError, Timestamp, Value, Workflow};
use errand_store::TriggerRow;

use super::{
    commit,
    scope::{self, Scope},
};
use crate::{Error, core::Core, runner::attempt::guarded};

/// A check reads no more pages than this.
const PAGES: usize = 1000;
/// The first check is repeated no more often than this.
const PASSES: usize = 5;
/// A list as short as this is always read to its end.
const SHORT: usize = 3;

/// How a check went.
pub(super) struct Checked {
    /// Not to be asked again before.
    pub(super) not_before: Option<Timestamp>,
    /// Whether the list was read to its end.
    pub(super) was_whole: bool,
}

/// What was read of a list.
#[derive(Default)]
struct Read {
    /// Items with unknown keys, in the order they were read.
    new: Vec<Item>,
    cursor: Value,
    not_before: Option<Timestamp>,
    is_whole: bool,
    pages: usize,
    /// Why reading broke off.
    broke_off: Option<StepError>,
}

pub(super) async fn run(
    core: &Core,
    trigger: &mut TriggerRow,
    document: &Workflow,
    whole: bool,
) -> Result<Checked, StepError> {
    let scope = scope::of(core, document)?;
    match trigger.baseline {
        true => new_items(core, trigger, &scope, whole).await,
        false => baseline(core, trigger, &scope).await,
    }
}

async fn new_items(
    core: &Core,
    trigger: &TriggerRow,
    scope: &Scope<'_>,
    whole: bool,
) -> Result<Checked, StepError> {
    let mut read = read(core, trigger, scope, whole).await?;
    let is_descending = newest_first(&read.new);
    if is_descending {
        read.new.reverse();
    }
    let cursor = read.broke_off.is_none().then_some(read.cursor);
    commit::accept(core, trigger, read.new, cursor)
        .await
        .map_err(not_kept)?;
    match read.broke_off {
        Some(error) => Err(error),
        None => Ok(Checked {
            not_before: read.not_before,
            was_whole: read.is_whole,
        }),
    }
}

/// The first check: everything is known from now on, and nothing is new.
async fn baseline(
    core: &Core,
    trigger: &mut TriggerRow,
    scope: &Scope<'_>,
) -> Result<Checked, StepError> {
    for pass in 1.. {
        let read = read(core, trigger, scope, true).await?;
        if let Some(error) = read.broke_off {
            return Err(error);
        }
        // On a single page nothing can move to another.
        let has_settled = read.new.is_empty() || read.pages == 1 || pass == PASSES;
        let keys = read.new.into_iter().map(|item| item.key).collect();
        let cursor = has_settled.then_some(read.cursor);
        commit::remember(core, trigger, keys, cursor)
            .await
            .map_err(not_kept)?;
        if has_settled {
            trigger.baseline = true;
            return Ok(Checked {
                not_before: read.not_before,
                was_whole: true,
            });
        }
    }
    Err(StepError::bug("the first check has no end"))
}

/// Reads pages until nothing new can follow. Trouble on a later page keeps what was read before.
async fn read(
    core: &Core,
    trigger: &TriggerRow,
    scope: &Scope<'_>,
    whole: bool,
) -> Result<Read, StepError> {
    let id = trigger.id;
    let stored = core.store.read(move |view| view.cursor(id)).await;
    let stored = stored.map_err(|error| not_kept(error.into()))?;
    let cursor = stored.map_or(Value::Null, |(cursor, _)| cursor);
    let mut reading = Reading::new(core, trigger, scope, &cursor, whole);
    let mut place = Value::Null;
    loop {
        let page = match reading.page(&place).await {
            Ok(page) => page,
            Err(error) if reading.read.pages == 0 => return Err(error),
            Err(error) => return Ok(reading.broken_off(error)),
        };
        match reading.take(page).await? {
            Some(_) if reading.read.pages == PAGES => return Ok(reading.broken_off(too_long())),
            Some(next) => place = next,
            None => return Ok(reading.read),
        }
    }
}

struct Reading<'a> {
    core: &'a Core,
    trigger: &'a TriggerRow,
    scope: &'a Scope<'a>,
    cursor: &'a Value,
    whole: bool,
    seen: HashSet<String>,
    /// Pages in a row without anything new.
    stale: usize,
    descending: bool,
    read: Read,
}

impl<'a> Reading<'a> {
    fn new(
        core: &'a Core,
        trigger: &'a TriggerRow,
        scope: &'a Scope<'a>,
        cursor: &'a Value,
        whole: bool,
    ) -> Self {
        Self {
            core,
            trigger,
            scope,
            cursor,
            whole,
            seen: HashSet::new(),
            stale: 0,
            descending: true,
            read: Read::default(),
        }
    }

    async fn page(&self, place: &Value) -> Result<Page, StepError> {
        let ask = Ask {
            input: &self.scope.input,
            ports: &self.scope.ports,
            cursor: self.cursor,
            page: place,
        };
        guarded(self.scope.poll.page(&ask)).await
    }

    /// Takes what is new on a page; where to go on, if anything new can follow.
    async fn take(&mut self, page: Page) -> Result<Option<Value>, StepError> {
        self.read.pages += 1;
        self.read.not_before = self.read.not_before.max(page.not_before);
        if page.unchanged {
            self.read.cursor = page.cursor;
            self.read.is_whole = true;
            return Ok(None);
        }
        self.descending &= newest_first(&page.items);
        let new = self.unknown(page.items).await?;
        self.stale = if new.is_empty() { self.stale + 1 } else { 0 };
        self.read.new.extend(new);
        self.read.cursor = page.cursor;
        self.read.is_whole = page.next.is_none();
        Ok(page.next.filter(|_| !self.is_enough()))
    }

    fn is_enough(&self) -> bool {
        !self.whole && self.descending && self.stale >= 2 && self.read.pages >= SHORT
    }

    async fn unknown(&mut self, items: Vec<Item>) -> Result<Vec<Item>, StepError> {
        let fresh = items
            .into_iter()
            .filter(|item| self.seen.insert(item.key.clone()));
        let fresh: Vec<Item> = fresh.collect();
        let (id, keys) = (
            self.trigger.id,
            fresh.iter().map(|it| it.key.clone()).collect(),
        );
        let known = self.core.store.read(move |view| view.known(id, keys)).await;
        let known = known.map_err(|error| not_kept(error.into()))?;
        let both = fresh.into_iter().zip(known);
        Ok(both
            .filter(|(_, known)| !known)
            .map(|(item, _)| item)
            .collect())
    }

    fn broken_off(self, error: StepError) -> Read {
        Read {
            broke_off: Some(error),
            ..self.read
        }
    }
}

/// Whether the items say when they came to be, and never a later one after an earlier one.
fn newest_first(items: &[Item]) -> bool {
    items.iter().all(|item| item.occurred.is_some())
        && items.is_sorted_by(|one, next| one.occurred >= next.occurred)
}

fn too_long() -> StepError {
    let message = format!("The list has more than {PAGES} pages.");
    StepError::new(ErrorKind::TooLarge, message).hint(
        "Ask for a part of it, for example only for what was changed lately, or for longer pages.",
    )
}

fn not_kept(error: Error) -> StepError {
    StepError::new(ErrorKind::Unreachable, error.message)
}
