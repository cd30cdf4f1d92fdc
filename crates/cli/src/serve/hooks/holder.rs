//! Which program listens at a port, as far as the system tells.

use std::{fs, path::Path};

/// "nginx (process 812)".
pub(super) fn of(port: u16) -> Option<String> {
    let sockets = ["/proc/net/tcp", "/proc/net/tcp6"];
    let tables = sockets
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok());
    let inode = tables
        .into_iter()
        .find_map(|table| listener(&table, port))?;
    let process = owner(&inode)?;
    let name = fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    Some(format!("{} (process {process})", name.trim()))
}

/// The socket's number in a table of `/proc/net`.
fn listener(table: &str, port: u16) -> Option<String> {
    let ending = format!(":{port:04X}");
    let mut rows = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows.find(|row| {
        let is_there = row.get(1).is_some_and(|address| address.ends_with(&ending));
        is_there && row.get(3) == Some(&"0A")
    })?;
    row.get(9).map(|inode| (*inode).to_owned())
}

fn owner(inode: &str) -> Option<String> {
    let wanted = format!("socket:[{inode}]");
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut processes = processes.filter(|entry| {
        let name = entry.file_name();
        name.to_string_lossy()
            .bytes()
            .all(|byte| byte.is_ascii_digit())
    });
    let found = processes.find(|entry| has_open(&entry.path(), &wanted))?;
    Some(found.file_name().to_string_lossy().into_owned())
}

fn has_open(process: &Path, wanted: &str) -> bool {
    let Ok(open) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    let mut links = open
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path()).ok());
    links.any(|link| link.as_os_str() == wanted)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_program_that_has_a_port_is_named() {
        let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("some port is free");
        let port = taken.local_addr().expect("it has an address").port();
        let holder = super::of(port).expect("it is this program");
        assert!(holder.contains(&std::process::id().to_string()), "{holder}");
    }
}
