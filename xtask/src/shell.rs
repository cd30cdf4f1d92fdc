//! Starting other programs, always in the repository, with errors that name them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is in the repository")
        .into()
}

/// Where cargo puts the programs it builds, this one among them.
pub(crate) fn built(program: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("this program doesn't know where it is")?;
    Ok(own.with_file_name(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
}

/// A program with arguments, to be started in a folder of the repository.
pub(crate) fn command(folder: &str, line: &[&str]) -> Command {
    let program = if line[0] == "cargo" {
        env!("CARGO")
    } else {
        line[0]
    };
    let mut command = Command::new(program);
    command.args(&line[1..]).current_dir(root().join(folder));
    command
}

/// Runs it, showing what it says.
pub(crate) fn run(folder: &str, line: &[&str]) -> Result<()> {
    let said = line.join(" ");
    let status = command(folder, line)
        .status()
        .with_context(|| format!("`{said}` can't be started"))?;
    if !status.success() {
        bail!("`{said}` failed in {}", root().join(folder).display());
    }
    Ok(())
}

/// What it prints, or nothing if it isn't there or fails.
pub(crate) fn answer(line: &[&str]) -> Option<String> {
    let output = command("", line).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
