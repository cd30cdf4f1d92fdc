//! `cargo xtask test` and `cargo xtask check`: everything that must hold, quick things first.

use anyhow::Result;

use crate::part::Tally;
use crate::{deny, setup, shell};

/// Every check and every test.
pub(crate) fn everything() -> Result<bool> {
    setup::to_test()?;
    let mut tally = Tally::default();
    quick(&mut tally)?;
    // The programs embed the screens, so those are built first.
    tally.run("screens: build", "ui", &["npm", "run", "build"])?;
    tally.run("screens: tests", "ui", &["npm", "test"])?;
    lints(&mut tally)?;
    tally.run("build", "", &workspace(&["build", "--all-targets"], &[]))?;
    tally.run("tests", "", &workspace(&["test", "--no-fail-fast"], &[]))?;
    tally.run("end to end", "tests/e2e", &["node", "run.mjs"])?;
    Ok(tally.finish())
}

/// What can be said without running anything.
pub(crate) fn fast_checks() -> Result<bool> {
    setup::to_run()?;
    let mut tally = Tally::default();
    quick(&mut tally)?;
    if !shell::root().join("ui/dist/index.html").exists() {
        tally.run("screens: build", "ui", &["npm", "run", "build"])?;
    }
    lints(&mut tally)?;
    Ok(tally.finish())
}

fn quick(tally: &mut Tally) -> Result<()> {
    tally.run(
        "format",
        "",
        &["cargo", "fmt", "--all", "--", "--check", "--color", "never"],
    )?;
    tally.run("screens: lints", "ui", &["npm", "run", "check"])?;
    deny::check(tally)
}

fn lints(tally: &mut Tally) -> Result<()> {
    let denied = ["--", "--deny", "warnings"];
    tally.run(
        "lints",
        "",
        &workspace(&["clippy", "--all-targets"], &denied),
    )
}

/// A command of cargo for the whole workspace, always with the same features, so that nothing is
/// compiled twice: the crash tests need the engine with its fault points.
fn workspace<'a>(command: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [
        &["cargo"],
        command,
        &["--workspace", "--features", "errand/faults"],
        rest,
    ]
    .concat()
}
