//! The one window: how it is made, where it may go, and what a second start does.

use std::hash::{DefaultHasher, Hash, Hasher};

use errand_protocol::client;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindowBuilder, Wry};

const LABEL: &str = "main";

/// Runs in the page before anything else.
const CLOSED_PROTOTYPE: &str = include_str!("prototype.js");

/// Makes the window. A page in it can't lead anywhere else.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Errand")
        .inner_size(1180.0, 760.0)
        .min_inner_size(720.0, 480.0)
        .initialization_script(CLOSED_PROTOTYPE)
        .on_navigation(is_own)
        .build()?;
    Ok(())
}

/// A second start brings the first window to the front and ends. Where there is no way to find
/// the first one, both stay: two windows of one engine do no harm.
pub(crate) fn only_one() -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, _arguments, _folder| bring_to_front(app))
        .dbus_id(bus_name())
        .build()
}

fn bring_to_front(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "The window can't be brought to the front.");
    }
}

/// One name per data folder, so that windows of different engines don't replace each other.
fn bus_name() -> String {
    let mut hasher = DefaultHasher::new();
    client::data_folder().ok().hash(&mut hasher);
    format!("org.errand.Window.F{:016x}", hasher.finish())
}

/// The screens' own address: `tauri://localhost`, on Windows `http://tauri.localhost`.
fn is_own(address: &Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && address.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_stays_at_its_own_address() {
        let goes = |address: &str| is_own(&Url::parse(address).unwrap());
        assert!(goes("tauri://localhost/index.html"));
        for elsewhere in [
            "https://example.org",
            "http://localhost:1420",
            "file:///etc/passwd",
            "tauri://other",
        ] {
            assert!(!goes(elsewhere), "{elsewhere}");
        }
    }
}
