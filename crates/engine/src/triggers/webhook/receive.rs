//! From a call to an event: known address, right signature, room, commit, answer. Nothing is
//! acknowledged that isn't durable, and nothing is kept that isn't acknowledged.

use std::{sync::Arc, time::Duration};

use errand_model::{NewEvent, Value};
use serde_json::json;

use super::{
    Hook, Hooks,
    call::HookCall,
    reply,
    verify::{Profile, Refusal, Signing},
};
use crate::{Error, Happening, core::Core};

/// Unfinished events of one webhook; more are sent away until some are done.
const MOST_UNFINISHED: u32 = 10_000;

/// Whoever is sent away may come back after this long.
const LATER: Duration = Duration::from_secs(60);

/// Bodies longer than this are read on a thread that may take its time.
const LONG: usize = 64 * 1024;

/// An event can't be larger than this.
const LONGEST_EVENT: usize = 32 * 1024 * 1024;

/// What the caller hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookAnswer {
    /// The status.
    pub status: u16,
    /// When to come back, if at all.
    pub retry_after: Option<Duration>,
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// The rest.
    pub body: String,
}

impl HookAnswer {
    /// The answer to every address that isn't one. That of a workflow that is off is the same: the
    /// person doesn't want calls, and nobody learns that the address was right.
    pub fn unknown() -> Self {
        Self::text(404, "")
    }

    /// Our own fault.
    pub(super) fn broken() -> Self {
        Self::later(503, "This computer can't take it at the moment.", LATER)
    }

    /// Nothing is wrong.
    pub(super) fn ok() -> Self {
        Self::json(200, &json!({ "ok": true }))
    }

    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            retry_after: None,
            content_type: "application/json",
            body: value.to_string(),
        }
    }

    pub(super) fn text(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            retry_after: None,
            content_type: "text/plain; charset=utf-8",
            body: body.into(),
        }
    }

    /// In one sentence why the call wasn't taken.
    pub fn refusal(status: u16, sentence: &str) -> Self {
        Self::text(status, sentence)
    }

    /// Not now.
    pub fn later(status: u16, sentence: &str, after: Duration) -> Self {
        Self {
            retry_after: Some(after),
            ..Self::refusal(status, sentence)
        }
    }
}

/// A call that has become an event.
struct Taken {
    hook: Arc<Hook>,
    event: i64,
}

/// What became of a call that nobody waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is an event now.
    Accepted,
    /// It was one already, or only tried the address.
    Duplicate,
    /// Nobody wants it, and never will.
    Refused,
    /// It has to come again; why, in one sentence.
    Later(String),
}

/// Takes a call that nobody waits for.
pub(crate) async fn receive(core: &Core, call: HookCall) -> Verdict {
    match take(core, call).await {
        Ok(_) => Verdict::Accepted,
        Err(answer) if answer.status == 200 => Verdict::Duplicate,
        Err(answer) if answer.retry_after.is_some() => Verdict::Later(answer.body),
        Err(_) => Verdict::Refused,
    }
}

/// Takes a call and answers it as the person wishes.
pub(crate) async fn answer(core: &Core, call: HookCall) -> HookAnswer {
    let taken = match take(core, call).await {
        Ok(taken) => taken,
        Err(answer) => return answer,
    };
    match &taken.hook.reply {
        None => HookAnswer::ok(),
        Some(reply) => match core.hooks.patient.one_more() {
            Some(_place) => reply::of_run(core, taken.hook.workflow, taken.event, reply).await,
            None => reply::later(None),
        },
    }
}

/// The event, durable; or the answer where there is none to make.
async fn take(core: &Core, call: HookCall) -> Result<Taken, HookAnswer> {
    let hook = Hooks::is_token(&call.token)
        .then(|| core.hooks.find(&call.token))
        .flatten()
        .ok_or_else(HookAnswer::unknown)?;
    let signing = signing(core, &hook)?;
    if let Some(signing) = &signing
        && let Err(refusal) = signing.check(&call)
    {
        return Err(refuse(core, &hook, refusal).await);
    }
    has_room(core, &hook).await?;
    let profile = signing.map(|signing| signing.profile);
    let event = read(call, profile).await?;
    let event = commit(core, &hook, event).await?;
    Ok(Taken { hook, event })
}

