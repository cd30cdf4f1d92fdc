//! The one list of commands. Each names its request and its response; a host that forgets one
//! does not compile.

use std::collections::BTreeMap;

use errand_model::{
    ConnectionId, ConnectorInfo, Resolution, RunId, RunState, Workflow, WorkflowId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    secret::Secret,
    views::{
        Away, ConnectionSummary, ConnectionTested, DraftSaved, EngineStatus, Finding,
        FolderListing, Imported, Pasted, PollFound, RelayStatus, RunDetail, RunSummary, Settings,
        TemplateCard, Upcoming, VaultStatus, WorkflowDetail, WorkflowSummary,
    },
};

/// A command's request type, knowing its name and its response.
pub trait Command: Serialize + for<'de> Deserialize<'de> {
    /// The word on the wire.
    const NAME: &'static str;
    /// What comes back.
    type Response: Serialize + for<'de> Deserialize<'de>;
}

/// Calls the given macro with the whole list: `name: Request -> Response`.
#[macro_export]
macro_rules! with_commands {
    ($then:path) => {
        $then! {
            engine_status: EngineStatusGet -> EngineStatus,
            engine_pause: EnginePause -> EngineStatus,
            engine_quit: EngineQuit -> (),
            settings_get: SettingsGet -> Settings,
            settings_save: SettingsSave -> Settings,
            doctor: Doctor -> Vec<Finding>,
            connectors_list: ConnectorsList -> Vec<ConnectorInfo>,
            action_paste: ActionPaste -> Pasted,
            templates_list: TemplatesList -> Vec<TemplateCard>,
            folders_list: FoldersList -> FolderListing,
            workflows_list: WorkflowsList -> Vec<WorkflowSummary>,
            workflow_get: WorkflowGet -> WorkflowDetail,
            workflow_create: WorkflowCreate -> WorkflowDetail,
            workflow_import: WorkflowImport -> Imported,
            workflow_export: WorkflowExport -> String,
            workflow_save: WorkflowSave -> DraftSaved,
            workflow_publish: WorkflowPublish -> WorkflowDetail,
            workflow_enable: WorkflowEnable -> WorkflowDetail,
            workflow_delete: WorkflowDelete -> (),
            workflow_restore: WorkflowRestore -> (),
            workflow_run: WorkflowRun -> RunDetail,
            workflow_samples: WorkflowSamples -> Vec<Value>,
            workflow_preview: WorkflowPreview -> RunDetail,
            trigger_upcoming: TriggerUpcoming -> Vec<Upcoming>,
            away_list: AwayList -> Vec<Away>,
            clock_confirm: ClockConfirm -> (),
            poll_look: PollLook -> PollFound,
            relay_status: RelayStatusGet -> RelayStatus,
            relay_join: RelayJoin -> RelayStatus,
            relay_leave: RelayLeave -> RelayStatus,
            document_run: DocumentRun -> RunDetail,
            runs_list: RunsList -> Vec<RunSummary>,
            run_get: RunGet -> RunDetail,
            run_retry: RunRetry -> RunDetail,
            run_resolve: RunResolve -> RunDetail,
            run_cancel: RunCancel -> RunDetail,
            connections_list: ConnectionsList -> Vec<ConnectionSummary>,
            connection_add: ConnectionAdd -> ConnectionSummary,
            connection_replace: ConnectionReplace -> ConnectionSummary,
            connection_test: ConnectionTest -> ConnectionTested,
            connection_remove: ConnectionRemove -> (),
            vault_status: VaultStatusGet -> VaultStatus,
            vault_unlock: VaultUnlock -> VaultStatus,
        }
    };
}

macro_rules! commands {
    ($($name:ident: $request:ident -> $response:ty),+ $(,)?) => {
        $(
            impl Command for $request {
                const NAME: &'static str = stringify!($name);
                type Response = $response;
            }
        )+

        /// Every command's name.
        pub const NAMES: &[&str] = &[$(stringify!($name)),+];

        /// The list as a TypeScript type: name to request and response.
        pub fn typescript() -> String {
            let config = ts_rs::Config::default();
            let mut text = String::from("export type Commands = {\n");
            $(
                text.push_str(&format!(
                    "  {}: {{ request: {}; response: {} }};\n",
                    stringify!($name),
                    <$request as TS>::name(&config),
                    <$response as TS>::name(&config).replace("null", "void"),
                ));
            )+
            text.push_str("};\n");
            text
        }
    };
}
with_commands!(commands);

