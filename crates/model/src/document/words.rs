//! What the parser of YAML says, in the language of this product.

use super::mistake::Mistake;

/// What the parser's most common complaints mean: a part of what it says, what is wrong, what to do.
const COMPLAINTS: &[(&str, &str, &str)] = &[
    (
        "recursion limit",
        "the document is nested more than 64 levels deep",
        "a workflow needs far fewer; is this the right file?",
    ),
    (
        "surrogate",
        "a text holds half of a character",
        "write the character itself instead of its code",
    ),
    (
        "tabs disallowed",
        "a tab can't be used to indent",
        "use spaces",
    ),
    (
        "unclosed quote",
        "a quote isn't closed",
        "close it with the sign that it begins with",
    ),
    (
        "unclosed bracket",
        "a bracket isn't closed",
        "close it, or put quotes around a text that begins with a bracket",
    ),
    (
        "mapping values are not allowed",
        "a colon doesn't fit here",
        "check the indentation, or put quotes around a text with a colon in it",
    ),
    (
        "YAML major version",
        "this is a version of YAML that isn't known",
        "leave the line that begins with `%YAML` out",
    ),
    (
        "unknown anchor",
        "aliases (`*name`) aren't used in workflows",
        "write the value out, or put quotes around a text that begins with `*`",
    ),
];

/// The refusal for what the parser says.
pub(super) fn refusal(said: &str) -> Mistake {
    let known = COMPLAINTS.iter().find(|(part, ..)| said.contains(part));
    if let Some((_, what, hint)) = known {
        return Mistake::new(*what).hint(*hint);
    }
    let character = said
        .strip_prefix("unexpected character: `")
        .and_then(|rest| rest.strip_suffix('\''));
    match character {
        Some(code) if code.starts_with('\\') => {
            Mistake::new(format!("there is a character that no text has ({code})"))
                .hint("delete it, or choose a text file")
        }
        Some(character) => Mistake::new(format!("`{character}` can't begin a value"))
            .hint("put quotes around the value"),
        None => Mistake::new("this can't be read as YAML or JSON")
            .hint("check the indentation, the quotes and the brackets here and on the line before"),
    }
}
