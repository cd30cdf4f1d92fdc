//! A server that is down for a while: it is spared, nothing gives up on it, and everything goes on
//! when it is back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use errand_testkit::{
    Workspace,
    site::{Reply, site},
    wait_until,
};
use serde_json::json;

use crate::burst::{Burst, wait_until_quiet};

const SOON: Duration = Duration::from_secs(60);
/// The longest until a server that is back is noticed, and then some for the runs themselves.
const NOTICED: Duration = Duration::from_secs(45);
const RUNS: usize = 40;

/// A server that is down until it is told otherwise.
struct Shaky {
    address: String,
    is_up: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Shaky {
    fn down() -> Self {
        let (is_up, asked) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicUsize::new(0)),
        );
        let (up, count) = (Arc::clone(&is_up), Arc::clone(&asked));
        let address = site(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            match up.load(Ordering::SeqCst) {
                true => Reply::json(&json!({ "ok": true })),
                false => Reply::status(500),
            }
        });
        Self {
            address,
            is_up,
            asked,
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[test]
fn forty_runs_spare_a_server_that_is_down_and_all_go_on_soon_after_it_is_back() {
    let workspace = Workspace::new();
    workspace.folder("In");
    let shaky = Shaky::down();
    let workflow = workspace.enable(&format!(
        r#"
format: 1
name: Announce new files
trigger:
  on: files.new_file
  with: {{ folder: ~/In, matching: "*.pdf" }}
steps:
  - id: announce
    do: http.request
    with:
      method: PUT
      url: "{}/files"
      json: {{ name: "{{{{ trigger.name }}}}" }}
"#,
        shaky.address
    ));
    let _engine = workspace.start();
    let burst = Burst::of(RUNS);
    burst.arrive(&workspace);
    let began = Instant::now();
    wait_until("all runs wait", SOON, || {
        let runs = workspace.runs(&workflow);
        let waiting = runs.iter().filter(|run| run["state"] == "waiting");
        waiting.count() == RUNS
    });
    // Five failures, those under way at that moment, and a trial every half minute.
    let trials = began.elapsed().as_secs() as usize / 30 + 1;
    let during = shaky.asked();
    assert!(
        during <= 5 + 4 + trials,
        "{during} requests while it was down"
    );

    shaky.is_up.store(true, Ordering::SeqCst);
    wait_until_quiet(&workspace, &workflow, NOTICED);
    burst.has_one_good_run_each(&workspace, &workflow);
    let tries = shaky.asked() - during;
    assert!(
        (RUNS..RUNS + 4).contains(&tries),
        "{tries} requests after it was back"
    );
}
