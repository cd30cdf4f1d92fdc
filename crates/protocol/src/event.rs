//! What the engine announces, after commit. Hints: a screen that misses one is stale, never wrong.

use errand_model::{RunId, WorkflowId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AppEvent {
    /// A workflow's draft, version or switch.
    WorkflowChanged {
        /// Which.
        id: WorkflowId,
    },
    /// A run or one of its steps.
    RunChanged {
        /// Which.
        id: RunId,
        /// Of which workflow.
        workflow: WorkflowId,
    },
    /// The engine's own status or a trigger's health.
    StatusChanged,
    /// Events were missed: read everything again.
    Lagged,
    /// A person ended Errand: windows close instead of starting the engine again.
    EngineQuitting,
    /// The engine stopped; sent by the hosts, not by the engine.
    EngineStopped,
    /// The engine is back; sent by the hosts.
    EngineStarted,
}
