// Made from the Rust types by `cargo xtask bindings`. Change those instead.

/**
 * Something a step can do.
 */
export type ActionInfo = { 
/**
 * `connector.action`.
 */
id: string, 
/**
 * Short name: "Move a file".
 */
name: string, 
/**
 * Sentence with fields in braces: "Move {file} to {to}".
 */
sentence: string, 
/**
 * One sentence of help.
 */
about: string, 
/**
 * What repeating it would mean.
 */
effect: Effect, 
/**
 * Whether it sends something to other people or costs money.
 */
reaches_people: boolean, 
/**
 * What can be pasted to fill it in, such as "a cURL command"; empty: nothing.
 */
pastes: string, 
/**
 * The connection it can use.
 */
using: Using | null, 
/**
 * What the person fills in.
 */
fields: Array<Field>, 
/**
 * What later steps can reference.
 */
gives: Array<Output>, 
/**
 * An example of a result.
 */
sample: Record<string, unknown>, };

/**
 * Reads pasted text, such as a cURL command, into a step's fields.
 */
export type ActionPaste = { 
/**
 * The action, such as `http.request`.
 */
action: string, 
/**
 * What was pasted.
 */
text: string, };

/**
 * Something changed.
 */
export type AppEvent = { "type": "workflow_changed", 
/**
 * Which.
 */
id: WorkflowId, } | { "type": "run_changed", 
/**
 * Which.
 */
id: RunId, 
/**
 * Of which workflow.
 */
workflow: WorkflowId, } | { "type": "status_changed" } | { "type": "lagged" } | { "type": "engine_quitting" } | { "type": "engine_stopped" } | { "type": "engine_started" };

/**
 * A question to a person.
 */
export type Ask = { 
/**
 * What is asked.
 */
question: string, 
/**
 * The answers to choose from.
 */
answers: Array<string>, 
/**
 * Values the person may change.
 */
fields?: Record<string, unknown>, 
/**
 * Who is asked.
 */
who?: string | null, 
/**
 * How long the question stands.
 */
expires?: string | null, 
/**
 * What then: one of the answers, or `attention`.
 */
then?: string | null, };

/**
 * One try of a step.
 */
export type AttemptView = { 
/**
 * 1 for the first.
 */
number: number, 
/**
 * When it began.
 */
started: string, 
/**
 * When it ended; null while under way or interrupted.
 */
ended: string | null, 
/**
 * What went wrong.
 */
error: StepError | null, };

/**
 * What happened to a schedule while the person was away.
 */
export type Away = { 
/**
 * When it was noticed.
 */
at: string, 
/**
 * The workflow.
 */
workflow: WorkflowId, 
/**
 * Its name.
 */
workflow_name: string, 
/**
 * The first time that was missed, if any.
 */
from: string | null, 
/**
 * The last one.
 */
to: string | null, 
/**
 * How many times were missed.
 */
slots: number, 
/**
 * For how many of them a run made up.
 */
made_up: number, 
/**
 * All of it, in sentences.
 */
sentence: string, };

/**
 * What happened to schedules while the person was away, newest first.
 */
export type AwayList = { 
/**
 * At most this many (50 if not given).
 */
limit?: number, };

/**
 * Another workflow to run.
 */
export type Call = { 
/**
 * Its name or id.
 */
workflow: string, 
/**
 * Its inputs.
 */
with?: Record<string, unknown>, };

/**
 * One choice of a `choice` field.
 */
export type Choice = { 
/**
 * What stands in the document.
 */
value: string, 
/**
 * What people read.
 */
label: string, };

/**
 * The person says that the computer's clock is right; schedules that wait for it go on.
 */
export type ClockConfirm = Record<symbol, never>;

/**
 * When a step or path applies.
 */
export type Condition = string | Group;

/**
 * A new connection.
 */
export type ConnectionAdd = { 
/**
 * The connector it belongs to.
 */
connector: string, 
/**
 * Which of the connector's kinds of connections.
 */
kind: string, 
/**
 * What it shall be called; documents name it so.
 */
name: string, 
/**
 * What is no secret.
 */
fields: Record<string, unknown>, 
/**
 * The secrets by field.
 */
secrets: Record<string, string>, };

/**
 * One person's account at an app.
 */
export type ConnectionId = string;

/**
 * Removes a connection and wipes its secrets.
 */
export type ConnectionRemove = { 
/**
 * Which.
 */
id: ConnectionId, 
/**
 * Also if a workflow that is switched on uses it; its runs then wait.
 */
force?: boolean, };

/**
 * Other fields or secrets for a connection. What waited for it goes on.
 */
export type ConnectionReplace = { 
/**
 * Which.
 */
id: ConnectionId, 
/**
 * What it shall be called; one in use keeps its name.
 */
name: string, 
/**
 * All that is no secret.
 */
fields: Record<string, unknown>, 
/**
 * New secrets by field; those left out stay.
 */
secrets: Record<string, string>, };

