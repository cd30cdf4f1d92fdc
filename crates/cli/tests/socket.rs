//! The private socket, as the window uses it: starting, calling, hearing, quitting, crashing.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use errand_protocol::{
    AppEvent, FailureKind,
    client::start_engine,
    commands::{EngineQuit, EngineStatusGet},
    wire::SOCKET,
};
use errand_testkit::Workspace;

const ERRAND: &str = env!("CARGO_BIN_EXE_errand");

#[tokio::test]
async fn an_engine_starts_answers_and_says_goodbye_even_in_a_deep_folder() {
    let space = Workspace::new();
    let folder = space.data().join("deep".repeat(30));
    let client = start_engine(Path::new(ERRAND), &folder).await.unwrap();
    let again = start_engine(Path::new("no-such-program"), &folder)
        .await
        .unwrap();

    let status = client.call(&EngineStatusGet {}).await.unwrap();
    assert_eq!(status.data_folder, folder.display().to_string());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join(SOCKET))), (0o700, 0o600));

    let mut events = again.subscribe().await.unwrap();
    client.call(&EngineQuit {}).await.unwrap();
    assert_eq!(events.recv().await.unwrap(), AppEvent::EngineQuitting);
    assert_eq!(events.recv().await.unwrap(), AppEvent::EngineStopped);
    let failure = client.call(&EngineStatusGet {}).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::EngineGone);
}

#[tokio::test]
async fn an_engine_that_ends_at_once_says_why() {
    let space = Workspace::new();
    let folder = space.data();
    fs::write(
        folder.join("errand.db"),
        "not a database, but long enough to be read",
    )
    .unwrap();
    let failure = start_engine(Path::new(ERRAND), &folder).await.unwrap_err();
    assert!(failure.message.contains("database"), "{failure:?}");
    assert!(failure.hint.is_some());
}

#[test]
fn a_socket_left_by_a_crash_is_in_nobodys_way() {
    let space = Workspace::new();
    space.start().kill();
    assert!(space.data().join(SOCKET).exists());
    space.errand(&["workflow", "list"]).ok();
    let second = space.start();
    space.errand(&["doctor"]).ok();
    second.stop();
}
