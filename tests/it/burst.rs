//! Many files at once, and the independent look at what became of them.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use errand_testkit::{Workspace, folders, wait_until};
use serde_json::Value;

/// Files whose names and contents are all different.
pub(crate) struct Burst {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Burst {
    /// That many PDFs.
    pub(crate) fn of(count: usize) -> Self {
        let named = |number| PathBuf::from(format!("invoice {number:04}.pdf"));
        let content = |number| format!("%PDF-1.7\ninvoice {number}\n").into_bytes();
        Self {
            files: (0..count)
                .map(|number| (named(number), content(number)))
                .collect(),
        }
    }

    /// Puts all of them into `~/In`.
    pub(crate) fn arrive(&self, workspace: &Workspace) {
        for number in 0..self.files.len() {
            self.one_arrives(workspace, number);
        }
    }

    /// Puts one of them into `~/In`.
    pub(crate) fn one_arrives(&self, workspace: &Workspace, number: usize) {
        let (name, content) = self
            .files
            .iter()
            .nth(number)
            .expect("there are that many files");
        workspace.write(&format!("In/{}", name.display()), content);
    }

    /// Waits until `~/Out` holds as many files, then until each run has ended well.
    #[track_caller]
    pub(crate) fn wait_until_moved(&self, workspace: &Workspace, workflow: &str, limit: Duration) {
        let out = workspace.path("Out");
        wait_until("every file is moved", limit, || {
            folders::count(&out) >= self.files.len()
        });
        wait_until_quiet(workspace, workflow, limit);
    }

    /// Fails the test unless `folder` holds exactly these files, with their contents.
    #[track_caller]
    pub(crate) fn is_in(&self, workspace: &Workspace, folder: &str) {
        let found = folders::contents(&workspace.path(folder));
        let hash = |(name, content): (&PathBuf, &Vec<u8>)| (name.clone(), folders::hash(content));
        let meant: BTreeMap<_, _> = self.files.iter().map(hash).collect();
        let lost: Vec<_> = meant
            .keys()
            .filter(|name| !found.contains_key(*name))
            .collect();
        let extra: Vec<_> = found
            .keys()
            .filter(|name| !meant.contains_key(*name))
            .collect();
        assert!(lost.is_empty(), "lost from {folder}: {lost:?}");
        assert!(extra.is_empty(), "too many in {folder}: {extra:?}");
        assert_eq!(found, meant, "contents differ in {folder}");
    }

    /// Fails the test unless there is one run for each file, each of which ended well.
    #[track_caller]
    pub(crate) fn has_one_good_run_each(&self, workspace: &Workspace, workflow: &str) {
        let runs = workspace.runs(workflow);
        let bad: Vec<&Value> = runs.iter().filter(|run| run["outcome"] != "ok").collect();
        assert!(
            bad.is_empty(),
            "{} of {} runs didn't end well: {bad:#?}",
            bad.len(),
            runs.len()
        );
        assert_eq!(runs.len(), self.files.len(), "runs");
    }
}

/// Waits until no run is queued, going on or waiting.
#[track_caller]
pub(crate) fn wait_until_quiet(workspace: &Workspace, workflow: &str, limit: Duration) {
    wait_until("every run has ended", limit, || {
        is_quiet(workspace, workflow)
    });
}

/// Whether nothing is queued, going on or waiting. Asks for little, since it is asked often.
fn is_quiet(workspace: &Workspace, workflow: &str) -> bool {
    ["queued", "running", "waiting"].iter().all(|state| {
        let of = [
            "runs",
            "list",
            "--workflow",
            workflow,
            "--state",
            state,
            "--limit",
            "1",
        ];
        workspace.json(&of).as_array().is_some_and(Vec::is_empty)
    })
}
