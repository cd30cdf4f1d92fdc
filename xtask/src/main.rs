//! The repository's own commands, set-up included: `cargo xtask run`, `cargo xtask test` and a few
//! for people who change Errand. Each begins with what is missing on this machine.

mod bench;
mod bindings;
mod deny;
mod licence;
mod part;
mod run;
mod setup;
mod shell;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run        installs what is missing, builds, and opens Errand's window
                       (without a display: serves the screens to a browser)
cargo xtask test       installs what is missing, and runs every check and every test
cargo xtask check      only the fast checks: formatting, lints, licences
cargo xtask bench      measures memory, CPU and time to the action with the release build
cargo xtask bindings   writes the screens' types from crates/protocol
cargo xtask schema     writes the JSON Schema of workflow files from crates/model
";

fn main() -> ExitCode {
    let verb = std::env::args().nth(1).unwrap_or_default();
    let result = match verb.as_str() {
        "run" => run::run(),
        "test" => test::everything(),
        "check" => test::fast_checks(),
        "bench" => bench::run(),
        "bindings" => bindings::write(),
        "schema" => bindings::write_schema(),
        _ => {
            print!("{HELP}");
            return ExitCode::from(if matches!(verb.as_str(), "" | "help") {
                0
            } else {
                64
            });
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
