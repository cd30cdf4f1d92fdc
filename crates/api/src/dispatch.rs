//! From a command's name to its body. Made from the one list, so that a command without a body
//! doesn't compile.

use errand_protocol::{
    Command, Failure, FailureKind,
    commands::{self, *},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    Api, connections::*, connectors::*, doctor::*, folders::*, home::*, preview::*, relay::*,
    runs::*, schedules::*, settings::*, status::*, templates::*, workflows::*,
};

macro_rules! bodies {
    ($($name:ident: $request:ident -> $response:ty),+ $(,)?) => {
        pub(crate) async fn dispatch(api: &Api, cmd: &str, payload: Value) -> Result<Value, Failure> {
            match cmd {
                $(stringify!($name) => {
                    let request: $request = understand(payload)?;
                    let response: <$request as Command>::Response = $name(api, request).await?;
                    serde_json::to_value(response).map_err(crate::failure::unreadable)
                })+
                _ => Err(unknown(cmd)),
            }
        }
    };
}
errand_protocol::with_commands!(bodies);

fn understand<T: DeserializeOwned>(payload: Value) -> Result<T, Failure> {
    let payload = if payload.is_null() {
        Value::Object(Map::new())
    } else {
        payload
    };
    serde_json::from_value(payload).map_err(|error| {
        crate::failure::bad_input(format!("The request isn't understood: {error}."))
    })
}

fn unknown(cmd: &str) -> Failure {
    debug_assert!(!commands::NAMES.contains(&cmd));
    Failure::new(
        FailureKind::BadInput,
        format!("There is no command `{cmd}`."),
    )
    .hint("The program that asked may be newer than the engine: quit Errand and start it again.")
}
