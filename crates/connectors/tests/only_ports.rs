//! Connectors reach the world only through ports.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

const FORBIDDEN: [&str; 7] = [
    "std::fs",
    "tokio::fs",
    "std::net",
    "tokio::net",
    "std::process",
    "tokio::process",
    "reqwest",
];

#[test]
fn no_connector_touches_the_world_directly() {
    let mut found = Vec::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    search(&sources.join("builtin"), &mut found);
    search(&sources.join("builtin.rs"), &mut found);
    assert!(found.is_empty(), "use a port instead: {found:#?}");
}

#[test]
fn only_the_network_port_knows_the_client() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (port, mut found) = (sources.join("ports/net"), Vec::new());
    search(&sources, &mut found);
    let is_elsewhere =
        |line: &&String| line.contains("reqwest") && !Path::new(line.as_str()).starts_with(&port);
    let found: Vec<_> = found.iter().filter(is_elsewhere).collect();
    assert!(found.is_empty(), "use the port `Net` instead: {found:#?}");
}

fn search(path: &Path, found: &mut Vec<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            search(&entry.unwrap().path(), found);
        }
        return;
    }
    for (number, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
        // `use std::{fs, path::Path}` names it too.
        let grouped = line.contains("std::{")
            && ["fs", "net", "process"].iter().any(|module| {
                line.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .any(|word| word == *module)
            });
        if grouped || FORBIDDEN.iter().any(|name| line.contains(name)) {
            found.push(format!(
                "{}:{}: {}",
                path.display(),
                number + 1,
                line.trim()
            ));
        }
    }
}
