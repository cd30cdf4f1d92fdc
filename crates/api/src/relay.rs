//! The relay that calls from the internet wait at, if the person chose one.

use errand_protocol::{
    Failure,
    commands::{RelayJoin, RelayLeave, RelayStatusGet},
    views::{Relay, RelayStatus},
};

use crate::{Api, failure::Heard};

pub(crate) async fn relay_status(api: &Api, _: RelayStatusGet) -> Result<RelayStatus, Failure> {
    let relay = api.engine.relay().await.heard()?;
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(RelayStatus {
        relay: relay.map(|relay| Relay {
            refused: count(relay.refused),
            lost: count(relay.lost),
            address: relay.address,
            connected: relay.connected,
            problem: relay.problem,
        }),
    })
}

pub(crate) async fn relay_join(api: &Api, join: RelayJoin) -> Result<RelayStatus, Failure> {
    let invitation = join.invitation.into_text();
    let joined = api.engine.join_relay(&join.address, &invitation).await;
    joined.heard()?;
    relay_status(api, RelayStatusGet {}).await
}

pub(crate) async fn relay_leave(api: &Api, _: RelayLeave) -> Result<RelayStatus, Failure> {
    api.engine.leave_relay().await.heard()?;
    relay_status(api, RelayStatusGet {}).await
}
