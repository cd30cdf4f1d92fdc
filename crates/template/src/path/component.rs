//! One component of a path: no separators, no reserved names, never too long.

use errand_model::text::{is_reserved_name, is_unseen};

/// Longest name of a file, in bytes, on every system we run on.
const LONGEST: usize = 255;
/// Longest extension that is kept when a name is cut.
const LONGEST_EXTENSION: usize = 20;

/// Whether a literal character separates components.
pub(super) fn is_separator(next: char) -> bool {
    next == '/' || (cfg!(windows) && next == '\\')
}

/// Replaces what can't stand in a name.
pub(super) fn flatten(text: &str) -> String {
    text.trim()
        .chars()
        .map(|next| if forbidden(next) { '_' } else { next })
        .collect()
}

fn forbidden(next: char) -> bool {
    matches!(next, '/' | '\\')
        || is_unseen(next)
        || (cfg!(windows) && matches!(next, '<' | '>' | ':' | '"' | '|' | '?' | '*'))
}

/// A component that means nothing but itself.
pub(super) fn safe(text: &str) -> String {
    let text = flatten(text);
    let text = if cfg!(windows) {
        text.trim_end_matches(['.', ' '])
    } else {
        &text
    };
    if text.is_empty() || text.chars().all(|next| next == '.') {
        return "_".to_owned();
    }
    let text = if is_reserved_name(text) {
        format!("_{text}")
    } else {
        text.to_owned()
    };
    shorten(&text)
}

/// Cuts a long name, keeping its extension.
fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let extension = match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= LONGEST_EXTENSION => &name[dot..],
        _ => "",
    };
    let mut end = LONGEST - extension.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &name[..end])
}
