//! What apps can do, for the picker.

use errand_model::{ConnectorInfo, StepError};
use errand_protocol::{
    Failure, FailureKind,
    commands::{ActionPaste, ConnectorsList, PollLook},
    views::{Pasted, PollFound, PollList},
};

use crate::Api;

pub(crate) async fn connectors_list(
    api: &Api,
    _: ConnectorsList,
) -> Result<Vec<ConnectorInfo>, Failure> {
    Ok(api.engine.registry().connectors().to_vec())
}

pub(crate) async fn action_paste(api: &Api, request: ActionPaste) -> Result<Pasted, Failure> {
    let action = api.engine.registry().action(&request.action);
    let pasted = action
        .and_then(|action| action.paste(&request.text))
        .ok_or_else(|| nothing_to_paste(&request.action))?
        .map_err(not_understood)?;
    Ok(Pasted {
        with: pasted.with,
        connection: pasted.connection,
        notes: pasted.notes,
    })
}

pub(crate) async fn poll_look(api: &Api, look: PollLook) -> Result<PollFound, Failure> {
    let found = api.engine.poll_look(&look.document).await;
    let found = found.map_err(not_understood)?;
    let lists = found.lists.into_iter().map(|list| PollList {
        path: list.path,
        count: u32::try_from(list.count).unwrap_or(u32::MAX),
        keys: list.keys,
        newest: list.newest,
    });
    Ok(PollFound {
        sample: found.sample,
        lists: lists.collect(),
    })
}

fn nothing_to_paste(action: &str) -> Failure {
    let message = format!("Nothing can be pasted into `{action}`.");
    Failure::new(FailureKind::BadInput, message).hint("Fill in its fields one by one.")
}

fn not_understood(error: StepError) -> Failure {
    let failure = Failure::new(FailureKind::BadInput, error.message);
    match error.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
