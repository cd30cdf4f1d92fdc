//! The browser's folder picker: names of folders only, below home, none that begins with a dot,
//! and no way out through links.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use errand_protocol::{
    Failure, FailureKind, commands::FoldersList, system_words, views::FolderListing,
};

use crate::{Api, failure::bad_input};

pub(crate) async fn folders_list(api: &Api, list: FoldersList) -> Result<FolderListing, Failure> {
    let home = api.home().to_owned();
    let path = list.path.unwrap_or_else(|| "~".to_owned());
    let listing = tokio::task::spawn_blocking(move || listing(&home, &path)).await;
    listing.map_err(|error| Failure::new(FailureKind::Bug, error.to_string()))?
}

fn listing(home: &Path, path: &str) -> Result<FolderListing, Failure> {
    let names = names_below_home(home, path)?;
    let shown = |names: &[&str]| {
        names
            .iter()
            .fold("~".to_owned(), |path, name| format!("{path}/{name}"))
    };
    let shown_path = shown(&names);
    let home = fs::canonicalize(home).map_err(|error| unreadable(&shown_path, &error))?;
    let folder = names
        .iter()
        .fold(home.clone(), |folder, name| folder.join(name));
    let folder = within(&home, &folder).ok_or_else(|| not_there(&shown_path))?;
    let entries = fs::read_dir(folder).map_err(|error| unreadable(&shown_path, &error))?;
    let mut folders: Vec<String> = entries
        .flatten()
        .filter_map(|entry| offered(&home, &entry))
        .collect();
    folders.sort_by_key(|name| name.to_lowercase());
    let parent = names.split_last().map(|(_, above)| shown(above));
    Ok(FolderListing {
        path: shown_path,
        parent,
        folders,
    })
}

/// The parts of `~/a/b`, or of an absolute path below home.
fn names_below_home<'a>(home: &Path, path: &'a str) -> Result<Vec<&'a str>, Failure> {
    let absolute = home.to_str().and_then(|home| path.strip_prefix(home));
    let rest = absolute
        .or_else(|| path.strip_prefix('~'))
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        .ok_or_else(|| outside(path))?;
    let names: Vec<&str> = rest.split('/').filter(|name| !name.is_empty()).collect();
    match names
        .iter()
        .any(|name| name.starts_with('.') || name.contains('\0'))
    {
        true => Err(outside(path)),
        false => Ok(names),
    }
}

/// Where a path really is, if that is a folder below home.
fn within(home: &Path, path: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(path).ok()?;
    let hidden = |real: &Path| {
        let below = real.strip_prefix(home).unwrap_or(real);
        below
            .components()
            .any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
    };
    (real.starts_with(home) && !hidden(&real) && real.is_dir()).then_some(real)
}

fn offered(home: &Path, entry: &fs::DirEntry) -> Option<String> {
    let name = entry.file_name().into_string().ok()?;
    (!name.starts_with('.') && within(home, &entry.path()).is_some()).then_some(name)
}

fn outside(path: &str) -> Failure {
    bad_input(format!("“{path}” isn't a folder that can be shown here."))
        .hint("Choose a folder below your home folder.")
}

fn not_there(path: &str) -> Failure {
    Failure::new(
        FailureKind::NotFound,
        format!("The folder {path} isn't there."),
    )
    .hint("Choose another one.")
}

fn unreadable(path: &str, error: &io::Error) -> Failure {
    bad_input(format!(
        "The folder {path} can't be read: {}.",
        system_words(error)
    ))
    .hint("Choose another one.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_plain_folders_below_home_are_shown() {
        let root = tempfile::tempdir().unwrap();
        let home = root.path().join("home");
        for folder in ["home/Documents/Taxes", "home/.ssh", "outside/secret"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        fs::write(home.join("a file"), "").unwrap();
        symlink(root.path().join("outside"), home.join("out")).unwrap();
        symlink(home.join(".ssh"), home.join("keys")).unwrap();

        let top = listing(&home, "~").unwrap();
        assert_eq!(
            (top.folders, top.parent),
            (vec!["Documents".to_owned()], None)
        );
        let below = listing(&home, "~/Documents").unwrap();
        assert_eq!(
            (below.folders, below.parent),
            (vec!["Taxes".into()], Some("~".into()))
        );
        let absolute = listing(&home, home.join("Documents").to_str().unwrap()).unwrap();
        assert_eq!(absolute.path, "~/Documents");
        for refused in [
            "~/..",
            "~/.ssh",
            "~/out/secret",
            "~/keys",
            "/etc",
            "~other",
            "",
        ] {
            assert!(listing(&home, refused).is_err(), "{refused}");
        }
    }
}
