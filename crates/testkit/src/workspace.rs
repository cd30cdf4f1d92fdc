//! A person's home and Errand's data folder, made for one test and gone after it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Answer, Engine};

/// The two folders, and the program that works in them.
#[derive(Debug)]
pub struct Workspace {
    root: TempDir,
}

impl Workspace {
    /// Empty folders.
    #[expect(clippy::new_without_default, reason = "it makes folders on disk")]
    pub fn new() -> Self {
        let root = TempDir::with_prefix("errand-").expect("there is a folder for temporary files");
        for name in ["home", "data"] {
            fs::create_dir(root.path().join(name)).expect("the new folder can be written to");
        }
        Self { root }
    }

    /// The person's home folder, which `~` stands for.
    pub fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// Errand's data folder. It lies outside home, so that looks at home see only the person's.
    pub fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    /// A place below home.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.home().join(relative)
    }

    /// Makes a folder below home.
    pub fn folder(&self, relative: &str) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(&path).expect("home can be written to");
        path
    }

    /// Writes a file below home, with the folders it needs.
    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap_or(&path)).expect("home can be written to");
        fs::write(&path, content).expect("home can be written to");
        path
    }

    /// What stands in a file below home; empty if it isn't there.
    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_default()
    }

    /// Writes a document beside home and data, for the command line to read.
    pub fn document(&self, text: &str) -> String {
        let path = self
            .root
            .path()
            .join(format!("{}.yaml", blake3::hash(text.as_bytes()).to_hex()));
        fs::write(&path, text).expect("the workspace can be written to");
        path.display().to_string()
    }

    /// Runs `errand --data … ARGS` and waits for its end.
    #[track_caller]
    pub fn errand(&self, args: &[&str]) -> Answer {
        let call = format!("errand {}", args.join(" "));
        match Answer::to(self.command(args), &call) {
            Some(answer) => answer,
            None => panic!("`{call}` hasn't ended; the engine said: {}", self.said()),
        }
    }

    /// Runs `errand … --json` and gives what it printed.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        self.errand(&args).ok().json()
    }

    /// Imports and switches on a document; gives the workflow's id.
    #[track_caller]
    pub fn enable(&self, document: &str) -> String {
        self.import(document, &["--enable"])
    }

    /// Imports a document with these further arguments; gives the workflow's id.
    #[track_caller]
    pub fn import(&self, document: &str, more: &[&str]) -> String {
        let file = self.document(document);
        let args: Vec<&str> = ["workflow", "import", &file]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let imported = self.errand(&args).ok().json();
        imported["id"]
            .as_str()
            .expect("an import prints the workflow's id")
            .to_owned()
    }

    /// The runs of a workflow, newest first.
    #[track_caller]
    pub fn runs(&self, workflow: &str) -> Vec<Value> {
        let listed = self.json(&["runs", "list", "--workflow", workflow, "--limit", "100000"]);
        listed.as_array().expect("a listing is an array").clone()
    }

    /// Starts the engine and waits until it is ready.
    #[track_caller]
    pub fn start(&self) -> Engine {
        self.start_command(self.command(&["serve"]))
    }

    /// Starts the engine by this command (`serve` with changed surroundings) and waits until it is
    /// ready.
    #[track_caller]
    pub fn start_command(&self, command: Command) -> Engine {
        Engine::start(command, self.log())
    }

    /// Starts the engine with these further arguments.
    #[track_caller]
    pub fn start_with(&self, more: &[&str]) -> Engine {
        let args: Vec<&str> = ["serve"].iter().chain(more).copied().collect();
        Engine::start(self.command(&args), self.log())
    }

    /// Starts an engine that aborts at this fault point (`point` or `point:N` for the Nth time).
    pub fn start_doomed(&self, fault: &str) -> Engine {
        let mut command = self.command(&["serve"]);
        command.env("ERRAND_FAULT", fault);
        self.start_doomed_command(command)
    }

    /// Starts an engine by a command that may end at any moment.
    pub fn start_doomed_command(&self, command: Command) -> Engine {
        Engine::start_doomed(command, self.log())
    }

    /// The program with this workspace's folders and nothing of the surroundings: no desktop.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.env_clear().current_dir(self.root.path());
        for kept in ["PATH", "LANG", "TMPDIR"] {
            command.envs(env::var_os(kept).map(|value| (kept, value)));
        }
        command.env("HOME", self.home()).env("TZ", "UTC");
        command.arg("--data").arg(self.data()).args(args);
        command
    }

    fn said(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.root.path().join("engine.log")
    }
}

/// The real program: `errand` beside the folder of the running test program, unless
/// `ERRAND_PROGRAM` names another.
#[track_caller]
fn program() -> PathBuf {
    if let Some(named) = env::var_os("ERRAND_PROGRAM") {
        return named.into();
    }
    let test = env::current_exe().expect("the test program knows where it is");
    let program = test.ancestors().nth(2).unwrap_or(&test).join("errand");
    assert!(
        program.exists(),
        "{} isn't there. Run `cargo xtask test`, or build it first with `cargo build -p errand \
         --features faults`.",
        program.display()
    );
    program
}
