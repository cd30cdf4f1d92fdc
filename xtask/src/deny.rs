//! Licences, bans and sources of everything that is compiled in: by cargo-deny where it is
//! installed, else by this file, which reads the same `deny.toml`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::licence;
use crate::part::Tally;
use crate::shell::{answer, root};

/// How cargo writes where its own registry's index is, whatever the host.
const REGISTRY: &str = "registry+";

/// Adds the check to what has been tested.
pub(crate) fn check(tally: &mut Tally) -> Result<()> {
    if answer(&["cargo", "deny", "--version"]).is_some() {
        let line = [
            "cargo",
            "deny",
            "--all-features",
            "check",
            "bans",
            "licenses",
            "sources",
        ];
        return tally.run("dependencies", "", &line);
    }
    tally.check("dependencies", problems)
}

fn problems() -> Result<Vec<String>> {
    let rules: toml::Table = fs::read_to_string(root().join("deny.toml"))?.parse()?;
    let arguments = [
        "cargo",
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--all-features",
    ];
    let metadata = answer(&arguments).context("`cargo metadata --locked` failed")?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let mut problems = Vec::new();
    problems.extend(
        packages
            .iter()
            .filter_map(|it| bad_licence(it, &allowed(&rules))),
    );
    problems.extend(packages.iter().filter_map(bad_source));
    for ban in bans(&rules) {
        problems.extend(ban.broken_by(&metadata));
    }
    Ok(problems)
}

fn allowed(rules: &toml::Table) -> Vec<String> {
    let licences = rules.get("licenses").and_then(|it| it.get("allow"));
    strings(licences)
}

fn bad_licence(package: &Value, allowed: &[String]) -> Option<String> {
    let licence = package["license"].as_str().unwrap_or("no licence");
    let problem = || format!("{}: {licence} isn't allowed by deny.toml", name(package));
    (!licence::is_met(licence, allowed)).then(problem)
}

fn bad_source(package: &Value) -> Option<String> {
    let source = package["source"].as_str()?;
    (!source.starts_with(REGISTRY)).then(|| format!("{} comes from {source}", name(package)))
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap_or_default()
}

/// A crate that nobody, or only its wrappers, may use directly.
struct Ban {
    name: String,
    wrappers: Vec<String>,
}

fn bans(rules: &toml::Table) -> Vec<Ban> {
    let listed = rules
        .get("bans")
        .and_then(|it| it.get("deny"))
        .and_then(|it| it.as_array());
    let ban = |entry: &toml::Value| {
        let name = entry.get("crate")?.as_str()?.to_owned();
        Some(Ban {
            name,
            wrappers: strings(entry.get("wrappers")),
        })
    };
    listed.into_iter().flatten().filter_map(ban).collect()
}

impl Ban {
    fn broken_by(&self, metadata: &Value) -> Vec<String> {
        let names = names(metadata);
        let nodes = metadata["resolve"]["nodes"]
            .as_array()
            .into_iter()
            .flatten();
        let name_of = |id: &Value| names.get(id.as_str().unwrap_or_default()).copied();
        let users = nodes.filter(|node| {
            let used = node["dependencies"].as_array().into_iter().flatten();
            used.filter_map(name_of).any(|name| name == self.name)
        });
        let users = users.filter_map(|node| name_of(&node["id"]));
        let strangers = users.filter(|user| !self.wrappers.iter().any(|it| it == user));
        strangers
            .map(|user| format!("{user} must not use {}", self.name))
            .collect()
    }
}

fn names(metadata: &Value) -> BTreeMap<&str, &str> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter_map(|it| Some((it["id"].as_str()?, it["name"].as_str()?)))
        .collect()
}

fn strings(list: Option<&toml::Value>) -> Vec<String> {
    let list = list.and_then(|it| it.as_array()).into_iter().flatten();
    list.filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}
