//! What can be typed: a public contract, to be extended and not broken.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use errand_model::{Resolution, RunId, RunState, WorkflowId};

/// Connects your tools: when this happens, do that.
#[derive(Debug, Parser)]
#[command(name = "errand", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// Folder for Errand's data [default: ERRAND_DATA, or the desktop's place for data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the engine
    Serve(Serve),
    /// Workflows: import, export, list, show, switch on and off, delete
    #[command(subcommand)]
    Workflow(Workflow),
    /// Run a workflow once, now; waits to the end
    Run(Run),
    /// Runs: list, show, retry, resolve, cancel
    #[command(subcommand)]
    Runs(Runs),
    /// Check workflow files: says where and what to do
    Check {
        /// Workflow or template files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Your accounts elsewhere: add, list, test, replace, remove
    #[command(subcommand)]
    Connection(Connection),
    /// What apps can do
    #[command(subcommand)]
    Connectors(Connectors),
    /// Webhooks from the internet: run a relay, or use one
    Relay(Relay),
    /// Check that everything is in order
    Doctor {
        /// First say that this computer's clock is right, so that schedules that wait for it go on
        #[arg(long)]
        clock_is_right: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Also show the screens in a browser, on this address of this computer (port 0: any)
    #[arg(long, value_name = "127.0.0.1:PORT")]
    pub(crate) web: Option<SocketAddr>,
    /// Open the port of webhooks even while none is on, from now on at this one (port 0: as before)
    #[arg(long, value_name = "127.0.0.1:PORT")]
    pub(crate) hooks: Option<SocketAddr>,
    /// Show an icon in the desktop's tray
    #[arg(long)]
    pub(crate) tray: bool,
}

/// Without a word of its own: runs a relay, that keeps calls for computers until they fetch them.
#[derive(Debug, Args)]
pub(crate) struct Relay {
    /// Where the relay is called (port 0: any); put a web server that speaks https in front
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8790")]
    pub(crate) listen: SocketAddr,
    #[command(subcommand)]
    pub(crate) what: Option<RelayUse>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RelayUse {
    /// Use a relay for this computer's webhooks; its invitation is asked for or read from stdin
    Join {
        /// https://relay.example.com
        address: String,
    },
    /// Which relay is used, and how it is
    Status,
    /// Use no relay any more; what waits there is lost
    Leave,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Workflow {
    /// Add a workflow from a file; it arrives switched off
    Import {
        file: PathBuf,
        /// Publish it and switch it on
        #[arg(long)]
        enable: bool,
    },
    /// Print a workflow as a document
    Export { id: WorkflowId },
    /// List all workflows
    List,
    /// Show one workflow
    Show { id: WorkflowId },
    /// Switch a workflow on
    Enable { id: WorkflowId },
    /// Switch a workflow off
    Disable { id: WorkflowId },
    /// Delete a workflow
    Delete { id: WorkflowId },
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// A workflow file, or the id of a workflow
    #[arg(value_name = "FILE|ID")]
    pub(crate) what: String,
    /// What happened, as JSON, or @FILE that holds it
    #[arg(long, value_name = "JSON|@FILE")]
    pub(crate) event: Option<String>,
    /// Only say what would happen; touches nothing
    #[arg(long, conflicts_with = "detach")]
    pub(crate) preview: bool,
    /// Don't wait to the end
    #[arg(long)]
    pub(crate) detach: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Runs {
    /// List runs, newest first
    List {
        /// Only of this workflow
        #[arg(long, value_name = "ID")]
        workflow: Option<WorkflowId>,
        /// Only in this state
        #[arg(long)]
        state: Option<State>,
        /// At most this many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// Show a run with its steps
    Show { id: RunId },
    /// Try a failed run again, and wait to the end
    Retry {
        id: RunId,
        /// All over again, which may repeat what was done
        #[arg(long)]
        from_start: bool,
    },
    /// Answer for a step of which nobody can tell whether it was done, and wait to the end
    Resolve {
        id: RunId,
        step_path: String,
        answer: Answer,
    },
    /// End a run
    Cancel { id: RunId },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Connection {
    /// Add a connection
    Add(AddConnection),
    /// Give a connection other fields or secrets; what waited for it goes on
    Replace(ReplaceConnection),
    /// List all connections
    List,
    /// Try a connection: ask the other side whether it accepts it
    Test {
        /// Its name
        name: String,
    },
    /// Remove a connection and wipe its secrets
    Remove {
        /// Its name
        name: String,
        /// Also if a workflow that is switched on uses it; its runs then wait
        #[arg(long)]
        force: bool,
    },
    /// Open the secrets: unlock the keyring, or give the pass phrase
    Unlock,
}

#[derive(Debug, Args)]
pub(crate) struct AddConnection {
    /// The connector it belongs to, such as `http`
    pub(crate) connector: String,
    /// What workflows shall call it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// A field; `kind=…` says which kind of connection it is, if the fields don't
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// A secret field: its value is the next line of standard input, or is asked for
    #[arg(long, value_name = "FIELD")]
    pub(crate) secret: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReplaceConnection {
    /// Its name
    pub(crate) name: String,
    /// Another name, for a connection that nothing uses
    #[arg(long, value_name = "NAME")]
    pub(crate) rename: Option<String>,
    /// A field that changes
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// A secret field that changes: its value is the next line of standard input, or is asked for
    #[arg(long, value_name = "FIELD")]
    pub(crate) secret: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Connectors {
    /// List all connectors with their triggers and actions
    List,
    /// Show one connector
    Show { id: String },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum State {
    Queued,
    Running,
    Waiting,
    Attention,
    Done,
}

impl From<State> for RunState {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Running => Self::Running,
            State::Waiting => Self::Waiting,
            State::Attention => Self::Attention,
            State::Done => Self::Done,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Answer {
    /// It was done
    Done,
    /// Do it again
    Again,
    /// Leave it out
    Skip,
}

impl From<Answer> for Resolution {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Done => Self::Done,
            Answer::Again => Self::Again,
            Answer::Skip => Self::Skip,
        }
    }
}
