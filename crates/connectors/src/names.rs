//! File names: splitting them, numbering them, and showing paths to people.

use std::path::Path;

use errand_model::text::{is_reserved_name, is_unseen};

/// The longest name file systems take, in bytes.
const LONGEST: usize = 255;

/// A name as stem and ending; the ending keeps its dot and may be empty.
pub(crate) fn split(name: &str) -> (&str, &str) {
    let stem = name
        .strip_suffix(".gz")
        .or_else(|| name.strip_suffix(".xz"))
        .unwrap_or(name);
    let dot = match stem.strip_suffix(".tar") {
        Some(bare) if stem.len() < name.len() && !bare.is_empty() => Some(bare.len()),
        _ => name
            .rfind('.')
            .filter(|dot| *dot > 0 && dot + 1 < name.len()),
    };
    name.split_at(dot.unwrap_or(name.len()))
}

/// "a (2).pdf" for "a.pdf" and 2, cut where it would be too long.
pub(crate) fn numbered(name: &str, number: u32, is_folder: bool) -> String {
    let (stem, ending) = if is_folder { (name, "") } else { split(name) };
    with_suffix(stem, &format!(" ({number}){ending}"), LONGEST)
}

/// A name of at most that many bytes, keeping its ending.
pub(crate) fn cut(name: &str, longest: usize) -> String {
    let (stem, ending) = split(name);
    if ending.len() < longest {
        with_suffix(stem, ending, longest)
    } else {
        name.to_owned()
    }
}

fn with_suffix(stem: &str, suffix: &str, longest: usize) -> String {
    let mut end = stem.len().min(longest.saturating_sub(suffix.len()));
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{suffix}", &stem[..end])
}

/// Why a text can't be the name of a file, and what to do.
pub(crate) fn unfit(name: &str) -> Option<(String, &'static str)> {
    let (what, hint) = if name.is_empty() {
        ("The name is empty.".to_owned(), "Fill it in.")
    } else if name.contains(['/', '\\']) || name == "." || name == ".." {
        (
            format!("“{name}” isn't a name: it contains a path."),
            "Leave out / and \\. To put the file into another folder, move it.",
        )
    } else if name.chars().any(is_unseen) {
        (
            "The name contains a line break or a character that can't be seen.".to_owned(),
            "Use only what can be read.",
        )
    } else if is_reserved_name(name) {
        (
            format!("“{name}” is a name that some computers keep for devices."),
            "Choose another name, such as one with a word before it.",
        )
    } else {
        return None;
    };
    Some((what, hint))
}

/// A path as people read it: `~` for home, what can't be seen made visible.
pub(crate) fn shown(path: &Path, home: Option<&Path>) -> String {
    let below_home = home.and_then(|home| path.strip_prefix(home).ok());
    let text = match below_home {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.to_string_lossy()),
        None => path.to_string_lossy().into_owned(),
    };
    text.chars()
        .map(|c| if is_unseen(c) { '\u{fffd}' } else { c })
        .collect()
}

/// The last part of a path as people read it.
pub(crate) fn shown_name(path: &Path) -> String {
    shown(
        Path::new(path.file_name().unwrap_or(path.as_os_str())),
        None,
    )
}

/// The known word closest to a mistyped one, if it is close.
pub(crate) fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known.map(|candidate| (distance(word, candidate), candidate));
    scored
        .filter(|(steps, _)| *steps <= word.len().max(3) / 3 + 1)
        .min()
        .map(|(_, best)| best)
}

/// Levenshtein's distance, without regard to case.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let best = (corner + usize::from(x != y))
                .min(row[j] + 1)
                .min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_before_the_ending() {
        assert_eq!(numbered("a.pdf", 2, false), "a (2).pdf");
        assert_eq!(numbered("a.tar.gz", 3, false), "a (3).tar.gz");
        assert_eq!(numbered(".bashrc", 2, false), ".bashrc (2)");
        assert_eq!(numbered("v1.2", 2, true), "v1.2 (2)");
        assert_eq!(
            numbered(&format!("{}.pdf", "ä".repeat(125)), 2, false).len(),
            254
        );
    }

    #[test]
    fn only_close_words_are_suggested() {
        assert_eq!(closest("flie", ["file", "to"].into_iter()), Some("file"));
        assert_eq!(closest("zebra", ["file", "to"].into_iter()), None);
    }
}
