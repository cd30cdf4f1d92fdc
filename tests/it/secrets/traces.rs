//! Looks for secrets wherever Errand could leave them: every file of the workspace (database, its
//! log, logs), and what other programs can see of running ones.

use std::{
    fs,
    path::{Path, PathBuf},
};

use errand_testkit::Workspace;

/// Everything that was found, by where.
pub(super) struct Traces(Vec<(PathBuf, Vec<u8>)>);

impl Traces {
    /// What there is now.
    pub(super) fn of(workspace: &Workspace) -> Self {
        let mut found = Vec::new();
        let data = workspace.data();
        add(data.parent().unwrap_or(&data), &mut found);
        assert!(
            found.iter().any(|(path, _)| path.ends_with("errand.db")),
            "the database was read"
        );
        found.extend(Self::of_processes(workspace).0);
        Self(found)
    }

    /// What every program can see of those that work in the workspace.
    pub(super) fn of_processes(workspace: &Workspace) -> Self {
        let data = workspace.data().display().to_string();
        let mut found = Vec::new();
        for process in fs::read_dir("/proc").unwrap().flatten() {
            let path = process.path().join("cmdline");
            let line = fs::read(&path).unwrap_or_default();
            if String::from_utf8_lossy(&line).contains(&data) {
                let environ = process.path().join("environ");
                found.extend(fs::read(&environ).ok().map(|bytes| (environ, bytes)));
                found.push((path, line));
            }
        }
        Self(found)
    }

    /// Adds what somebody was shown.
    pub(super) fn and(mut self, what: &str, shown: &str) -> Self {
        self.0.push((what.into(), shown.as_bytes().to_vec()));
        self
    }

    /// Fails the test where one of these stands somewhere.
    #[track_caller]
    pub(super) fn have_none(&self, canaries: &[&str]) {
        for (path, bytes) in &self.0 {
            for canary in canaries {
                let found = bytes
                    .windows(canary.len())
                    .any(|part| part == canary.as_bytes());
                assert!(!found, "“{canary}” stands in {}", path.display());
            }
        }
    }
}

fn add(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    // The keyring's own folder is where the key belongs, and a file with the pass phrase is the
    // person's.
    if folder.ends_with("keyring") {
        return;
    }
    for path in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|it| it.path())
    {
        match path.is_dir() {
            true => add(&path, found),
            false if path.ends_with("pass phrase") => {}
            false => found.extend(fs::read(&path).ok().map(|bytes| (path, bytes))),
        }
    }
}