/// What calls are checked against. Without the secret nothing is known about a call, so it has to
/// come again.
fn signing(core: &Core, hook: &Hook) -> Result<Option<Signing>, HookAnswer> {
    let Some(name) = &hook.using else {
        return Ok(None);
    };
    opened(core, name).map(Some).map_err(|_| {
        let sentence = "The signature can't be checked at the moment.";
        HookAnswer::later(503, sentence, LATER)
    })
}

fn opened(core: &Core, name: &str) -> Result<Signing, String> {
    let account = core.vault.account(name).map_err(|error| error.message)?;
    let signing = Signing::of(&account);
    signing.ok_or_else(|| format!("The connection “{name}” can't be used to check signatures."))
}

/// Why calls can't be checked at the moment, in one sentence.
pub(super) fn unchecked(core: &Core, hook: &Hook) -> Option<String> {
    let why = opened(core, hook.using.as_ref()?).err()?;
    Some(format!("Callers are asked to come again. {why}"))
}

/// Counts, so that the person sees it, and keeps nothing of the call.
async fn refuse(core: &Core, hook: &Hook, refusal: Refusal) -> HookAnswer {
    let (trigger, now, why) = (hook.trigger, core.now(), refusal.because());
    let counted = core
        .store
        .write(move |tx| tx.count_refusal(trigger, why, now))
        .await;
    if let Err(error) = counted {
        tracing::warn!(%error, "A refused call could not be counted.");
    }
    core.announce(Happening::WorkflowChanged(hook.workflow));
    HookAnswer::refusal(401, &format!("Refused because {why}."))
}

async fn has_room(core: &Core, hook: &Hook) -> Result<(), HookAnswer> {
    let (trigger, workflow) = (hook.trigger, hook.workflow);
    let unfinished = core
        .store
        .read(move |view| view.unfinished(trigger, workflow, MOST_UNFINISHED))
        .await
        .map_err(|error| trouble(&error))?;
    if unfinished < MOST_UNFINISHED {
        return Ok(());
    }
    let sentence = "Too many calls wait already.";
    Err(HookAnswer::later(503, sentence, LATER))
}

/// The event of a call; or the answer to one that only tries the address.
async fn read(call: HookCall, profile: Option<Profile>) -> Result<NewEvent, HookAnswer> {
    let is_long = call.body.len() > LONG;
    let read = move || {
        let payload = call.payload();
        if let Some(profile) = &profile
            && let Some(expected) = call.handshake(profile, &payload["body"])
        {
            return Err(HookAnswer::text(200, expected));
        }
        if is_long && payload.to_string().len() > LONGEST_EVENT {
            return Err(HookAnswer::refusal(413, "That is too much."));
        }
        Ok(NewEvent {
            same_as: call.same_as(profile.as_ref(), &payload["body"]),
            occurred: Some(call.arrived),
            payload,
            depth: 0,
        })
    };
    if !is_long {
        return read();
    }
    let read = tokio::task::spawn_blocking(read).await;
    read.unwrap_or_else(|_| Err(HookAnswer::refusal(400, "That can't be read.")))
}

/// Gives the event's number only after the disk has it.
async fn commit(core: &Core, hook: &Hook, event: NewEvent) -> Result<i64, HookAnswer> {
    let (trigger, workflow, now) = (hook.trigger, hook.workflow, core.now());
    errand_store::faults::hit("engine.hook_before_commit");
    let accepted = core.store.write(move |tx| {
        let accepted = tx.accept(Some(trigger), workflow, &[event], now)?;
        if !accepted.events.is_empty() {
            tx.note_trigger(trigger, None, now, Some(now))?;
        }
        tx.forget_refusals(trigger)?;
        Ok(accepted)
    });
    let accepted = accepted.await.map_err(|error| trouble(&error))?;
    errand_store::faults::hit("engine.hook_after_commit");
    core.inbox_grew.notify_one();
    // Heard before; once is enough.
    let event = accepted.events.first().ok_or_else(HookAnswer::ok)?;
    Ok(event.seq)
}

fn trouble(error: &errand_store::Error) -> HookAnswer {
    use errand_store::Error as Store;
    tracing::error!(%error, "A call could not be kept; the caller was told to come again.");
    match error {
        Store::DiskFull | Store::Disk { .. } | Store::Damaged { .. } | Store::Folder { .. } => {
            HookAnswer::later(507, "This computer can't store it at the moment.", LATER)
        }
        _ => HookAnswer::broken(),
    }
}

impl From<Error> for HookAnswer {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "A call could not be taken.");
        Self::broken()
    }
}
