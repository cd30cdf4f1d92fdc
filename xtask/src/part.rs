//! One part of the tests: a program whose output is kept, shown only if it fails, and whose
//! counted tests are added up.

use std::fs::{self, File};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::shell::{command, root};

/// What has been tested so far.
#[derive(Default)]
pub(crate) struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// Runs a program that says how many tests passed, or only whether all is well.
    pub(crate) fn run(&mut self, name: &str, folder: &str, line: &[&str]) -> Result<()> {
        let began = Instant::now();
        let log = root()
            .join("target/xtask")
            .join(format!("{}.log", name.replace(' ', "-")));
        fs::create_dir_all(log.parent().context("the log has a folder")?)?;
        let file = File::create(&log)?;
        let status = command(folder, line)
            .env("NO_COLOR", "1")
            .env("CARGO_TERM_COLOR", "never")
            .stdout(file.try_clone()?)
            .stderr(file)
            .status()
            .with_context(|| format!("`{}` can't be started", line.join(" ")))?;
        let output = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        self.note(name, &output, status.success(), began.elapsed());
        Ok(())
    }

    /// Does something that answers what is wrong, if anything is.
    pub(crate) fn check(
        &mut self,
        name: &str,
        check: impl FnOnce() -> Result<Vec<String>>,
    ) -> Result<()> {
        let began = Instant::now();
        let problems = check()?;
        self.note(
            name,
            &problems.join("\n"),
            problems.is_empty(),
            began.elapsed(),
        );
        Ok(())
    }

    fn note(&mut self, name: &str, output: &str, is_ok: bool, took: Duration) {
        let (passed, mut failed) = counted(output);
        // What can't even be built or started counts as one failure.
        if !is_ok && failed == 0 {
            failed = 1;
        }
        self.passed += passed;
        self.failed += failed;
        if !is_ok {
            println!("{output}");
        }
        let tests = if passed > 0 {
            format!(", {passed} tests")
        } else {
            String::new()
        };
        let verdict = if is_ok { "ok" } else { "FAILED" };
        println!(
            "{name:<24} {verdict:<7} {:>6.1} s{tests}",
            took.as_secs_f64()
        );
    }

    /// Says the sum, and whether all is well.
    pub(crate) fn finish(self) -> bool {
        println!("{} passed, {} failed", self.passed, self.failed);
        self.failed == 0
    }
}

/// Adds up `N passed` and `N failed` in the lines in which test runners sum up: cargo's
/// `test result:`, Vitest's `Tests`, and `N passed, N failed` of the end-to-end tests.
fn counted(output: &str) -> (u64, u64) {
    let sums = output.lines().map(str::trim).filter(|line| {
        let first = line.split(' ').next().unwrap_or_default();
        line.starts_with("test result:")
            || first == "Tests"
            || (first.parse::<u64>().is_ok() && line.contains(" passed, "))
    });
    sums.fold((0, 0), |(passed, failed), line| {
        (
            passed + before(line, "passed"),
            failed + before(line, "failed"),
        )
    })
}

/// The number before a word.
fn before(line: &str, word: &str) -> u64 {
    let mut previous = "";
    for part in line
        .split([' ', ',', ';', '|'])
        .filter(|part| !part.is_empty())
    {
        if part == word {
            return previous.parse().unwrap_or(0);
        }
        previous = part;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runners_sum_is_counted() {
        for (output, expected) in [
            (
                "running 3 tests\ntest result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured",
                (2, 1),
            ),
            (
                "test result: ok. 2 passed; 0 failed\n\ntest result: ok. 5 passed; 0 failed",
                (7, 0),
            ),
            (
                " Test Files  1 failed | 3 passed (4)\n      Tests  1 failed | 11 passed (12)",
                (11, 1),
            ),
            ("  ok a workflow is built\n4 passed, 0 failed", (4, 0)),
            ("error: could not compile", (0, 0)),
        ] {
            assert_eq!(counted(output), expected, "{output}");
        }
    }
}
