//! A process that dies at a commit: what was not committed is gone as a whole, what was is there.
//! Needs the feature `faults`.
#![cfg(feature = "faults")]
#![allow(clippy::unwrap_used)]

mod common;

use common::at;
use errand_store::Store;
use serde_json::json;

const FOLDER: &str = "ERRAND_TEST_FOLDER";

/// Run in a process of its own by the test below; harmless without its folder.
#[tokio::test]
async fn the_child_that_dies() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = Store::open(folder.as_ref(), at(0)).unwrap();
    for key in ["first", "second"] {
        let _ = store.write(|tx| tx.put_setting(key, &json!(true))).await;
    }
}

async fn survivors_of(fault: &str) -> Vec<bool> {
    let folder = tempfile::tempdir().unwrap();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_child_that_dies"])
        .env(FOLDER, folder.path())
        .env("ERRAND_FAULT", fault)
        .output()
        .unwrap();
    assert!(!child.status.success(), "the child should have died");
    let store = Store::open(folder.path(), at(1)).unwrap();
    assert!(!store.was_clean());
    store
        .read(|view| {
            ["first", "second"]
                .iter()
                .map(|key| Ok(view.setting(key)?.is_some()))
                .collect()
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_process_that_dies_around_a_commit_keeps_exactly_what_was_committed() {
    assert_eq!(survivors_of("store.before_commit").await, [false, false]);
    assert_eq!(survivors_of("store.after_commit").await, [true, false]);
    assert_eq!(survivors_of("store.before_commit:2").await, [true, false]);
    assert_eq!(survivors_of("store.after_commit:2").await, [true, true]);
}
