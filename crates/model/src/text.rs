//! What may stand in a name: characters that can't be seen have no place there and are shown as
//! their codes.

use std::fmt::Write as _;

/// Longest name of a workflow or a step, in characters.
pub const LONGEST_NAME: usize = 200;

/// Control characters, line breaks, and what turns the direction of writing around.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with codes such as `\u{1b}` in the place of what can't be seen.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            let _ = write!(shown, "{}", c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// What is wrong with a name, as the end of a sentence, and what to do.
pub fn unfit_name(name: &str) -> Option<(String, &'static str)> {
    if let Some(c) = name.chars().find(|c| is_unseen(*c)) {
        let what = format!(
            "contains a character that can't be seen ({})",
            c.escape_unicode()
        );
        return Some((what, "Type the name again instead of pasting it."));
    }
    let length = name.chars().count();
    (length > LONGEST_NAME).then(|| {
        let what = format!("has {length} characters, but {LONGEST_NAME} at most fit");
        (what, "Choose a shorter name; a note takes longer texts.")
    })
}

/// Names that Windows gives to devices, whatever their extension.
pub fn is_reserved_name(name: &str) -> bool {
    let stem = name
        .split(['.', ':'])
        .next()
        .unwrap_or(name)
        .trim_end()
        .to_ascii_uppercase();
    if matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) {
        return true;
    }
    let port = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    port.is_some_and(|number| {
        matches!(
            number,
            "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_seen_is_shown_as_its_code() {
        assert_eq!(
            visible("a\u{1b}[2Jb\u{202e}c\n"),
            "a\\u{1b}[2Jb\\u{202e}c\\n"
        );
        assert_eq!(
            visible("Größe – 👩\u{200d}🚀 “x”"),
            "Größe – 👩\u{200d}🚀 “x”"
        );
    }

    #[test]
    fn names_are_of_one_line_and_not_too_long() {
        assert_eq!(unfit_name(&"ä".repeat(LONGEST_NAME)), None);
        assert!(unfit_name(&"ä".repeat(LONGEST_NAME + 1)).is_some());
        assert!(unfit_name("a\nb").is_some() && unfit_name("a\u{202e}b").is_some());
    }
}
