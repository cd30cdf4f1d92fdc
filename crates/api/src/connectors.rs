//! What apps can do, for the picker.

use errand_model::{ConnectorInfo, StepError};
use errand_protocol::{
    Failure, FailureKind,
    commands::{ActionPaste, ConnectorsList},
    views::Pasted,
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
