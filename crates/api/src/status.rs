//! How the engine is, pausing, and quitting.

use errand_protocol::{
    Failure,
    commands::{EnginePause, EngineQuit, EngineStatusGet},
    views::EngineStatus,
};

use crate::{Api, failure::Heard};

pub(crate) async fn engine_status(api: &Api, _: EngineStatusGet) -> Result<EngineStatus, Failure> {
    let store = api.engine.store();
    let counts = store.read(|view| {
        let enabled = view
            .workflows()?
            .iter()
            .filter(|workflow| workflow.enabled)
            .count();
        Ok((
            enabled,
            view.attention_count()? + view.broken_connection_count()?,
            view.live_count()?,
        ))
    });
    let (enabled, attention, live) = counts.await.heard()?;
    Ok(EngineStatus {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        paused: api.engine.is_paused(),
        enabled: u32::try_from(enabled).unwrap_or(u32::MAX),
        attention: attention + u32::from(api.engine.vault_is_shut()),
        live,
        data_folder: store.folder().display().to_string(),
        home: api.home().display().to_string(),
    })
}

pub(crate) async fn engine_pause(api: &Api, pause: EnginePause) -> Result<EngineStatus, Failure> {
    api.engine.set_paused(pause.paused).await.heard()?;
    engine_status(api, EngineStatusGet {}).await
}

pub(crate) async fn engine_quit(api: &Api, _: EngineQuit) -> Result<(), Failure> {
    api.quitting.send_replace(true);
    api.host.quit();
    Ok(())
}
