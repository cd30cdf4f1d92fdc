//! Shapes made for screens and for the command line's `--json`.

use errand_model::{
    ConnectionId, ConnectionState, Effect, Map, Outcome, RunId, RunState, StepError, StepState,
    Timestamp, Value, Workflow, WorkflowId, Would,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How the engine is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EngineStatus {
    /// The engine's version.
    pub version: String,
    /// Process id.
    pub pid: u32,
    /// Whether everything is paused.
    pub paused: bool,
    /// Workflows switched on.
    pub enabled: u32,
    /// Runs and events that need a person.
    pub attention: u32,
    /// Runs queued, going on or waiting.
    pub live: u32,
    /// Where the data is.
    pub data_folder: String,
    /// The person's home folder, which `~` stands for.
    pub home: String,
}

/// The person's settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Start the engine when the person logs in.
    pub start_at_login: bool,
    /// `system`, `light` or `dark`.
    pub theme: Theme,
    /// Where webhooks are called.
    pub hooks: HookSettings,
}

/// Where webhooks are called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct HookSettings {
    /// Chosen when the first webhook is made, and the same ever since; saving none keeps it.
    pub port: Option<u16>,
    /// Whether other computers of the local network may call, too.
    pub local_network: bool,
}

/// Which colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// What pasted text says about a step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Pasted {
    /// The step's fields.
    #[ts(type = "Record<string, unknown>")]
    pub with: Map,
    /// The connection type (of the action's connector) that is needed besides, where the text held
    /// a secret: those never stand in a document.
    pub connection: Option<String>,
    /// What the person should know, in sentences.
    pub notes: Vec<String>,
}

/// One thing that `doctor` looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// What was checked, in one sentence.
    pub check: String,
    /// Whether it holds.
    pub ok: bool,
    /// Whether its failure breaks an invariant (and not just a convenience).
    pub invariant: bool,
    /// What was found.
    pub detail: String,
}

/// A starter workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateCard {
    /// File name without ending.
    pub id: String,
    /// The document, `template` included.
    pub document: Workflow,
}

/// A folder's folders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FolderListing {
    /// This folder, starting with `~`.
    pub path: String,
    /// The one above, unless this is home.
    pub parent: Option<String>,
    /// Names of the folders in it.
    pub folders: Vec<String>,
}

/// What stands in the way of publishing, at a place in the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// Path such as `steps.file_it.with.to` or `trigger.with.folder`.
    pub place: String,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Line and column in the text, where there is one.
    pub position: Option<(u32, u32)>,
}

/// A row of the home screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkflowSummary {
    /// Which.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Switched on.
    pub enabled: bool,
    /// Published version, if any.
    pub version: Option<i64>,
    /// The published document, or the draft if there is none; screens make its sentence.
    pub document: Workflow,
    /// Whether the draft differs from the published version.
    pub has_changes: bool,
    /// Runs of the last fourteen days, oldest first.
    pub days: Vec<DayCount>,
    /// The latest run.
    pub last_run: Option<RunSummary>,
    /// Runs that need a person.
    pub attention: u32,
    /// Runs queued, going on or waiting.
    pub live: u32,
    /// What the trigger is doing, if switched on.
    pub trigger: Option<TriggerHealth>,
}

/// Runs of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayCount {
    /// Ended well.
    pub ok: u32,
    /// Failed or needing attention.
    pub bad: u32,
}

/// What a trigger is doing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TriggerHealth {
    /// Whether it is listening.
    pub ok: bool,
    /// One sentence if it isn't: "The folder ~/Downloads isn't there."
    pub problem: Option<String>,
    /// When it last looked.
    #[ts(type = "string | null")]
    pub checked: Option<Timestamp>,
    /// When it last found something.
    #[ts(type = "string | null")]
    pub found: Option<Timestamp>,
}

/// Everything the builder needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkflowDetail {
    /// Which.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Switched on.
    pub enabled: bool,
    /// Published version, if any.
    pub version: Option<i64>,
    /// The draft.
    pub draft: Workflow,
    /// How often the draft was changed; what a save is based on.
    pub revision: i64,
    /// The published document.
    pub published: Option<Workflow>,
    /// What stands in the way of publishing.
    pub problems: Vec<Problem>,
    /// Whether the draft differs from the published version.
    pub has_changes: bool,
    /// What the trigger is doing, if switched on.
    pub trigger: Option<TriggerHealth>,
    /// The address to call, if a webhook starts it. Lasts as long as the workflow.
    pub hook_url: Option<String>,
    /// The same through the relay, for senders on the internet; none without a relay.
    pub relay_url: Option<String>,
}

/// What a real answer of a source holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PollFound {
    /// The answer.
    #[ts(type = "unknown")]
    pub sample: Value,
    /// The lists in it, the likeliest first.
    pub lists: Vec<PollList>,
}

/// A list within an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PollList {
    /// Where it stands; empty: the answer itself is the list.
    pub path: String,
    /// How many items it has.
    pub count: u32,
    /// The fields that tell its items apart, the likeliest first.
    pub keys: Vec<String>,
    /// The fields that hold times, the likeliest first.
    pub newest: Vec<String>,
}

/// Whether a relay is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RelayStatus {
    /// The one in use.
    pub relay: Option<Relay>,
}

/// A relay and how it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Relay {
    /// Where it is.
    pub address: String,
    /// Whether messages arrive at once.
    pub connected: bool,
    /// Why not.
    pub problem: Option<String>,
    /// Messages since the start that were damaged or forged, or that no workflow took.
    pub refused: u32,
    /// Messages that the relay let go before they were fetched.
    pub lost: u32,
}

