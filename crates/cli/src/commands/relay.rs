//! `errand relay join | status | leave`: which relay this computer's webhooks can be called at.

use errand_protocol::{
    Failure, FailureKind,
    commands::{RelayJoin, RelayLeave, RelayStatusGet},
    views::RelayStatus,
};

use crate::{args::RelayUse, ask, door::Door, exit, print};

pub(crate) async fn relay(door: &Door, command: RelayUse, json: bool) -> Result<u8, Failure> {
    let status = match command {
        RelayUse::Join { address } => join(door, address).await?,
        RelayUse::Status => door.call(&RelayStatusGet {}).await?,
        RelayUse::Leave => door.call(&RelayLeave {}).await?,
    };
    match json {
        true => print::json(&status),
        false => print::line(sentence(&status)),
    }
    Ok(exit::OK)
}

async fn join(door: &Door, address: String) -> Result<RelayStatus, Failure> {
    let invitation = ask::secret("Invitation")?.ok_or_else(|| {
        Failure::new(FailureKind::BadInput, "A relay needs an invitation.")
            .hint("Type the one that `errand relay` printed where the relay runs, or pipe it in.")
    })?;
    door.call(&RelayJoin {
        address,
        invitation,
    })
    .await
}

fn sentence(status: &RelayStatus) -> String {
    let Some(relay) = &status.relay else {
        return "No relay is used: webhooks can only be called from this computer.".into();
    };
    let how = match (&relay.problem, relay.connected) {
        (Some(problem), _) => problem.clone(),
        (None, true) => "Calls arrive at once.".into(),
        (None, false) => "Not connected now; calls wait there while no engine runs.".into(),
    };
    let mut text = format!("Calls are taken at {}. {how}", relay.address);
    if relay.refused > 0 {
        text += &format!(" {} were refused.", relay.refused);
    }
    if relay.lost > 0 {
        text += &format!(" {} waited too long and are lost.", relay.lost);
    }
    text
}
