//! The person's settings.

use errand_protocol::{
    Failure,
    commands::{SettingsGet, SettingsSave},
    views::{HookSettings, Settings},
};

use crate::{
    Api,
    failure::{Heard, unreadable},
};

const KEY: &str = "settings";

pub(crate) async fn settings_get(api: &Api, _: SettingsGet) -> Result<Settings, Failure> {
    let kept = api
        .engine
        .store()
        .read(|view| view.setting(KEY))
        .await
        .heard()?;
    let kept = kept.map_or(Ok(Settings::default()), serde_json::from_value);
    let hooks = api.engine.hook_settings().await.heard()?;
    Ok(Settings {
        hooks: shown(hooks),
        ..kept.map_err(unreadable)?
    })
}

fn shown(hooks: errand_engine::HookSettings) -> HookSettings {
    HookSettings {
        port: hooks.port,
        local_network: hooks.local_network,
    }
}

pub(crate) async fn settings_save(api: &Api, save: SettingsSave) -> Result<Settings, Failure> {
    let before = settings_get(api, SettingsGet {}).await?;
    let mut settings = save.settings;
    if settings.start_at_login != before.start_at_login {
        api.host.start_at_login(settings.start_at_login)?;
    }
    let wanted = errand_engine::HookSettings {
        port: settings.hooks.port,
        local_network: settings.hooks.local_network,
    };
    settings.hooks = shown(api.engine.set_hook_settings(wanted).await.heard()?);
    let value = serde_json::to_value(&settings).map_err(unreadable)?;
    api.engine
        .store()
        .write(move |tx| tx.put_setting(KEY, &value))
        .await
        .heard()?;
    Ok(settings)
}
