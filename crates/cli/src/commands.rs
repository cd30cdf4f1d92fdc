//! What the command line does other than serve: one file a word, each over a [`Door`].

pub(crate) mod check;
mod connection;
pub(crate) mod connectors;
mod doctor;
mod event;
mod relay;
mod run;
mod runs;
mod samples;
mod schedule;
mod show;
mod wait;
mod workflow;

use std::{fs::File, io::Read as _, path::Path};

use errand_model::document::LARGEST;
use errand_protocol::{Failure, FailureKind, system_words};

use crate::{
    args::{Command, Relay},
    door::Door,
    logging,
};

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
        Command::Doctor { clock_is_right } => doctor::doctor(&door, clock_is_right, json).await,
        Command::Check { files } => check::check(&files, json).await,
        Command::Connectors(command) => connectors::connectors(&command, json),
        Command::Relay(Relay {
            what: Some(what), ..
        }) => relay::relay(&door, what, json).await,
        Command::Relay(options) => {
            door.close().await;
            return crate::serve::relay(folder, &options).await;
        }
        Command::Serve(options) => {
            door.close().await;
            return crate::serve::serve(folder.to_owned(), options).await;
        }
    };
    door.close().await;
    result
}

/// What stands in a text file.
fn read(file: &Path) -> Result<String, Failure> {
    let text = bytes_of(file)
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it isn't text (UTF-8)".to_owned()));
    text.map_err(|why| {
        let message = format!("{} can't be read: {why}.", file.display());
        Failure::new(FailureKind::BadInput, message)
            .hint("Give the path of a text file that you may read.")
    })
}

/// Devices and pipes are refused, for they may never end.
fn bytes_of(file: &Path) -> Result<Vec<u8>, String> {
    let kind = std::fs::metadata(file).map_err(|error| system_words(&error))?;
    if kind.is_dir() {
        return Err("it is a folder".to_owned());
    }
    if !kind.is_file() {
        return Err("it is a device or a pipe, not a file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| system_words(&error))?;
    if bytes.len() > LARGEST {
        return Err("it is larger than 5 MB".to_owned());
    }
    Ok(bytes)
}
