//! A real keyring (gnome-keyring) on a session bus of its own.

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use errand_testkit::{Workspace, wait_until};

const LOGIN: &str = "/org/freedesktop/secrets/collection/login";
const SOON: Duration = Duration::from_secs(20);

/// The bus and the keyring on it; both end with it.
pub(super) struct Keyring {
    home: PathBuf,
    address: String,
    bus: Child,
    daemon: Child,
}

impl Keyring {
    /// Starts both; the keyring is unlocked.
    pub(super) fn start(workspace: &Workspace) -> Self {
        let home = workspace.data().with_file_name("keyring");
        std::fs::create_dir_all(&home).unwrap();
        let mut bus = surroundings(Command::new("dbus-daemon"), &home)
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed (`cargo xtask test` installs it)");
        let mut address = String::new();
        let output = bus.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let daemon = start_daemon(&home, &address);
        let keyring = Self {
            home,
            address,
            bus,
            daemon,
        };
        keyring.until_it_answers();
        keyring
    }

    /// Where the bus is.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// As when the screen is locked for long, or after logging in without a password.
    pub(super) fn lock(&self) {
        let service = "org.freedesktop.Secret.Service.Lock";
        self.call(
            "/org/freedesktop/secrets",
            service,
            &[&format!("array:objpath:{LOGIN}")],
        );
    }

    /// As when the person has typed their password.
    pub(super) fn unlock(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
        self.daemon = start_daemon(&self.home, &self.address);
        self.until_it_answers();
    }

    /// Makes it stand still, and go on.
    pub(super) fn hangs(&self, hangs: bool) {
        let signal = if hangs { "-STOP" } else { "-CONT" };
        let process = self.daemon.id().to_string();
        let sent = Command::new("kill").args([signal, &process]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }

    /// Removes what Errand keeps.
    pub(super) fn forget(&self) {
        for item in self.items() {
            self.call(&item, "org.freedesktop.Secret.Item.Delete", &[]);
        }
        assert_eq!(self.keys(), 0, "the key is gone");
    }

    /// How many keys of Errand it has.
    pub(super) fn keys(&self) -> usize {
        self.items().len()
    }

    fn items(&self) -> Vec<String> {
        let search = "org.freedesktop.Secret.Service.SearchItems";
        let found = self.call(
            "/org/freedesktop/secrets",
            search,
            &["dict:string:string:service,Errand"],
        );
        let paths = found.split('"').filter(|text| text.starts_with(LOGIN));
        paths.map(str::to_owned).collect()
    }

    fn until_it_answers(&self) {
        wait_until("the keyring answers", SOON, || {
            let arguments = ["string:org.freedesktop.secrets"];
            let method = "org.freedesktop.DBus.NameHasOwner";
            self.ask("org.freedesktop.DBus", "/", method, &arguments)
                .contains("true")
        });
        wait_until("the keyring is open", SOON, || {
            let arguments = ["string:org.freedesktop.Secret.Collection", "string:Locked"];
            let method = "org.freedesktop.DBus.Properties.Get";
            self.call(LOGIN, method, &arguments).contains("false")
        });
    }

    fn call(&self, path: &str, method: &str, arguments: &[&str]) -> String {
        self.ask("org.freedesktop.secrets", path, method, arguments)
    }

    fn ask(&self, service: &str, path: &str, method: &str, arguments: &[&str]) -> String {
        let output = surroundings(Command::new("dbus-send"), &self.home)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .args([
                "--session",
                "--print-reply",
                &format!("--dest={service}"),
                path,
                method,
            ])
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for child in [&mut self.daemon, &mut self.bus] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn start_daemon(home: &PathBuf, address: &str) -> Child {
    let mut daemon = surroundings(Command::new("gnome-keyring-daemon"), home)
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gnome-keyring is installed (`cargo xtask test` installs it)");
    let mut input = daemon.stdin.take().unwrap();
    input.write_all(b"the password of the login").unwrap();
    daemon
}

/// Nothing of the tester's own session, and no screen to ask on.
fn surroundings(mut command: Command, home: &PathBuf) -> Command {
    command
        .env_clear()
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home);
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command
}
