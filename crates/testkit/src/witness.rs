//! The witness: a process of its own that is called by steps and writes every request down, on
//! disk, before it answers. What really happened is what it wrote, whatever the engine believes.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// How the witness behaves once a request is on its disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Answers 200 with JSON.
    Answers,
    /// Hangs up on the first request and answers the later ones: the first reply is lost.
    LosesFirstReply,
}

/// A running witness, ended when dropped.
#[derive(Debug)]
pub struct Witness {
    child: Child,
    log: PathBuf,
    /// `http://127.0.0.1:PORT`
    pub address: String,
}

impl Witness {
    /// Starts one that writes to `log`.
    #[track_caller]
    pub fn start(log: &Path, manner: Manner) -> Self {
        let mut command = Command::new(program());
        command.arg(log).stdout(Stdio::piped()).stdin(Stdio::null());
        if manner == Manner::LosesFirstReply {
            command.arg("--lose-first-reply");
        }
        let mut child = command.spawn().expect("the witness can be started");
        let output = child.stdout.take().expect("standard output was asked for");
        let mut address = String::new();
        BufReader::new(output)
            .read_line(&mut address)
            .expect("the witness says where it is");
        Self {
            child,
            log: log.to_owned(),
            address: address.trim().to_owned(),
        }
    }

    /// Every request, in the order in which they were written down.
    pub fn saw(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("whole lines are JSON"))
            .collect()
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn program() -> PathBuf {
    let test = env::current_exe().expect("the test program knows where it is");
    let program = test
        .ancestors()
        .nth(2)
        .unwrap_or(&test)
        .join("errand-witness");
    assert!(
        program.exists(),
        "{} isn't there. Run `cargo xtask test`, or build it first with `cargo build -p \
         errand-testkit`.",
        program.display()
    );
    program
}
