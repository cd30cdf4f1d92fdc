//! The one door from a screen to the engine: a command's name and its request in, its answer out.

use errand_protocol::Failure;
use serde_json::Value;
use tauri::State;

use crate::engine::Engine;

/// Asks the engine. While it is being started, waits for it.
#[tauri::command]
pub(crate) async fn rpc(
    engine: State<'_, Engine>,
    cmd: String,
    payload: Value,
) -> Result<Value, Failure> {
    engine.client().await?.call_raw(&cmd, payload).await
}