/**
 * Whether a connection works, as far as is known.
 */
export type ConnectionState = "untested" | "works" | "broken";

/**
 * A connection, without its secrets.
 */
export type ConnectionSummary = { 
/**
 * Which.
 */
id: ConnectionId, 
/**
 * What the person calls it; documents name it so.
 */
name: string, 
/**
 * The connector it belongs to.
 */
connector: string, 
/**
 * Which of the connector's kinds of connections.
 */
kind: string, 
/**
 * What was filled in, without the secrets.
 */
fields: Record<string, unknown>, 
/**
 * Whether it works.
 */
state: ConnectionState, 
/**
 * Why it doesn't, in one sentence.
 */
problem: string | null, 
/**
 * When it was last tried.
 */
checked: string | null, 
/**
 * Workflows that name it.
 */
used_by: Array<ConnectionUser>, 
/**
 * Runs that wait for it to be mended.
 */
waiting: number, };

/**
 * Asks the other side whether it accepts a connection.
 */
export type ConnectionTest = { 
/**
 * Which.
 */
id: ConnectionId, };

/**
 * What came of trying a connection.
 */
export type ConnectionTested = { 
/**
 * Whether the other side accepted it; null where that can't be told.
 */
works: boolean | null, 
/**
 * What happened, in one sentence.
 */
sentence: string, 
/**
 * What to do.
 */
hint: string | null, 
/**
 * The connection as it is now.
 */
connection: ConnectionSummary, };

/**
 * One kind of account at an app.
 */
export type ConnectionType = { 
/**
 * Its key, such as `bearer`.
 */
id: string, 
/**
 * What people call it: "Bearer token".
 */
name: string, 
/**
 * One sentence: where to find what is asked for.
 */
about: string, 
/**
 * What the person fills in; those of kind `secret` are kept sealed.
 */
fields: Array<Field>, };

/**
 * A workflow that names a connection.
 */
export type ConnectionUser = { 
/**
 * Which.
 */
id: WorkflowId, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it is switched on.
 */
enabled: boolean, };

/**
 * All connections.
 */
export type ConnectionsList = Record<symbol, never>;

/**
 * An app or a part of the computer.
 */
export type ConnectorInfo = { 
/**
 * Permanent: documents name it.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * One sentence.
 */
about: string, 
/**
 * Colour of its tile, `#rrggbb`.
 */
color: string, 
/**
 * Name of a line icon of the screens' icon set (lucide), such as `folder`.
 */
icon: string, 
/**
 * The kinds of account a person can have there; empty: none is needed.
 */
connections: Array<ConnectionType>, 
/**
 * What can start a workflow.
 */
triggers: Array<TriggerInfo>, 
/**
 * What a step can do.
 */
actions: Array<ActionInfo>, };

/**
 * What apps can do.
 */
export type ConnectorsList = Record<symbol, never>;

/**
 * Runs of one day.
 */
export type DayCount = { 
/**
 * Ended well.
 */
ok: number, 
/**
 * Failed or needing attention.
 */
bad: number, };

/**
 * Checks every invariant.
 */
export type Doctor = Record<symbol, never>;

/**
 * Runs a document that isn't to stand in the list of workflows, once and now. Counts as consent.
 */
export type DocumentRun = { 
/**
 * The document, which must be complete.
 */
document: Workflow, 
/**
 * The event's payload.
 */
event: Record<string, unknown>, };

/**
 * After keeping a draft.
 */
export type DraftSaved = { 
/**
 * The draft's revision now.
 */
revision: number, 
/**
 * What stands in the way of publishing.
 */
problems: Array<Problem>, 
/**
 * Whether the draft differs from the published version.
 */
has_changes: boolean, };

/**
 * What repeating an action would mean.
 */
export type Effect = "pure" | "read" | "idempotent" | "keyed" | "verifiable" | "unsafe";

/**
 * Pauses everything (no new runs; events are kept) or goes on.
 */
export type EnginePause = { 
/**
 * Whether to pause.
 */
paused: boolean, };

/**
 * Ends the engine after calls in flight.
 */
export type EngineQuit = Record<symbol, never>;

/**
 * How the engine is.
 */
export type EngineStatus = { 
/**
 * The engine's version.
 */
version: string, 
/**
 * Process id.
 */
pid: number, 
/**
 * Whether everything is paused.
 */
paused: boolean, 
/**
 * Workflows switched on.
 */
enabled: number, 
/**
 * Runs and events that need a person.
 */
attention: number, 
/**
 * Runs queued, going on or waiting.
 */
live: number, 
/**
 * Where the data is.
 */
data_folder: string, 
/**
 * The person's home folder, which `~` stands for.
 */
home: string, };

/**
 * How the engine is.
 */
export type EngineStatusGet = Record<symbol, never>;

