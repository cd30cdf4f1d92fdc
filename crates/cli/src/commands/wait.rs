//! Waits for a run to end or to need a person.

use std::time::Duration;

use errand_model::{RunId, RunState};
use errand_protocol::{
    AppEvent, Failure,
    commands::{EngineStatusGet, RunGet},
    views::RunDetail,
};
use tokio::time::sleep;

use crate::{
    door::{Door, Heard},
    print,
};

/// Events are hints: looks again even when none came.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// The run as it is in the end. `events` began before the run did.
pub(super) async fn to_the_end(
    door: &Door,
    mut events: Heard,
    id: RunId,
) -> Result<RunDetail, Failure> {
    let mut told = false;
    loop {
        let run = door.call(&RunGet { id }).await?;
        if matches!(run.run.state, RunState::Done | RunState::Attention) {
            return Ok(run);
        }
        if !told && door.call(&EngineStatusGet {}).await?.paused {
            told = true;
            let hint = "Let it go on from the tray or the window.";
            print::complaint("errand: Errand is paused, so the run waits.", Some(hint));
        }
        tokio::select! {
            () = about(&mut events, id) => {}
            () = sleep(LOOK_AGAIN) => {}
        }
    }
}

async fn about(events: &mut Heard, id: RunId) {
    loop {
        match events.next().await {
            AppEvent::RunChanged { id: changed, .. } if changed == id => return,
            AppEvent::Lagged | AppEvent::EngineStopped => return,
            _ => {}
        }
    }
}
