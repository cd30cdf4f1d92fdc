//! What apps can do, for the picker.

use errand_model::ConnectorInfo;
use errand_protocol::{Failure, commands::ConnectorsList};

use crate::Api;

pub(crate) async fn connectors_list(
    api: &Api,
    _: ConnectorsList,
) -> Result<Vec<ConnectorInfo>, Failure> {
    Ok(api.engine.registry().connectors().to_vec())
}
