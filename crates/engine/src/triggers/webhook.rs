//! Webhooks: addresses that other programs call. Nothing here opens a port: whoever runs the engine
//! does ([`Handle::hook_wish`], [`Handle::hook_door`]) and hands every call to [`Handle::receive`];
//! so does the relay. A call is read, checked, made an event and only then answered.
//!
//! Reading order: [`call`] and [`verify`] (pure), [`receive`], [`reply`], [`address`].

mod address;
mod call;
mod receive;
mod reply;
mod verify;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use errand_model::{Map, Timestamp, TriggerId, Value, WorkflowId};
use errand_store::HookRow;
use tokio::sync::watch;

pub use self::{address::HookSettings, call::HookCall, receive::HookAnswer};
pub(crate) use self::{
    address::token,
    call::HookCall as Call,
    receive::{Verdict, receive},
};
use crate::{Error, Handle, core::Core};

/// How long switching on waits for the port.
const OPENING: Duration = Duration::from_secs(3);

/// Calls shown as samples.
const SAMPLES: u32 = 10;

/// What the one who opens the port should do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HookWish {
    /// Grows with every wish.
    pub number: u64,
    /// Whether any webhook is on.
    pub open: bool,
    /// Where.
    pub settings: HookSettings,
}

/// What became of a wish.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HookDoor {
    /// Which one.
    pub number: u64,
    /// Why the port isn't open, in one sentence.
    pub problem: Option<String>,
}

/// The webhooks that are on.
#[derive(Default)]
pub(crate) struct Hooks {
    known: RwLock<HashMap<[u8; 32], Arc<Hook>>>,
    wish: watch::Sender<HookWish>,
    door: watch::Sender<HookDoor>,
    patient: reply::Patient,
}

/// One that is on.
#[derive(Debug)]
pub struct Hook {
    /// Whose calls it takes.
    pub trigger: TriggerId,
    /// Whether pages in a browser may call.
    pub browsers: bool,
    workflow: WorkflowId,
    /// What the caller hears; None: at once that the call has arrived.
    reply: Option<Value>,
    /// The connection that calls are signed with.
    using: Option<String>,
}

impl Hooks {
    /// The webhook of that address, if it is on.
    pub(crate) fn find(&self, token: &str) -> Option<Arc<Hook>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&address::digest(token)).cloned()
    }

    fn of(&self, trigger: TriggerId) -> Option<Arc<Hook>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.values().find(|hook| hook.trigger == trigger).cloned()
    }

    fn put(&self, hooks: HashMap<[u8; 32], Arc<Hook>>) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = hooks;
    }

    /// Says what is wanted; gives its number.
    fn ask(&self, open: bool, settings: HookSettings) -> u64 {
        self.wish.send_if_modified(|wish| {
            let differs = (wish.open, wish.settings) != (open, settings);
            if differs {
                *wish = HookWish {
                    number: wish.number + 1,
                    open,
                    settings,
                };
            }
            differs
        });
        self.wish.borrow().number
    }

    /// Waits until the port is as wished; at once where nobody opens ports.
    async fn settle(&self, number: u64) {
        if self.wish.receiver_count() == 0 {
            return;
        }
        let mut door = self.door.subscribe();
        let settled = door.wait_for(|door| door.number >= number);
        tokio::time::timeout(OPENING, settled).await.ok();
    }
}

impl Handle {
    /// The webhook of that address, if it is on.
    pub fn hook(&self, token: &str) -> Option<Arc<Hook>> {
        self.core.hooks.find(token)
    }

    /// Takes a call: checked, durable, then answered.
    pub async fn receive(&self, call: HookCall) -> HookAnswer {
        let core = Arc::clone(&self.core);
        // On its own, so that a caller who hangs up can't stop it halfway.
        let answer = tokio::spawn(async move { receive::answer(&core, call).await });
        answer.await.unwrap_or_else(|_| HookAnswer::broken())
    }