macro_rules! requests {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$field_doc:meta])+ $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])+ pub $field: $type),* }
    )+};
}

requests! {
    /// How the engine is.
    EngineStatusGet {}
    /// Pauses everything (no new runs; events are kept) or goes on.
    EnginePause {
        /// Whether to pause.
        paused: bool,
    }
    /// Ends the engine after calls in flight.
    EngineQuit {}
    /// The person's settings.
    SettingsGet {}
    /// Keeps the settings.
    SettingsSave {
        /// All of them.
        settings: Settings,
    }
    /// Checks every invariant.
    Doctor {}
    /// What apps can do.
    ConnectorsList {}
    /// Reads pasted text, such as a cURL command, into a step's fields.
    ActionPaste {
        /// The action, such as `http.request`.
        action: String,
        /// What was pasted.
        text: String,
    }
    /// Starter workflows.
    TemplatesList {}
    /// Folder names in a folder below home, for the browser's folder picker.
    FoldersList {
        /// `~` or a path below it.
        #[serde(default)]
        #[ts(optional)]
        path: Option<String>,
    }
    /// All workflows.
    WorkflowsList {}
    /// One workflow.
    WorkflowGet {
        /// Which.
        id: WorkflowId,
    }
    /// A new workflow with this draft, switched off.
    WorkflowCreate {
        /// The draft.
        document: Workflow,
    }
    /// A new workflow from YAML or JSON text.
    WorkflowImport {
        /// The text.
        text: String,
        /// Publish and switch on at once (counts as consent).
        enable: bool,
    }
    /// The draft as YAML.
    WorkflowExport {
        /// Which.
        id: WorkflowId,
    }
    /// Keeps the draft as it is now, complete or not.
    WorkflowSave {
        /// Which.
        id: WorkflowId,
        /// The draft.
        document: Workflow,
        /// What it is based on: a conflict if the draft has another revision by now. None
        /// overwrites whatever there is.
        revision: Option<i64>,
    }
    /// Freezes the draft as a version; if the workflow is on, the version is live at once.
    WorkflowPublish {
        /// Which.
        id: WorkflowId,
        /// Also switch it on.
        enable: bool,
    }
    /// Switches on or off.
    WorkflowEnable {
        /// Which.
        id: WorkflowId,
        /// On or off.
        enabled: bool,
    }
    /// Deletes; can be taken back with `workflow_restore`.
    WorkflowDelete {
        /// Which.
        id: WorkflowId,
    }
    /// Takes back a deletion; the workflow comes back switched off.
    WorkflowRestore {
        /// Which.
        id: WorkflowId,
    }
    /// Runs the published version (or, if never published, publishes first) now, for this event.
    WorkflowRun {
        /// Which.
        id: WorkflowId,
        /// The event's payload; empty for a trigger that needs none.
        #[ts(type = "Record<string, unknown>")]
        event: errand_model::Map,
    }
    /// Up to ten events that the document's trigger could give now (newest first), or its example.
    WorkflowSamples {
        /// Which workflow it is the draft of: what came to its address are samples, too.
        #[serde(default)]
        #[ts(optional)]
        id: Option<WorkflowId>,
        /// The draft.
        document: Workflow,
    }
    /// What the document would do for this event. Touches nothing.
    WorkflowPreview {
        /// The draft, which may be incomplete: steps that can't be rendered say why.
        document: Workflow,
        /// The event's payload.
        #[ts(type = "Record<string, unknown>")]
        event: errand_model::Map,
    }
    /// Asks the source of a document's trigger once, to find the lists in its answer. Only reads.
    PollLook {
        /// The draft; the fields that say where the list is may still be empty.
        document: Workflow,
    }
    /// The relay in use and how it is.
    RelayStatusGet {}
    /// Uses a relay, in place of the one before.
    RelayJoin {
        /// `https://relay.example.com`.
        address: String,
        /// What whoever runs the relay gave out.
        invitation: Secret,
    }
    /// Uses no relay any more. What waits there is lost.
    RelayLeave {}
    /// The next five times of the document's schedule; none if something else starts it.
    TriggerUpcoming {
        /// Which workflow it is the document of: its time zone may be fixed already.
        #[serde(default)]
        #[ts(optional)]
        id: Option<WorkflowId>,
        /// The draft.
        document: Workflow,
    }
    /// What happened to schedules while the person was away, newest first.
    AwayList {
        /// At most this many (50 if not given).
        #[serde(default)]
        #[ts(optional)]
        limit: Option<u32>,
    }
    /// The person says that the computer's clock is right; schedules that wait for it go on.
    ClockConfirm {}
    /// Runs a document that isn't to stand in the list of workflows, once and now. Counts as consent.
    DocumentRun {
        /// The document, which must be complete.
        document: Workflow,
        /// The event's payload.
        #[ts(type = "Record<string, unknown>")]
        event: errand_model::Map,
    }
    /// Runs, newest first.
    RunsList {
        /// Only of this workflow.
        #[serde(default)]
        #[ts(optional)]
        workflow: Option<WorkflowId>,
        /// Only in this state.
        #[serde(default)]
        #[ts(optional)]
        state: Option<RunState>,
        /// At most this many (200 if not given).
        #[serde(default)]
        #[ts(optional)]
        limit: Option<u32>,
        /// Only those older than this run.
        #[serde(default)]
        #[ts(optional)]
        before: Option<RunId>,
    }
    /// One run with its steps.
    RunGet {
        /// Which.
        id: RunId,
    }
    /// Tries a failed run again, from the failed step or from the start.
    RunRetry {
        /// Which.
        id: RunId,
        /// From the start: a new run for the same event, which may repeat what was done.
        from_start: bool,
    }
    /// A person's answer for a step that is unknown or failed.
    RunResolve {
        /// Which run.
        id: RunId,
        /// The step's path.
        path: String,
        /// The answer.
        answer: Resolution,
    }
    /// Ends a run.
    RunCancel {
        /// Which.
        id: RunId,
    }    /// All connections.
    ConnectionsList {}
    /// A new connection.
    ConnectionAdd {
        /// The connector it belongs to.
        connector: String,
        /// Which of the connector's kinds of connections.
        kind: String,
        /// What it shall be called; documents name it so.
        name: String,
        /// What is no secret.
        #[ts(type = "Record<string, unknown>")]
        fields: errand_model::Map,
        /// The secrets by field.
        #[ts(type = "Record<string, string>")]
        secrets: BTreeMap<String, Secret>,
    }
    /// Other fields or secrets for a connection. What waited for it goes on.
    ConnectionReplace {
        /// Which.
        id: ConnectionId,
        /// What it shall be called; one in use keeps its name.
        name: String,
        /// All that is no secret.
        #[ts(type = "Record<string, unknown>")]
        fields: errand_model::Map,
        /// New secrets by field; those left out stay.
        #[ts(type = "Record<string, string>")]
        secrets: BTreeMap<String, Secret>,
    }
    /// Asks the other side whether it accepts a connection.
    ConnectionTest {
        /// Which.
        id: ConnectionId,
    }
    /// Removes a connection and wipes its secrets.
    ConnectionRemove {
        /// Which.
        id: ConnectionId,
        /// Also if a workflow that is switched on uses it; its runs then wait.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        force: bool,
    }
    /// How the vault of secrets is.
    VaultStatusGet {}
    /// Opens the vault. Where a keyring holds the key, the desktop may ask the person to unlock it.
    /// On a computer without a keyring the first call chooses the pass phrase.
    VaultUnlock {
        /// The pass phrase, where one is wanted.
        #[serde(default)]
        #[ts(optional)]
        pass_phrase: Option<Secret>,
    }
}
