//! Installs what is missing: Debian packages by apt, npm packages from the lock files.

use std::path::Path;

use anyhow::{Result, bail};

use crate::shell::{answer, command, root, run};

/// What the window is built with.
const TO_BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "libsoup-3.0-dev",
    "libjavascriptcoregtk-4.1-dev",
];

/// What the tests look at the window and the browser with.
const TO_TEST: &[&str] = &[
    "xvfb",
    "openbox",
    "xdotool",
    "imagemagick",
    "dbus",
    "gnome-keyring",
    "webkit2gtk-driver",
    "chromium",
    "python3-dbus",
    "python3-gi",
    "adwaita-icon-theme",
    "fonts-noto-core",
    "libgl1-mesa-dri",
];

/// Everything that building and running needs.
pub(crate) fn to_run() -> Result<()> {
    node()?;
    packages(TO_BUILD)?;
    npm("ui")
}

/// Everything that the tests need besides.
pub(crate) fn to_test() -> Result<()> {
    node()?;
    packages(&[TO_BUILD, TO_TEST].concat())?;
    npm("ui")?;
    npm("tests/e2e")
}

fn node() -> Result<()> {
    let version = answer(&["node", "--version"]).unwrap_or_default();
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    match major.parse::<u32>() {
        Ok(20..) => Ok(()),
        Ok(_) => bail!(
            "Node {} is too old: install Node 20 or newer.",
            version.trim()
        ),
        Err(_) => bail!("Node isn't there: install Node 20 or newer."),
    }
}

fn packages(wanted: &[&str]) -> Result<()> {
    if answer(&["dpkg-query", "--version"]).is_none() {
        println!(
            "Not a Debian system: what Debian calls {} must be there.",
            wanted.join(", ")
        );
        return Ok(());
    }
    let missing: Vec<_> = wanted
        .iter()
        .copied()
        .filter(|name| !is_installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing {}", missing.join(" "));
    apt(&["update", "--quiet=2"])?;
    apt(&[
        &["install", "--yes", "--quiet=2", "--no-install-recommends"],
        missing.as_slice(),
    ]
    .concat())
}

fn is_installed(package: &str) -> bool {
    answer(&[
        "dpkg-query",
        "--show",
        "--showformat=${db:Status-Status}",
        package,
    ])
    .is_some_and(|status| status == "installed")
}

/// As root directly, else through sudo, which may ask for a password.
fn apt(arguments: &[&str]) -> Result<()> {
    let is_root = answer(&["id", "--user"]).is_some_and(|id| id.trim() == "0");
    let asked: &[&str] = if is_root { &[] } else { &["sudo"] };
    let quietly = &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    run("", &[asked, quietly, arguments].concat())
}

/// Installs exactly what the lock file says, unless that is what is there.
fn npm(folder: &str) -> Result<()> {
    let lock = root().join(folder).join("package-lock.json");
    let installed = root().join(folder).join("node_modules/.package-lock.json");
    if is_newer(&installed, &lock) {
        return Ok(());
    }
    println!("Installing the npm packages of {folder}");
    let output = command(
        folder,
        &["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    )
    .output()?;
    if !output.status.success() {
        bail!(
            "`npm ci` failed in {folder}:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

fn is_newer(file: &Path, than: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|it| it.modified());
    matches!((changed(file), changed(than)), (Ok(file), Ok(than)) if file >= than)
}
