//! What the operating system and the reader of JSON say, in words for people.

/// What the operating system said, without its numbers and ready for the middle of a sentence.
pub fn system_words(error: &std::io::Error) -> String {
    let said = error.to_string();
    let words = said.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Why a text isn't JSON, ready for the middle of a sentence.
pub fn json_words(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = if error.is_eof() {
        "it ends too early"
    } else if said.starts_with("recursion limit") {
        "it is nested too deeply"
    } else if said.contains("surrogate") || said.contains("hex escape") {
        "it holds half of a character"
    } else if said.starts_with("number out of range") {
        "it holds a number that is too large"
    } else if said.starts_with("trailing characters") {
        "something follows after its end"
    } else if said.starts_with("control character") {
        "a text in it holds a line break or control character"
    } else {
        "it isn't JSON"
    };
    match (error.line(), error.column()) {
        (0, _) => what.to_owned(),
        (line, column) => format!("{what} (line {line}, column {column})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_json_is_said_plainly() {
        let said = |text: &str| {
            let read: Result<serde_json::Value, _> = serde_json::from_str(text);
            json_words(&read.unwrap_err())
        };
        assert_eq!(said(""), "it ends too early (line 1, column 0)");
        assert_eq!(
            said("{}x"),
            "something follows after its end (line 1, column 3)"
        );
        assert_eq!(said("[1,]"), "it isn't JSON (line 1, column 4)");
        assert!(said(&"[".repeat(500)).starts_with("it is nested too deeply"));
        assert!(said(r#""\ud800""#).starts_with("it holds half of a character"));
    }

    #[test]
    fn numbers_and_capitals_of_the_system_are_left_out() {
        let denied = std::io::Error::from_raw_os_error(13);
        assert_eq!(system_words(&denied), "permission denied");
    }
}
