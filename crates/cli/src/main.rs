//! The `errand` program: runs the engine (`serve`), and does everything else over its socket, or
//! with an engine of its own while none runs. Reading order: [`args`], [`door`], [`serve`],
//! [`commands`].

mod args;
mod ask;
mod autostart;
mod commands;
mod door;
mod engine;
mod logging;
mod memory;
mod ports;
mod print;
mod serve;

use std::process::ExitCode;

use clap::Parser;
use errand_protocol::{Failure, FailureKind, client, system_words};

use args::{Arguments, Command};

/// Exit codes other than a run's.
mod exit {
    /// Done.
    pub(crate) const OK: u8 = 0;
    /// Could not.
    pub(crate) const FAILED: u8 = 1;
    /// The call itself is wrong.
    pub(crate) const USAGE: u8 = 64;
}

fn main() -> ExitCode {
    memory::stays_in_memory();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing can be done when even standard error is closed.
            let _ = error.print();
            let code = if error.use_stderr() {
                exit::USAGE
            } else {
                exit::OK
            };
            return ExitCode::from(code);
        }
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&could_not_begin(&error)),
    };
    match runtime.block_on(carry_out(arguments)) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => failed(&failure),
    }
}

async fn carry_out(arguments: Arguments) -> Result<u8, Failure> {
    let json = arguments.json;
    // These two need no data.
    match &arguments.command {
        Command::Check { files } => return commands::check::check(files, json).await,
        Command::Connectors(connectors) => {
            return commands::connectors::connectors(connectors, json);
        }
        _ => {}
    }
    let folder = arguments.data.map_or_else(client::data_folder, Ok)?;
    // Others are told of it: autostart, the window.
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    match arguments.command {
        Command::Serve(options) => serve::serve(folder, options).await,
        Command::Relay(relay) if relay.what.is_none() => serve::relay(&folder, &relay).await,
        command => commands::over_a_door(&folder, command, json).await,
    }
}

fn could_not_begin(error: &std::io::Error) -> Failure {
    Failure::new(
        FailureKind::Bug,
        format!("Errand couldn't begin: {}.", system_words(error)),
    )
}

fn failed(failure: &Failure) -> ExitCode {
    print::failure(failure);
    ExitCode::from(exit::FAILED)
}
