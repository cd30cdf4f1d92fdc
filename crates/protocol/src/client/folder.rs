//! Where the data folder is when nobody says.

use std::{env, path::PathBuf};

use crate::{Failure, FailureKind};

/// `ERRAND_DATA`, else the desktop's place for programs' data.
///
/// # Errors
/// When the environment names no home folder.
pub fn data_folder() -> Result<PathBuf, Failure> {
    choose(|name| env::var_os(name).map(PathBuf::from))
}

fn choose(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf, Failure> {
    let given = |name| variable(name).filter(|value| !value.as_os_str().is_empty());
    if let Some(folder) = given("ERRAND_DATA") {
        return Ok(folder);
    }
    // The desktop's rules ignore a relative XDG_DATA_HOME.
    if let Some(data) = given("XDG_DATA_HOME").filter(|folder| folder.is_absolute()) {
        return Ok(data.join("errand"));
    }
    let home = given("HOME").ok_or_else(no_home)?;
    Ok(home.join(".local/share/errand"))
}

fn no_home() -> Failure {
    Failure::new(
        FailureKind::BadInput,
        "Nothing says where Errand keeps its data.",
    )
    .hint("Give the folder with --data, or set HOME.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)]) -> Option<PathBuf> {
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name);
        choose(|name| find(name).map(|(_, value)| PathBuf::from(value))).ok()
    }

    #[test]
    fn the_most_particular_setting_wins() {
        let all = [
            ("ERRAND_DATA", "/d"),
            ("XDG_DATA_HOME", "/x"),
            ("HOME", "/h"),
        ];
        assert_eq!(chosen(&all), Some("/d".into()));
        assert_eq!(chosen(&all[1..]), Some("/x/errand".into()));
        assert_eq!(chosen(&all[2..]), Some("/h/.local/share/errand".into()));
        assert_eq!(chosen(&[("ERRAND_DATA", ""), ("HOME", "")]), None);
    }
}
