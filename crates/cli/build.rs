//! Builds the screens in, if they are there: `ui/dist` becomes a list of files in the program. They
//! are copied first, so that a new build of the screens meanwhile is in nobody's way.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let screens = root.join("../../ui/dist");
    // Cargo can only watch a folder that is there; a missing one would mean a new build each time.
    let _ = fs::create_dir_all(&screens);
    println!("cargo::rerun-if-changed={}", screens.display());
    let mut files = Vec::new();
    collect(&screens, "", &mut files);
    files.sort();
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut rows = String::new();
    for (index, (name, path)) in files.iter().enumerate() {
        let copy = target.join(format!("screen-{index}"));
        if fs::copy(path, &copy).is_ok() {
            rows.push_str(&format!("    ({name:?}, include_bytes!({copy:?})),\n"));
        }
    }
    let text = format!("pub(super) static FILES: &[(&str, &[u8])] = &[\n{rows}];\n");
    fs::write(target.join("screens.rs"), text).expect("cargo's folder can be written to");
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path() {
            path if path.is_dir() => collect(&path, &format!("{name}/"), files),
            path if !name.ends_with(".map") => files.push((name, path)),
            _ => {}
        }
    }
}
