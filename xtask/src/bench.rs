//! `cargo xtask bench`: what Errand needs while it does nothing, and how long a file takes to its
//! action. Measures the release build from outside: memory as the system counts it (PSS), CPU as
//! the scheduler does, files by looking at the folder.

mod process;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{setup, shell};
use process::{cpu_seconds, descendants, pss_mb};

/// How long the engine is left alone.
const IDLE: Duration = Duration::from_secs(60);
/// Files, one after the other, for the time to the action.
const SINGLE_FILES: usize = 50;
/// Files at once.
const BURST: usize = 1_000;

/// Prints every figure.
pub(crate) fn run() -> Result<bool> {
    setup::to_run()?;
    shell::run("ui", &["npm", "run", "--silent", "build"])?;
    let release = [
        "cargo",
        "build",
        "--release",
        "-p",
        "errand",
        "-p",
        "errand-window",
    ];
    shell::run("", &release)?;
    let world = World::new()?;
    let mut engine = world.engine()?;
    let measured = measure(&world, engine.id());
    engine.kill().ok();
    engine.wait().ok();
    fs::remove_dir_all(&world.home).ok();
    measured.map(|()| true)
}

fn measure(world: &World, engine: u32) -> Result<()> {
    for number in 0..10 {
        world.switch_on(number)?;
    }
    let median = world.file_to_action()?;
    println!(
        "a file to its action, median of {SINGLE_FILES}: {:.1} ms",
        median * 1e3
    );
    println!(
        "{BURST} files at once, all moved after: {:.2} s",
        world.burst()?
    );
    std::thread::sleep(Duration::from_secs(5));
    let before = cpu_seconds(engine)?;
    std::thread::sleep(IDLE);
    let cpu = cpu_seconds(engine)? - before;
    println!(
        "engine, ten workflows on, window closed: {:.1} MB PSS",
        pss_mb(engine)?
    );
    println!("engine, CPU in a minute of nothing: {cpu:.2} s");
    with_window(world, engine)
}

/// The window beside it, on a display of its own.
fn with_window(world: &World, engine: u32) -> Result<()> {
    let window = program("errand-window");
    let mut session = Command::new("dbus-run-session");
    session
        .args(["--", "xvfb-run", "-a", "-s", "-screen 0 1280x800x24"])
        .arg(&window);
    let session = world
        .within(&mut session)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(mut child) = session.spawn() else {
        println!("window: not measured, there is no dbus-run-session or xvfb-run");
        return Ok(());
    };
    std::thread::sleep(Duration::from_secs(15));
    let tree = descendants(child.id())?;
    let window = tree
        .iter()
        .filter(|process| process.is_of(&["errand-window", "WebKit"]));
    let total: f64 = window
        .map(|process| pss_mb(process.id).unwrap_or_default())
        .sum();
    println!(
        "window open beside it: {total:.0} MB PSS, the engine then {:.1} MB",
        pss_mb(engine)?
    );
    for process in tree {
        Command::new("kill")
            .arg(process.id.to_string())
            .stderr(Stdio::null())
            .status()
            .ok();
    }
    child.wait().ok();
    Ok(())
}

fn program(name: &str) -> PathBuf {
    shell::root().join("target/release").join(name)
}

/// A home folder of its own.
struct World {
    home: PathBuf,
}

impl World {
    fn new() -> Result<Self> {
        let home = std::env::temp_dir().join(format!("errand-bench-{}", std::process::id()));
        fs::create_dir_all(&home)?;
        Ok(Self { home })
    }

    fn within<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("HOME", &self.home)
            .env("ERRAND_DATA", self.home.join("data"))
    }

    fn engine(&self) -> Result<Child> {
        let mut command = Command::new(program("errand"));
        let engine = self
            .within(command.arg("serve").stdout(Stdio::null()))
            .spawn()?;
        wait_until(
            || self.home.join("data/engine.sock").exists(),
            "the engine is ready",
        )?;
        Ok(engine)
    }

    fn watched(&self, number: usize) -> PathBuf {
        self.home.join(format!("In{number}"))
    }

    /// A workflow that moves what appears in a folder of its own.
    fn switch_on(&self, number: usize) -> Result<()> {
        fs::create_dir_all(self.watched(number))?;
        let text = format!(
            "format: 1\nname: Move {number}\ntrigger: {{ on: files.new_file, with: {{ folder: \
             ~/In{number} }} }}\nsteps:\n  - {{ id: go, do: files.move, with: {{ file: \
             \"{{{{ trigger.path }}}}\", to: ~/Out{number}/ }} }}\n"
        );
        let file = self.home.join("workflow.yaml");
        fs::write(&file, text)?;
        let mut command = Command::new(program("errand"));
        let command = self.within(command.args(["workflow", "import", "--enable"]).arg(&file));
        let output = command.output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// Seconds from a file's last byte to its new place, the median.
    fn file_to_action(&self) -> Result<f64> {
        let mut times = Vec::new();
        for number in 0..SINGLE_FILES {
            let name = format!("single-{number}.txt");
            fs::write(self.watched(0).join(&name), "content")?;
            let began = Instant::now();
            let target = self.home.join("Out0").join(&name);
            wait_until(|| target.exists(), "the file is moved")?;
            times.push(began.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        Ok(times[times.len() / 2])
    }

    /// Seconds until all of many files are in their new place.
    fn burst(&self) -> Result<f64> {
        let began = Instant::now();
        for number in 0..BURST {
            fs::write(
                self.watched(1).join(format!("burst-{number}.txt")),
                "content",
            )?;
        }
        let moved = || count(&self.home.join("Out1")) == BURST;
        wait_until(moved, "all files are moved")?;
        Ok(began.elapsed().as_secs_f64())
    }
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

fn wait_until(holds: impl Fn() -> bool, what: &str) -> Result<()> {
    let began = Instant::now();
    while !holds() {
        if began.elapsed() > Duration::from_secs(60) {
            return Err(anyhow::anyhow!("waited a minute until {what}")).context("bench");
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    Ok(())
}
