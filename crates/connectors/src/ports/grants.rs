//! Grants: the folders a workflow may touch, as the person named them in its document.

use std::path::{Path, PathBuf};

/// One place a workflow may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The folder, absolute, `~` expanded.
    pub folder: PathBuf,
    /// Only this name directly within it, and its numbered kin ("a (2).pdf"); None: everything
    /// below.
    pub only: Option<String>,
}

impl Grant {
    /// Everything in that folder.
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            only: None,
        }
    }

    fn covers(&self, path: &Path) -> bool {
        let Some(only) = &self.only else {
            return path.starts_with(&self.folder);
        };
        let name = path.file_name().and_then(|name| name.to_str());
        path.parent() == Some(&self.folder) && name.is_some_and(|name| is_kin(name, only))
    }
}

/// All places a workflow may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// The grant that lies closest around the path. A granted folder itself may be looked at and
    /// made, and so may the folder around a single granted name.
    pub fn around(&self, path: &Path) -> Option<&Grant> {
        let fits = |grant: &&Grant| grant.covers(path) || grant.folder == path;
        // A path that is a granted folder and lies in another one is a name in that other one.
        let closeness = |grant: &&Grant| (grant.folder != path, grant.folder.as_os_str().len());
        self.0.iter().filter(fits).max_by_key(closeness)
    }

    /// Whether a granted folder is that path or lies below it, so that it may be made on the way.
    pub fn lead_through(&self, path: &Path) -> bool {
        self.0.iter().any(|grant| grant.folder.starts_with(path))
    }
}

/// Whether `name` is `only` or a numbered version of it: "a (2).pdf" for "a.pdf".
fn is_kin(name: &str, only: &str) -> bool {
    if name == only {
        return true;
    }
    let (stem, ending) = crate::names::split(only);
    let number = name
        .strip_prefix(stem)
        .and_then(|rest| rest.strip_suffix(ending))
        .and_then(|rest| rest.strip_prefix(" ("))
        .and_then(|rest| rest.strip_suffix(')'));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_name_is_granted_with_its_numbered_kin_and_nothing_else() {
        let only = Some("a.pdf".to_owned());
        let grants = Grants(vec![Grant {
            folder: "/home/ada/In".into(),
            only,
        }]);
        let granted = |path: &str| grants.around(Path::new(path)).is_some();
        assert!(granted("/home/ada/In/a.pdf") && granted("/home/ada/In/a (2).pdf"));
        assert!(!granted("/home/ada/In/b.pdf") && !granted("/home/ada/In/a (x).pdf"));
        assert!(!granted("/home/ada/In/a.pdf/b") && !granted("/home/ada/Inner"));
    }
}