/**
 * A row or a nested group.
 */
export type Entry = Row | Group;

/**
 * Why a step didn't succeed.
 */
export type ErrorKind = "reconnect" | "rate_limited" | "unreachable" | "rejected" | "not_found" | "bad_input" | "conflict" | "too_large" | "cancelled" | "bug";

/**
 * What should come of a sample.
 */
export type Expect = { 
/**
 * How the run should end.
 */
outcome: Outcome, };

/**
 * A command that couldn't be carried out.
 */
export type Failure = { 
/**
 * What kind.
 */
kind: FailureKind, 
/**
 * One sentence.
 */
message: string, 
/**
 * What to do.
 */
hint: string | null, };

/**
 * What kind of failure; each is something a caller reacts to differently.
 */
export type FailureKind = "bad_input" | "not_found" | "conflict" | "engine_gone" | "bug";

/**
 * One thing to fill in.
 */
export type Field = { 
/**
 * Its key in `with`.
 */
id: string, 
/**
 * What people read.
 */
label: string, 
/**
 * One sentence of help; may be empty.
 */
help: string, 
/**
 * Which component shows it, and how its value is checked.
 */
kind: FieldKind, 
/**
 * Whether it must be filled in; an empty value stops the step.
 */
required: boolean, 
/**
 * Used when nothing is filled in.
 */
default: unknown, 
/**
 * Shown greyed in an empty box.
 */
example: string, 
/**
 * The choices, for `choice`.
 */
choices: Array<Choice>, 
/**
 * A reference that usually fits, put in when the step is added: `trigger.path`. Only used
 * where the trigger gives it.
 */
suggest: string, 
/**
 * Hidden behind "More options".
 */
advanced: boolean, };

/**
 * The kinds of fields; each has its component in the screens.
 */
export type FieldKind = "text" | "long_text" | "number" | "yes_no" | "choice" | "folder" | "file" | "destination" | "patterns" | "record" | "inputs" | "duration" | "time" | "days" | "cron" | "time_zone" | "url" | "json" | "list" | "item_path" | "paging" | "secret";

/**
 * One thing that `doctor` looked at.
 */
export type Finding = { 
/**
 * What was checked, in one sentence.
 */
check: string, 
/**
 * Whether it holds.
 */
ok: boolean, 
/**
 * Whether its failure breaks an invariant (and not just a convenience).
 */
invariant: boolean, 
/**
 * What was found.
 */
detail: string, };

/**
 * A folder's folders.
 */
export type FolderListing = { 
/**
 * This folder, starting with `~`.
 */
path: string, 
/**
 * The one above, unless this is home.
 */
parent: string | null, 
/**
 * Names of the folders in it.
 */
folders: Array<string>, };

/**
 * Folder names in a folder below home, for the browser's folder picker.
 */
export type FoldersList = { 
/**
 * `~` or a path below it.
 */
path?: string, };

/**
 * Rows that must all, or of which any must, hold. Exactly one of the two is given.
 */
export type Group = { 
/**
 * Every entry must hold.
 */
all?: Array<Entry> | null, 
/**
 * One entry is enough.
 */
any?: Array<Entry> | null, };

/**
 * Where webhooks are called.
 */
export type HookSettings = { 
/**
 * Chosen when the first webhook is made, and the same ever since; saving none keeps it.
 */
port: number | null, 
/**
 * Whether other computers of the local network may call, too.
 */
local_network: boolean, };

/**
 * After importing.
 */
