//! Processes as `/proc` shows them.

use std::fs;

use anyhow::{Context, Result};

/// One process.
pub(super) struct Process {
    pub(super) id: u32,
    name: String,
    parent: u32,
}

impl Process {
    /// Whether its program's name begins with one of these.
    pub(super) fn is_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.starts_with(name))
    }
}

/// A process's memory in MB (10⁶ bytes), shared pages counted in proportion.
pub(super) fn pss_mb(id: u32) -> Result<f64> {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kilobytes = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
    let kilobytes: f64 = kilobytes
        .context("no PSS in smaps_rollup")?
        .trim()
        .parse()?;
    Ok(kilobytes * 1024.0 / 1e6)
}

/// The CPU time a process has used, in seconds (user and system).
pub(super) fn cpu_seconds(id: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |index: usize| fields.split_whitespace().nth(index)?.parse::<f64>().ok();
    let (user, system) = (ticks(11), ticks(12));
    // The kernel reports in hundredths of a second on every Linux that Errand runs on.
    Ok(user.zip(system).map_or(0.0, |(user, system)| user + system) / 100.0)
}

/// The process and all it started, directly or not.
pub(super) fn descendants(root: u32) -> Result<Vec<Process>> {
    let all: Vec<Process> = fs::read_dir("/proc")?
        .flatten()
        .filter_map(|entry| read(&entry))
        .collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(
            all.iter()
                .filter(|process| process.parent == parent)
                .map(|p| p.id),
        );
        next += 1;
    }
    Ok(all
        .into_iter()
        .filter(|process| found.contains(&process.id))
        .collect())
}

fn read(entry: &fs::DirEntry) -> Option<Process> {
    let id = entry.file_name().to_str()?.parse().ok()?;
    let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
    let parent = rest.split_whitespace().nth(1)?.parse().ok()?;
    Some(Process {
        id,
        name: name.to_owned(),
        parent,
    })
}
