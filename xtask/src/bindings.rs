//! What is generated from the crates and committed. A test compares each with what would be
//! generated now; told to update, it writes it.

use anyhow::Result;

use crate::shell::command;

/// Writes the screens' types.
pub(crate) fn write() -> Result<bool> {
    update("errand-protocol", "bindings")
}

/// Writes the schema of workflow files.
pub(crate) fn write_schema() -> Result<bool> {
    update("errand-model", "schema")
}

fn update(package: &str, test: &str) -> Result<bool> {
    let line = [
        "cargo",
        "test",
        "--quiet",
        "--package",
        package,
        "--test",
        test,
    ];
    Ok(command("", &line).env("UPDATE", "1").status()?.success())
}
