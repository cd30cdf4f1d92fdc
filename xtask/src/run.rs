//! `cargo xtask run`: builds Errand and opens it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::setup;
use crate::shell::{built, run as run_program};

/// Returns when the window is closed, or when the served engine ends.
pub(crate) fn run() -> Result<bool> {
    setup::to_run()?;
    run_program("ui", &["npm", "run", "--silent", "build"])?;
    run_program(
        "",
        &[
            "cargo",
            "build",
            "--package",
            "errand",
            "--package",
            "errand-window",
        ],
    )?;
    if has_display() {
        open_window()
    } else {
        serve()
    }
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn open_window() -> Result<bool> {
    println!("Opening the window. The engine goes on when you close it: quit it in its tray menu.");
    let window = built("errand-window")?;
    let status = std::process::Command::new(&window)
        .status()
        .with_context(|| format!("{} can't be started", window.display()))?;
    Ok(status.success())
}

/// Without a display the screens are shown by a browser, on this computer or through a tunnel.
fn serve() -> Result<bool> {
    let mut engine = std::process::Command::new(built("errand")?)
        .args(["serve", "--web", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .context("the engine can't be started")?;
    let output = engine.stdout.take().context("the engine has no output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        match address(&line) {
            Some(address) => println!("There is no display. Open {address} in a browser."),
            None => println!("{line}"),
        }
    }
    Ok(engine.wait()?.success())
}

/// The address in the engine's first line.
fn address(line: &str) -> Option<String> {
    let ready: serde_json::Value = serde_json::from_str(line).ok()?;
    ready["web"].as_str().map(str::to_owned)
}
