//! Start at login: the desktop's autostart entry for the engine.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use errand_protocol::{Failure, FailureKind, system_words};

/// Writes or removes the entry that starts the engine of this data folder.
pub(crate) fn set(folder: &Path, start: bool) -> Result<(), Failure> {
    let file = file()?;
    let done = match start {
        true => env::current_exe().and_then(|program| write(&file, &entry(&program, folder))),
        false => remove(&file),
    };
    done.map_err(|error| {
        let message = format!(
            "Starting at login can't be changed: {}: {}.",
            file.display(),
            system_words(&error)
        );
        Failure::new(FailureKind::BadInput, message)
            .hint("Check that you may write to that folder.")
    })
}

fn file() -> Result<PathBuf, Failure> {
    let config = env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|it| it.is_absolute());
    let config = match config {
        Some(config) => config,
        None => crate::engine::home()?.join(".config"),
    };
    Ok(config.join("autostart/errand.desktop"))
}

fn write(file: &Path, entry: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, entry)
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn entry(program: &Path, folder: &Path) -> String {
    let (program, folder) = (quoted(program), quoted(folder));
    format!(
        "[Desktop Entry]\nType=Application\nName=Errand\n\
         Comment=Carries out your workflows\n\
         Exec={program} --data {folder} serve --tray\nTerminal=false\nNoDisplay=true\n"
    )
}

/// Quoted by the rules of desktop entries: within quotes, then within a string value.
fn quoted(path: &Path) -> String {
    let mut quoted = String::from("\"");
    for c in path.to_string_lossy().chars() {
        match c {
            '"' | '`' | '$' => quoted.extend(["\\\\", &c.to_string()]),
            '\\' => quoted.push_str("\\\\\\\\"),
            '%' => quoted.push_str("%%"),
            c if c.is_control() => {}
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_survives_odd_paths() {
        let entry = entry(
            Path::new("/opt/my apps/errand"),
            Path::new("/home/a/100% \"$x\"\\y"),
        );
        let exec = entry
            .lines()
            .find(|line| line.starts_with("Exec="))
            .unwrap();
        let expected =
            r#"Exec="/opt/my apps/errand" --data "/home/a/100%% \\"\\$x\\"\\\\y" serve --tray"#;
        assert_eq!(exec, expected);
    }
}