    /// What came to a workflow's address lately, newest first; nothing where it has none.
    pub async fn last_calls(&self, id: WorkflowId) -> Result<Vec<Value>, Error> {
        let read = self.core.store.read(move |view| {
            for row in view.triggers_of(id)? {
                if view.hook(row.id)?.is_some() {
                    return view.payloads_of(row.id, SAMPLES);
                }
            }
            Ok(Vec::new())
        });
        Ok(read.await?)
    }

    /// What whoever runs the engine should open. From the first call on, switching on a webhook
    /// waits for the answer.
    pub fn hook_wish(&self) -> watch::Receiver<HookWish> {
        self.core.hooks.wish.subscribe()
    }

    /// What became of a wish.
    pub fn hook_door(&self, door: HookDoor) {
        self.core.hooks.door.send_replace(door);
        self.core.announce(crate::Happening::StatusChanged);
    }
}

/// Reads which webhooks are on, and waits until they can be called.
pub(crate) async fn refresh(core: &Core) -> Result<(), Error> {
    let read = core.store.read(|view| {
        let triggers = view.enabled_triggers()?.into_iter();
        let with_hooks = triggers.map(|row| {
            let hook = view.hook(row.id)?;
            let version = view.workflow(row.workflow)?.and_then(|it| it.version);
            Ok(hook.map(|hook| (row, hook, version)))
        });
        with_hooks.collect::<Result<Vec<_>, _>>()
    });
    let mut known = HashMap::new();
    for (row, hook, version) in read.await?.into_iter().flatten() {
        let version = version.unwrap_or_default();
        let document = core.documents.version(&core.store, row.workflow, version);
        let document = match document.await {
            Ok(document) => document,
            Err(error) => {
                tracing::error!(%error, "A webhook can't be switched on.");
                continue;
            }
        };
        let using = document.trigger.as_ref().and_then(|it| it.using.clone());
        let with = row.config.as_object();
        let hook_on = Hook {
            trigger: row.id,
            browsers: with.is_some_and(|with| with.get("browsers") == Some(&Value::Bool(true))),
            workflow: row.workflow,
            reply: with.and_then(reply_of),
            using,
        };
        known.insert(address::digest(&hook.token), Arc::new(hook_on));
    }
    let open = !known.is_empty();
    if open {
        address::port(core).await?;
    }
    core.hooks.put(known);
    let number = core.hooks.ask(open, address::load(core).await?);
    core.hooks.settle(number).await;
    Ok(())
}

fn reply_of(with: &Map) -> Option<Value> {
    let reply = with.get("reply")?;
    let at_once = match reply {
        Value::Null => true,
        Value::String(text) => matches!(text.trim(), "" | "now"),
        _ => false,
    };
    (!at_once).then(|| reply.clone())
}

/// What is wrong with a trigger's webhook, in one sentence; None also where it has none.
pub(crate) async fn problem(core: &Core, trigger: TriggerId) -> Result<Option<String>, Error> {
    let hook = core.store.read(move |view| view.hook(trigger)).await?;
    let Some(row) = hook else { return Ok(None) };
    let door = core.hooks.door.borrow().problem.clone();
    let unchecked = core
        .hooks
        .of(trigger)
        .and_then(|hook| receive::unchecked(core, &hook));
    Ok(door.or(unchecked).or_else(|| refusals(&row, core.now())))
}

/// "3 calls were refused because the signature is wrong, last at 14:03."
fn refusals(hook: &HookRow, now: Timestamp) -> Option<String> {
    let (why, at) = (hook.refusal.as_ref()?, hook.refused_at?);
    let calls = match hook.refused {
        0 => return None,
        1 => "1 call was".to_owned(),
        many => format!("{many} calls were"),
    };
    let zone = jiff::tz::TimeZone::system();
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone));
    let shown = match at.date() == now.date() {
        true => at.strftime("%H:%M"),
        false => at.strftime("%-d %B, %H:%M"),
    };
    Some(format!("{calls} refused because {why}, last at {shown}."))
}
