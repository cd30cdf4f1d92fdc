//! What the command line does other than serve: one file a word, each over a [`Door`].

pub(crate) mod check;
mod connection;
pub(crate) mod connectors;
mod doctor;
mod event;
mod run;
mod runs;
mod samples;
mod show;
mod wait;
mod workflow;

use std::path::Path;

use errand_protocol::{Failure, FailureKind, system_words};

use crate::{args::Command, door::Door, logging};

/// Carries out a command with the engine of this folder, or with one of its own.
pub(crate) async fn over_a_door(
    folder: &Path,
    command: Command,
    json: bool,
) -> Result<u8, Failure> {
    logging::start(folder, false);
    let door = Door::open(folder).await?;
    let result = match command {
        Command::Workflow(command) => workflow::workflow(&door, command, json).await,
        Command::Run(command) => run::run(&door, command, json).await,
        Command::Runs(command) => runs::runs(&door, command, json).await,
        Command::Connection(command) => connection::connection(&door, command, json).await,
        Command::Doctor => doctor::doctor(&door, json).await,
        Command::Check { files } => check::check(&files, json).await,
        Command::Connectors(command) => connectors::connectors(&command, json),
        Command::Serve(options) => {
            door.close().await;
            return crate::serve::serve(folder.to_owned(), options).await;
        }
    };
    door.close().await;
    result
}

/// What stands in a file.
fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        let message = format!(
            "{} can't be read: {}.",
            file.display(),
            system_words(&error)
        );
        Failure::new(FailureKind::BadInput, message)
            .hint("Give the path of a text file that you may read.")
    })
}
