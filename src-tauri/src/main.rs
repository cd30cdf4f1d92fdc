//! The window: shows the screens, hands their questions to the engine and what the engine
//! announces to them, and opens the system's own dialogs. It keeps nothing and decides nothing;
//! closing it ends this process and the engine goes on.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod bridge;
mod engine;
mod pick;
mod window;

use std::io::IsTerminal;

use tauri::Manager;

fn main() {
    log_to_stderr();
    let result = tauri::Builder::default()
        .plugin(window::only_one())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![
            bridge::rpc,
            pick::pick_folder,
            pick::pick_file
        ])
        .setup(|app| {
            app.manage(engine::Engine::keep(app.handle().clone()));
            window::open(app.handle())?;
            Ok(())
        })
        .run(tauri::generate_context!());
    if let Err(error) = result {
        tracing::error!(%error, "The window can't be opened.");
        std::process::exit(1);
    }
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ERRAND_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}