/// After keeping a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DraftSaved {
    /// The draft's revision now.
    pub revision: i64,
    /// What stands in the way of publishing.
    pub problems: Vec<Problem>,
    /// Whether the draft differs from the published version.
    pub has_changes: bool,
}

/// After importing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Imported {
    /// The new workflow.
    pub id: WorkflowId,
    /// Addresses of its webhooks.
    pub hook_urls: Vec<String>,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RunSummary {
    /// Which.
    pub id: RunId,
    /// Its workflow.
    pub workflow: WorkflowId,
    /// The workflow's name.
    pub workflow_name: String,
    /// The pinned version.
    pub version: i64,
    /// Where it stands.
    pub state: RunState,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why it waits, needs attention or ended.
    pub reason: Option<String>,
    /// What it is about, in a few words: a file's name.
    pub subject: String,
    /// When it was made.
    #[ts(type = "string")]
    pub created: Timestamp,
    /// When its first step began.
    #[ts(type = "string | null")]
    pub started: Option<Timestamp>,
    /// When it ended.
    #[ts(type = "string | null")]
    pub ended: Option<Timestamp>,
    /// When it goes on by itself.
    #[ts(type = "string | null")]
    pub wake_at: Option<Timestamp>,
}

/// A run with its event and steps; the JSON of `errand runs show`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RunDetail {
    /// The run.
    #[serde(flatten)]
    pub run: RunSummary,
    /// The event's payload.
    #[ts(type = "Record<string, unknown>")]
    pub event: Map,
    /// The document it runs.
    pub document: Workflow,
    /// Its steps, in order; those not reached are left out.
    pub steps: Vec<StepView>,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StepView {
    /// Place in the run.
    pub path: String,
    /// Where it stands.
    pub state: StepState,
    /// What repeating it would mean.
    pub effect: Effect,
    /// Tries, oldest first.
    pub attempts: Vec<AttemptView>,
    /// Rendered input.
    #[ts(type = "unknown")]
    pub input: Value,
    /// Result; in a preview the expected one.
    #[ts(type = "unknown")]
    pub output: Value,
    /// Latest failure.
    pub error: Option<StepError>,
    /// In a preview: what it would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub would: Option<Would>,
    /// First try.
    #[ts(type = "string | null")]
    pub started: Option<Timestamp>,
    /// End.
    #[ts(type = "string | null")]
    pub ended: Option<Timestamp>,
    /// When it is tried again.
    #[ts(type = "string | null")]
    pub wake_at: Option<Timestamp>,
}

/// One try of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AttemptView {
    /// 1 for the first.
    pub number: u32,
    /// When it began.
    #[ts(type = "string")]
    pub started: Timestamp,
    /// When it ended; null while under way or interrupted.
    #[ts(type = "string | null")]
    pub ended: Option<Timestamp>,
    /// What went wrong.
    pub error: Option<StepError>,
}

/// A connection, without its secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConnectionSummary {
    /// Which.
    pub id: ConnectionId,
    /// What the person calls it; documents name it so.
    pub name: String,
    /// The connector it belongs to.
    pub connector: String,
    /// Which of the connector's kinds of connections.
    pub kind: String,
    /// What was filled in, without the secrets.
    #[ts(type = "Record<string, unknown>")]
    pub fields: Map,
    /// Whether it works.
    pub state: ConnectionState,
    /// Why it doesn't, in one sentence.
    pub problem: Option<String>,
    /// When it was last tried.
    #[ts(type = "string | null")]
    pub checked: Option<Timestamp>,
    /// Workflows that name it.
    pub used_by: Vec<ConnectionUser>,
    /// Runs that wait for it to be mended.
    pub waiting: u32,
}

/// A workflow that names a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectionUser {
    /// Which.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Whether it is switched on.
    pub enabled: bool,
}

/// What came of trying a connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConnectionTested {
    /// Whether the other side accepted it; null where that can't be told.
    pub works: Option<bool>,
    /// What happened, in one sentence.
    pub sentence: String,
    /// What to do.
    pub hint: Option<String>,
    /// The connection as it is now.
    pub connection: ConnectionSummary,
}

/// How the vault of secrets is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VaultStatus {
    /// Where the key to the secrets is; null until the first secret is kept.
    pub kept: Option<KeyKept>,
    /// Why secrets can't be opened, in one sentence; null if they can.
    pub problem: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether a pass phrase must be given before a secret can be kept or opened. While `kept` is
    /// null, it is a new one.
    pub wants_pass_phrase: bool,
}

/// Where the key to the secrets is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyKept {
    /// In the desktop's keyring.
    Keyring,
    /// In a file of the data folder, behind a pass phrase.
    File,
}

/// A time at which a schedule will be due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Upcoming {
    /// When.
    #[ts(type = "string")]
    pub due: Timestamp,
    /// As clocks there will show it, with the zone: "Wed 25 Nov 2026, 08:30 CET".
    pub at: String,
    /// What a change of the clocks does to it, in one sentence.
    pub note: Option<String>,
}

/// What happened to a schedule while the person was away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Away {
    /// When it was noticed.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// The workflow.
    pub workflow: WorkflowId,
    /// Its name.
    pub workflow_name: String,
    /// The first time that was missed, if any.
    #[ts(type = "string | null")]
    pub from: Option<Timestamp>,
    /// The last one.
    #[ts(type = "string | null")]
    pub to: Option<Timestamp>,
    /// How many times were missed.
    pub slots: u32,
    /// For how many of them a run made up.
    pub made_up: u32,
    /// All of it, in sentences.
    pub sentence: String,
}
