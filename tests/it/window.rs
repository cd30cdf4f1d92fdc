//! The window's settings: a page in it can do what is listed here and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const COMMANDS: [&str; 3] = ["pick_file", "pick_folder", "rpc"];
const EVENTS: [&str; 2] = ["listen", "unlisten"];

#[test]
fn a_page_gets_no_more_than_it_needs() {
    let app = json("tauri.conf.json")["app"].clone();
    assert_eq!(app["withGlobalTauri"], false);
    assert!(read("src/prototype.js").contains("Object.freeze(shared);"));
    assert!(read("src/window.rs").contains(".initialization_script(CLOSED_PROTOTYPE)"));
    assert_eq!(app["security"]["pattern"]["use"], "isolation");
    assert_eq!(app["security"]["capabilities"], serde_json::json!(["main"]));
    assert_eq!(app["security"]["assetProtocol"]["enable"], false);
    assert!(app["security"]["dangerousDisableAssetCspModification"].is_null());
    assert!(
        !read("Cargo.toml").contains("devtools"),
        "no developer tools in a release"
    );
}

#[test]
fn a_page_loads_nothing_from_elsewhere() {
    let policy = json("tauri.conf.json")["app"]["security"]["csp"].clone();
    for (directive, sources) in policy.as_object().unwrap() {
        for source in sources.as_str().unwrap().split(' ') {
            let own = ["'self'", "'none'", "data:", "ipc:", "http://ipc.localhost"];
            let allowed = own.contains(&source) || source.starts_with("'sha256-");
            assert!(allowed, "{directive} {source}");
        }
    }
    for closed in [
        "default-src",
        "object-src",
        "base-uri",
        "form-action",
        "frame-ancestors",
    ] {
        assert_eq!(policy[closed], "'none'", "{closed}");
    }
    assert_eq!(policy["script-src"], "'self'");
}

#[test]
fn the_window_declares_permits_and_lets_through_the_same_commands() {
    let capability = json("capabilities/main.json");
    let permitted: BTreeSet<_> = capability["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    let own = COMMANDS.map(|it| format!("allow-{}", it.replace('_', "-")));
    let events = EVENTS.map(|it| format!("core:event:allow-{it}"));
    let expected: BTreeSet<_> = own.iter().chain(&events).map(String::as_str).collect();
    assert_eq!(permitted, expected);
    assert_eq!(capability["windows"], serde_json::json!(["main"]));

    let declared = read("build.rs");
    let filter = read("isolation/index.js");
    for command in COMMANDS {
        assert!(
            declared.contains(&format!("\"{command}\"")),
            "{command} isn't declared"
        );
        assert!(
            filter.contains(&format!("\"{command}\"")),
            "{command} isn't let through"
        );
    }
    assert_eq!(filter.matches("\",").count(), COMMANDS.len() + EVENTS.len());
}

fn json(file: &str) -> Value {
    serde_json::from_str(&read(file)).unwrap()
}

fn read(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri");
    fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}
