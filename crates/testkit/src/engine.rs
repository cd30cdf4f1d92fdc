//! A running engine: the real program, which tests may kill.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader},
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::wait::{holds_within, wait_until};

const START_LIMIT: Duration = Duration::from_secs(30);
const END_LIMIT: Duration = Duration::from_secs(30);

/// `errand serve`, ended when dropped.
#[derive(Debug)]
pub struct Engine {
    child: Child,
    log: PathBuf,
    /// The ready line.
    pub ready: Value,
}

impl Engine {
    /// Starts the command and waits for its ready line. Standard error is added to `log`.
    #[track_caller]
    pub(crate) fn start(command: Command, log: PathBuf) -> Self {
        let (mut engine, first_line) = Self::spawn(command, log);
        match first_line.recv_timeout(START_LIMIT) {
            Ok(line) => engine.ready = parse_ready(&line),
            Err(_) => panic!("the engine didn't start; it said: {}", engine.said()),
        }
        engine
    }

    /// Starts a command that may end at any moment, even before its ready line.
    pub(crate) fn start_doomed(command: Command, log: PathBuf) -> Self {
        Self::spawn(command, log).0
    }

    fn spawn(mut command: Command, log: PathBuf) -> (Self, mpsc::Receiver<String>) {
        let errors = open_log(&log);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors);
        let mut child = command
            .spawn()
            .expect("the program was found, so it can be started");
        let output = child.stdout.take().expect("standard output was asked for");
        let (send, first_line) = mpsc::channel();
        // Goes on reading to the end, or the engine would one day wait for somebody to read.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = send.send(line);
            }
        });
        (
            Self {
                child,
                log,
                ready: Value::Null,
            },
            first_line,
        )
    }

    /// What the engine, and those before it in this workspace, wrote to standard error.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`, at once.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, and waits until it has.
    #[track_caller]
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(
            asked.is_ok_and(|status| status.success()),
            "the engine had already ended"
        );
        wait_until("the engine ends when asked to", END_LIMIT, || {
            self.ended().is_some()
        });
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Whether it aborts within `limit`.
    pub fn aborts_within(&mut self, limit: Duration) -> bool {
        holds_within(limit, || self.ended().is_some())
            && self
                .ended()
                .is_some_and(|status| status.signal() == Some(6))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn open_log(log: &PathBuf) -> File {
    let opened = OpenOptions::new().create(true).append(true).open(log);
    opened.expect("the workspace's folder can be written to")
}

#[track_caller]
fn parse_ready(line: &str) -> Value {
    let ready: Value = serde_json::from_str(line).unwrap_or_default();
    assert_eq!(
        ready["ready"], true,
        "the first line isn't the ready line: {line}"
    );
    ready
}