export type Imported = { 
/**
 * The new workflow.
 */
id: WorkflowId, 
/**
 * Addresses of its webhooks.
 */
hook_urls: Array<string>, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/**
 * Where the key to the secrets is.
 */
export type KeyKept = "keyring" | "file";

/**
 * What happens to missed times.
 */
export type Missed = "run_once" | "run_each" | "skip";

/**
 * Which runs may go on at the same time.
 */
export type Mode = "parallel" | "one_at_a_time" | "per_key" | "newest_only" | "drop_while_busy";

/**
 * What a failing step means.
 */
export type OnError = OnErrorWord | OnErrorSteps;

/**
 * `on_error` as steps.
 */
export type OnErrorSteps = { 
/**
 * What to do instead.
 */
steps: Array<Step>, };

/**
 * `on_error` as one word.
 */
export type OnErrorWord = "attention" | "continue" | "stop";

/**
 * What a failing item of a loop means.
 */
export type OnItemError = "attention" | "stop" | "continue";

/**
 * How two sides are compared.
 */
export type Operator = "equal to" | "not equal to" | "contains" | "does not contain" | "starts with" | "ends with" | "matches" | "is one of" | "is empty" | "is not empty" | "greater than" | "at least" | "less than" | "at most" | "before" | "after" | "is true" | "is false";

/**
 * How a run ended.
 */
export type Outcome = "ok" | "ok_with_skips" | "filtered" | "failed" | "cancelled";

/**
 * One value that later steps can reference.
 */
export type Output = { 
/**
 * Its key.
 */
id: string, 
/**
 * What people read.
 */
label: string, 
/**
 * What kind of value.
 */
kind: ValueKind, };

/**
 * What pasted text says about a step.
 */
export type Pasted = { 
/**
 * The step's fields.
 */
with: Record<string, unknown>, 
/**
 * The connection type (of the action's connector) that is needed besides, where the text held
 * a secret: those never stand in a document.
 */
connection: string | null, 
/**
 * What the person should know, in sentences.
 */
notes: Array<string>, };

/**
 * One path of `choose`.
 */
export type Path = { 
/**
 * What it is called.
 */
name: string, 
/**
 * When it is taken.
 */
when: Condition, 
/**
 * What it does.
 */
steps: Array<Step>, };

/**
 * What a real answer of a source holds.
 */
export type PollFound = { 
/**
 * The answer.
 */
sample: unknown, 
/**
 * The lists in it, the likeliest first.
 */
lists: Array<PollList>, };

/**
 * A list within an answer.
 */
export type PollList = { 
/**
 * Where it stands; empty: the answer itself is the list.
 */
path: string, 
/**
 * How many items it has.
 */
count: number, 
/**
 * The fields that tell its items apart, the likeliest first.
 */
keys: Array<string>, 
/**
 * The fields that hold times, the likeliest first.
 */
newest: Array<string>, };

/**
 * Asks the source of a document's trigger once, to find the lists in its answer. Only reads.
 */
export type PollLook = { 
/**
 * The draft; the fields that say where the list is may still be empty.
 */
document: Workflow, };

/**
 * What stands in the way of publishing, at a place in the document.
 */
export type Problem = { 
/**
 * Path such as `steps.file_it.with.to` or `trigger.with.folder`.
 */
place: string, 
/**
 * One sentence.
 */
message: string, 
/**
 * What to do.
 */
hint: string | null, 
/**
 * Line and column in the text, where there is one.
 */
position: [number, number] | null, };

/**
 * A relay and how it is.
 */
export type Relay = { 
/**
 * Where it is.
 */
address: string, 
/**
 * Whether messages arrive at once.
 */
connected: boolean, 
/**
 * Why not.
 */
problem: string | null, 
/**
 * Messages since the start that were damaged or forged, or that no workflow took.
 */
refused: number, 
/**
 * Messages that the relay let go before they were fetched.
 */
lost: number, };

/**
 * Uses a relay, in place of the one before.
 */
export type RelayJoin = { 
/**
 * `https://relay.example.com`.
 */
address: string, 
/**
 * What whoever runs the relay gave out.
 */
invitation: Secret, };

/**
 * Uses no relay any more. What waits there is lost.
 */
export type RelayLeave = Record<symbol, never>;

/**
 * Whether a relay is used.
 */
export type RelayStatus = { 
/**
 * The one in use.
 */
relay: Relay | null, };

/**
 * The relay in use and how it is.
 */
export type RelayStatusGet = Record<symbol, never>;

/**
 * A person's answer to a step whose outcome is unknown or that failed.
 */
export type Resolution = "done" | "again" | "skip";

/**
 * How often and how long to try.
 */
export type Retry = { 
/**
 * Tries in all.
 */
tries?: number | null, 
/**
 * Time in all, such as `24h`.
 */
within?: string | null, };

/**
 * One comparison.
 */
export type Row = { 
/**
 * Left side, usually a reference.
 */
left: unknown, 
/**
 * How to compare.
 */
is: Operator, 
/**
 * Right side; not used by `is empty` and the like.
 */
right?: unknown, 
/**
 * Text compares with regard to case.
 */
match_case?: boolean, };

/**
 * Ends a run.
 */
export type RunCancel = { 
/**
 * Which.
 */
id: RunId, };

/**
 * A run with its event and steps; the JSON of `errand runs show`.
 */
export type RunDetail = { 
/**
 * The event's payload.
 */
event: Record<string, unknown>, 
/**
 * The document it runs.
 */
document: Workflow, 
/**
 * Its steps, in order; those not reached are left out.
 */
steps: Array<StepView>, 
/**
 * Which.
 */
id: RunId, 
/**
 * Its workflow.
 */
workflow: WorkflowId, 
/**
 * The workflow's name.
 */
workflow_name: string, 
/**
 * The pinned version.
 */
version: number, 
/**
 * Where it stands.
 */
state: RunState, 
/**
 * How it ended.
 */
outcome: Outcome | null, 
/**
 * Why it waits, needs attention or ended.
 */
reason: string | null, 
/**
 * What it is about, in a few words: a file's name.
 */
subject: string, 
/**
 * When it was made.
 */
created: string, 
/**
 * When its first step began.
 */
started: string | null, 
/**
 * When it ended.
 */
ended: string | null, 
/**
 * When it goes on by itself.
 */
wake_at: string | null, };

/**
 * One run with its steps.
 */
export type RunGet = { 
/**
 * Which.
 */
id: RunId, };

/**
 * One execution of one version for one event.
 */
export type RunId = string;

/**
 * A person's answer for a step that is unknown or failed.
 */
export type RunResolve = { 
/**
 * Which run.
 */
id: RunId, 
/**
 * The step's path.
 */
path: string, 
/**
 * The answer.
 */
answer: Resolution, };

/**
 * Tries a failed run again, from the failed step or from the start.
 */
export type RunRetry = { 
/**
 * Which.
 */
id: RunId, 
/**
 * From the start: a new run for the same event, which may repeat what was done.
 */
from_start: boolean, };

/**
 * Where a run stands.
 */
export type RunState = "queued" | "running" | "waiting" | "attention" | "done";

/**
 * A run in a list.
 */
export type RunSummary = { 
/**
 * Which.
 */
id: RunId, 
/**
 * Its workflow.
 */
workflow: WorkflowId, 
/**
 * The workflow's name.
 */
workflow_name: string, 
/**
 * The pinned version.
 */
version: number, 
/**
 * Where it stands.
 */
state: RunState, 
/**
 * How it ended.
 */
outcome: Outcome | null, 
/**
 * Why it waits, needs attention or ended.
 */
reason: string | null, 
/**
 * What it is about, in a few words: a file's name.
 */
subject: string, 
/**
 * When it was made.
 */
created: string, 
/**
 * When its first step began.
 */
started: string | null, 
/**
 * When it ended.
 */
ended: string | null, 
/**
 * When it goes on by itself.
 */
wake_at: string | null, };

/**
 * Runs, newest first.
 */
export type RunsList = { 
/**
 * Only of this workflow.
 */
workflow?: WorkflowId, 
/**
 * Only in this state.
 */
state?: RunState, 
/**
 * At most this many (200 if not given).
 */
limit?: number, 
/**
 * Only those older than this run.
 */
before?: RunId, };

/**
 * An event with what should come of it.
 */
export type Sample = { 
/**
 * The event's payload.
 */
event: Record<string, unknown>, 
/**
 * Results to use instead of asking the connectors, by step id.
 */
results?: Record<string, unknown>, 
/**
 * What should come of it.
 */
expect?: Expect | null, };

/**
 * Text that no log and no message shows.
 */
export type Secret = string;

/**
 * The person's settings.
 */
export type Settings = { 
/**
 * Start the engine when the person logs in.
 */
start_at_login: boolean, 
/**
 * `system`, `light` or `dark`.
 */
theme: Theme, 
/**
 * Where webhooks are called.
 */
hooks: HookSettings, };

/**
 * The person's settings.
 */
export type SettingsGet = Record<symbol, never>;

/**
 * Keeps the settings.
 */
export type SettingsSave = { 
/**
 * All of them.
 */
settings: Settings, };

/**
 * One box.
 */
export type Step = { 
/**
 * Unique in the document.
 */
id: string, name?: string, note?: string, disabled?: boolean, on_error?: OnError, retry?: Retry, do?: string, with?: Record<string, unknown>, using?: string, only_if?: Condition, choose?: Array<Path>, otherwise?: Array<Step>, every_match?: boolean, for_each?: unknown, as?: string, key?: string, at_once?: number, on_item_error?: OnItemError, steps?: Array<Step>, wait?: string, wait_until?: string, wait_for?: WaitFor, ask?: Ask, set?: Record<string, unknown>, call?: Call, stop?: Stop, };

/**
 * A classified failure of one try of one step.
 */
export type StepError = { 
/**
 * What kind of failure, which decides retry and button.
 */
kind: ErrorKind, 
/**
 * One sentence: what happened, naming the file, field or service.
 */
message: string, 
/**
 * What the person can do about it.
 */
hint?: string | null, 
/**
 * The field of the step that is to blame, by its id.
 */
field?: string | null, 
/**
 * True when the effect may have happened although no answer came.
 */
may_have_happened: boolean, 
/**
 * Not before this time, where the service said so.
 */
not_before?: string | null, 
/**
 * What has to come back first; then this try doesn't count. Proves that nothing was done.
 */
waits_for?: WaitsFor | null, };

/**
 * Where one step of a run stands.
 */
export type StepState = "ready" | "started" | "sending" | "verifying" | "retry_wait" | "unknown" | "succeeded" | "failed" | "skipped" | "cancelled";

/**
 * One step of a run.
 */
export type StepView = { 
/**
 * Place in the run.
 */
path: string, 
/**
 * Where it stands.
 */
state: StepState, 
/**
 * What repeating it would mean.
 */
effect: Effect, 
/**
 * Tries, oldest first.
 */
attempts: Array<AttemptView>, 
/**
 * Rendered input.
 */
input: unknown, 
/**
 * Result; in a preview the expected one.
 */
output: unknown, 
/**
 * Latest failure.
 */
error: StepError | null, 
/**
 * In a preview: what it would do.
 */
would?: Would, 
/**
 * First try.
 */
started: string | null, 
/**
 * End.
 */
ended: string | null, 
/**
 * When it is tried again.
 */
wake_at: string | null, };

/**
 * Ends the run.
 */
export type Stop = { 
/**
 * Why, in the person's words.
 */
reason: string, 
/**
 * Whether that is fine or a failure.
 */
as: StopAs, };

/**
 * How a `stop` counts.
 */
export type StopAs = "done" | "failed";

/**
 * What makes a document a template.
 */
export type Template = { 
/**
 * What people want done.
 */
group: string, 
/**
 * The card's title.
 */
title: string, 
/**
 * What there was.
 */
before: string, 
/**
 * What there is then.
 */
after: string, 
/**
 * Paths of the fields to fill, such as `trigger.with.folder` or `steps.file_it.with.to`.
 */
blanks: Array<string>, };

/**
 * A starter workflow.
 */
export type TemplateCard = { 
/**
 * File name without ending.
 */
id: string, 
/**
 * The document, `template` included.
 */
document: Workflow, };

/**
 * Starter workflows.
 */
export type TemplatesList = Record<symbol, never>;

/**
 * Which colours.
 */
export type Theme = "system" | "light" | "dark";

/**
 * What starts a workflow.
 */
export type Trigger = { 
/**
 * `connector.trigger`.
 */
on: string, 
/**
 * Its fields.
 */
with?: Record<string, unknown>, 
/**
 * The name of a connection.
 */
using?: string, 
/**
 * Overrides what makes two items the same.
 */
same_item?: string, };

/**
 * What a trigger is doing.
 */
export type TriggerHealth = { 
/**
 * Whether it is listening.
 */
ok: boolean, 
/**
 * One sentence if it isn't: "The folder ~/Downloads isn't there."
 */
problem: string | null, 
/**
 * When it last looked.
 */
checked: string | null, 
/**
 * When it last found something.
 */
found: string | null, };

/**
 * Something that can start a workflow.
 */
export type TriggerInfo = { 
/**
 * `connector.trigger`.
 */
id: string, 
/**
 * Short name: "New file".
 */
name: string, 
/**
 * Sentence with fields in braces: "A file matching {matching} appears in {folder}".
 */
sentence: string, 
/**
 * One sentence of help.
 */
about: string, 
/**
 * How the engine listens.
 */
source: TriggerSource, 
/**
 * The connection it can use.
 */
using: Using | null, 
/**
 * What the person fills in.
 */
fields: Array<Field>, 
/**
 * What later steps can reference.
 */
gives: Array<Output>, 
/**
 * An example of an event, before anything real happened.
 */
sample: Record<string, unknown>, };

/**
 * How the engine listens for a trigger. Closed: each has its file in `engine/src/triggers`.
 */
export type TriggerSource = "folder" | "folder_changes" | "manual" | "schedule" | "webhook" | "poll";

/**
 * The next five times of the document's schedule; none if something else starts it.
 */
export type TriggerUpcoming = { 
/**
 * Which workflow it is the document of: its time zone may be fixed already.
 */
id?: WorkflowId, 
/**
 * The draft.
 */
document: Workflow, };

/**
 * A time at which a schedule will be due.
 */
export type Upcoming = { 
/**
 * When.
 */
due: string, 
/**
 * As clocks there will show it, with the zone: "Wed 25 Nov 2026, 08:30 CET".
 */
at: string, 
/**
 * What a change of the clocks does to it, in one sentence.
 */
note: string | null, };

/**
 * Which connections fit.
 */
export type Using = { 
/**
 * The connector whose connections fit.
 */
connector: string, 
/**
 * Only those types; empty: all of them.
 */
types: Array<string>, 
/**
 * Whether it can't do without.
 */
required: boolean, };

/**
 * Kinds of values.
 */
export type ValueKind = "text" | "number" | "yes_no" | "date" | "file" | "folder" | "record" | "list";

/**
 * How the vault of secrets is.
 */
export type VaultStatus = { 
/**
 * Where the key to the secrets is; null until the first secret is kept.
 */
kept: KeyKept | null, 
/**
 * Why secrets can't be opened, in one sentence; null if they can.
 */
problem: string | null, 
/**
 * What to do about it.
 */
hint: string | null, 
/**
 * Whether a pass phrase must be given before a secret can be kept or opened. While `kept` is
 * null, it is a new one.
 */
wants_pass_phrase: boolean, };

/**
 * How the vault of secrets is.
 */
export type VaultStatusGet = Record<symbol, never>;

/**
 * Opens the vault. Where a keyring holds the key, the desktop may ask the person to unlock it.
 * On a computer without a keyring the first call chooses the pass phrase.
 */
export type VaultUnlock = { 
/**
 * The pass phrase, where one is wanted.
 */
pass_phrase?: Secret, };

/**
 * Waits until a condition holds.
 */
export type WaitFor = { 
/**
 * What must hold.
 */
condition: Condition, 
/**
 * How often to look.
 */
every?: string | null, 
/**
 * How long at most.
 */
at_most?: string | null, };

/**
 * What must come back before another try makes sense. Such a failure doesn't use up a try.
 */
export type WaitsFor = "network" | "host" | "connection";

/**
 * A whole workflow.
 */
export type Workflow = { 
/**
 * Version of the document format: 1.
 */
format: number, 
/**
 * What the person calls it.
 */
name: string, 
/**
 * A note.
 */
about?: string, 
/**
 * What starts it; a draft may not have one yet.
 */
trigger?: Trigger, 
/**
 * What is done, in order.
 */
steps: Array<Step>, 
/**
 * How runs relate to each other.
 */
settings?: WorkflowSettings, 
/**
 * Events with expected results.
 */
samples?: Array<Sample>, 
/**
 * What a template adds.
 */
template?: Template, };

/**
 * A new workflow with this draft, switched off.
 */
export type WorkflowCreate = { 
/**
 * The draft.
 */
document: Workflow, };

/**
 * Deletes; can be taken back with `workflow_restore`.
 */
export type WorkflowDelete = { 
/**
 * Which.
 */
id: WorkflowId, };

/**
 * Everything the builder needs.
 */
export type WorkflowDetail = { 
/**
 * Which.
 */
id: WorkflowId, 
/**
 * Its name.
 */
name: string, 
/**
 * Switched on.
 */
enabled: boolean, 
/**
 * Published version, if any.
 */
version: number | null, 
/**
 * The draft.
 */
draft: Workflow, 
/**
 * How often the draft was changed; what a save is based on.
 */
revision: number, 
/**
 * The published document.
 */
published: Workflow | null, 
/**
 * What stands in the way of publishing.
 */
problems: Array<Problem>, 
/**
 * Whether the draft differs from the published version.
 */
has_changes: boolean, 
/**
 * What the trigger is doing, if switched on.
 */
trigger: TriggerHealth | null, 
/**
 * The address to call, if a webhook starts it. Lasts as long as the workflow.
 */
hook_url: string | null, 
/**
 * The same through the relay, for senders on the internet; none without a relay.
 */
relay_url: string | null, };

/**
 * Switches on or off.
 */
export type WorkflowEnable = { 
/**
 * Which.
 */
id: WorkflowId, 
/**
 * On or off.
 */
enabled: boolean, };

/**
 * The draft as YAML.
 */
export type WorkflowExport = { 
/**
 * Which.
 */
id: WorkflowId, };

/**
 * One workflow.
 */
export type WorkflowGet = { 
/**
 * Which.
 */
id: WorkflowId, };

/**
 * A workflow, whatever its draft or version says.
 */
export type WorkflowId = string;

/**
 * A new workflow from YAML or JSON text.
 */
export type WorkflowImport = { 
/**
 * The text.
 */
text: string, 
/**
 * Publish and switch on at once (counts as consent).
 */
enable: boolean, };

/**
 * What the document would do for this event. Touches nothing.
 */
export type WorkflowPreview = { 
/**
 * The draft, which may be incomplete: steps that can't be rendered say why.
 */
document: Workflow, 
/**
 * The event's payload.
 */
event: Record<string, unknown>, };

/**
 * Freezes the draft as a version; if the workflow is on, the version is live at once.
 */
export type WorkflowPublish = { 
/**
 * Which.
 */
id: WorkflowId, 
/**
 * Also switch it on.
 */
enable: boolean, };

/**
 * Takes back a deletion; the workflow comes back switched off.
 */
export type WorkflowRestore = { 
/**
 * Which.
 */
id: WorkflowId, };

/**
 * Runs the published version (or, if never published, publishes first) now, for this event.
 */
export type WorkflowRun = { 
/**
 * Which.
 */
id: WorkflowId, 
/**
 * The event's payload; empty for a trigger that needs none.
 */
event: Record<string, unknown>, };

/**
 * Up to ten events that the document's trigger could give now (newest first), or its example.
 */
export type WorkflowSamples = { 
/**
 * Which workflow it is the draft of: what came to its address are samples, too.
 */
id?: WorkflowId, 
/**
 * The draft.
 */
document: Workflow, };

/**
 * Keeps the draft as it is now, complete or not.
 */
export type WorkflowSave = { 
/**
 * Which.
 */
id: WorkflowId, 
/**
 * The draft.
 */
document: Workflow, 
/**
 * What it is based on: a conflict if the draft has another revision by now. None
 * overwrites whatever there is.
 */
revision: number | null, };

/**
 * How runs of a workflow relate to each other.
 */
export type WorkflowSettings = { 
/**
 * Which runs may go on at the same time.
 */
mode?: Mode, 
/**
 * How many, in mode `parallel`.
 */
at_once?: number, 
/**
 * What keeps runs in order, in mode `per_key`.
 */
key?: string, 
/**
 * What happens to times missed while the computer was off.
 */
missed?: Missed, 
/**
 * Who looks after it.
 */
owner?: string, };

/**
 * A row of the home screen.
 */
export type WorkflowSummary = { 
/**
 * Which.
 */
id: WorkflowId, 
/**
 * Its name.
 */
name: string, 
/**
 * Switched on.
 */
enabled: boolean, 
/**
 * Published version, if any.
 */
version: number | null, 
/**
 * The published document, or the draft if there is none; screens make its sentence.
 */
document: Workflow, 
/**
 * Whether the draft differs from the published version.
 */
has_changes: boolean, 
/**
 * Runs of the last fourteen days, oldest first.
 */
days: Array<DayCount>, 
/**
 * The latest run.
 */
last_run: RunSummary | null, 
/**
 * Runs that need a person.
 */
attention: number, 
/**
 * Runs queued, going on or waiting.
 */
live: number, 
/**
 * What the trigger is doing, if switched on.
 */
trigger: TriggerHealth | null, };

/**
 * All workflows.
 */
export type WorkflowsList = Record<symbol, never>;

/**
 * What a step would do, as recorded by the ports in preview.
 */
export type Would = { 
/**
 * Kind of card: `move`, `copy`, `write`, `append`, `trash`, `create_folder`, `notify` …
 */
kind: string, 
/**
 * One sentence: "Would move a.pdf to ~/Invoices/2026-11".
 */
summary: string, 
/**
 * Rows to show below it, label to text.
 */
details: Record<string, string>, };

export type Commands = {
  engine_status: { request: EngineStatusGet; response: EngineStatus };
  engine_pause: { request: EnginePause; response: EngineStatus };
  engine_quit: { request: EngineQuit; response: void };
  settings_get: { request: SettingsGet; response: Settings };
  settings_save: { request: SettingsSave; response: Settings };
  doctor: { request: Doctor; response: Array<Finding> };
  connectors_list: { request: ConnectorsList; response: Array<ConnectorInfo> };
  action_paste: { request: ActionPaste; response: Pasted };
  templates_list: { request: TemplatesList; response: Array<TemplateCard> };
  folders_list: { request: FoldersList; response: FolderListing };
  workflows_list: { request: WorkflowsList; response: Array<WorkflowSummary> };
  workflow_get: { request: WorkflowGet; response: WorkflowDetail };
  workflow_create: { request: WorkflowCreate; response: WorkflowDetail };
  workflow_import: { request: WorkflowImport; response: Imported };
  workflow_export: { request: WorkflowExport; response: string };
  workflow_save: { request: WorkflowSave; response: DraftSaved };
  workflow_publish: { request: WorkflowPublish; response: WorkflowDetail };
  workflow_enable: { request: WorkflowEnable; response: WorkflowDetail };
  workflow_delete: { request: WorkflowDelete; response: void };
  workflow_restore: { request: WorkflowRestore; response: void };
  workflow_run: { request: WorkflowRun; response: RunDetail };
  workflow_samples: { request: WorkflowSamples; response: Array<JsonValue> };
  workflow_preview: { request: WorkflowPreview; response: RunDetail };
  trigger_upcoming: { request: TriggerUpcoming; response: Array<Upcoming> };
  away_list: { request: AwayList; response: Array<Away> };
  clock_confirm: { request: ClockConfirm; response: void };
  poll_look: { request: PollLook; response: PollFound };
  relay_status: { request: RelayStatusGet; response: RelayStatus };
  relay_join: { request: RelayJoin; response: RelayStatus };
  relay_leave: { request: RelayLeave; response: RelayStatus };
  document_run: { request: DocumentRun; response: RunDetail };
  runs_list: { request: RunsList; response: Array<RunSummary> };
  run_get: { request: RunGet; response: RunDetail };
  run_retry: { request: RunRetry; response: RunDetail };
  run_resolve: { request: RunResolve; response: RunDetail };
  run_cancel: { request: RunCancel; response: RunDetail };
  connections_list: { request: ConnectionsList; response: Array<ConnectionSummary> };
  connection_add: { request: ConnectionAdd; response: ConnectionSummary };
  connection_replace: { request: ConnectionReplace; response: ConnectionSummary };
  connection_test: { request: ConnectionTest; response: ConnectionTested };
  connection_remove: { request: ConnectionRemove; response: void };
  vault_status: { request: VaultStatusGet; response: VaultStatus };
  vault_unlock: { request: VaultUnlock; response: VaultStatus };
};
