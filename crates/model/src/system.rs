//! What the operating system says, in words for people.

/// What the operating system said, without its numbers and ready for the middle of a sentence.
pub fn system_words(error: &std::io::Error) -> String {
    let said = error.to_string();
    let words = said.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_capitals_of_the_system_are_left_out() {
        let denied = std::io::Error::from_raw_os_error(13);
        assert_eq!(system_words(&denied), "permission denied");
    }
}
