//! Splits a command line into words as a POSIX shell does, without carrying anything out: quotes,
//! `\`, `$'…'`, and lines that go on. It ends where the first command ends.

use std::{iter::Peekable, str::Chars};

use errand_model::{ErrorKind, StepError};

/// The words of the first command.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Line {
    pub(super) words: Vec<String>,
    /// The sign that ended it, such as `|`, where something follows.
    pub(super) cut_at: Option<char>,
    /// Whether a variable was named, which only a shell could fill in.
    pub(super) has_variables: bool,
}

/// Reads the line.
pub(super) fn read(text: &str) -> Result<Line, StepError> {
    let mut reader = Reader {
        text: text.chars().peekable(),
        line: Line::default(),
        word: None,
    };
    reader.read_all()?;
    Ok(reader.line)
}

struct Reader<'a> {
    text: Peekable<Chars<'a>>,
    line: Line,
    word: Option<String>,
}

impl Reader<'_> {
    fn read_all(&mut self) -> Result<(), StepError> {
        while let Some(c) = self.text.next() {
            match c {
                '\\' => self.escaped(),
                '\'' => self.single_quoted()?,
                '"' => self.double_quoted()?,
                '$' if self.text.peek() == Some(&'\'') => self.ansi_quoted()?,
                '$' if self.text.peek() == Some(&'"') => {}
                ' ' | '\t' | '\r' => self.end_word(),
                '\n' => {
                    self.end_word();
                    if !self.line.words.is_empty() {
                        self.stop('\n');
                        break;
                    }
                }
                '#' if self.word.is_none() => self.skip_comment(),
                '|' | ';' | '>' | '<' => {
                    self.stop(c);
                    break;
                }
                // In the middle of a word it is most likely part of an address without quotes.
                '&' if self.word.is_none() || self.at_a_break() => {
                    self.stop(c);
                    break;
                }
                _ => self.push_watching(c),
            }
        }
        self.end_word();
        Ok(())
    }

    fn stop(&mut self, at: char) {
        self.end_word();
        let rest: String = self.text.by_ref().collect();
        self.line.cut_at = (!rest.trim().is_empty()).then_some(at);
    }

    fn at_a_break(&mut self) -> bool {
        let next = self.text.peek();
        next.is_none_or(|c| c.is_whitespace() || *c == '&')
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn push_watching(&mut self, c: char) {
        let next = self.text.peek().copied().unwrap_or(' ');
        let names = |next: char| next.is_alphabetic() || matches!(next, '_' | '{' | '(');
        if (c == '$' && names(next)) || c == '`' {
            self.line.has_variables = true;
        }
        self.push(c);
    }

    fn end_word(&mut self) {
        self.line.words.extend(self.word.take());
    }

    fn escaped(&mut self) {
        match self.text.next() {
            // The line goes on.
            Some('\n') => {}
            Some('\r') if self.text.peek() == Some(&'\n') => {
                self.text.next();
            }
            Some(c) => self.push(c),
            None => {}
        }
    }

    fn skip_comment(&mut self) {
        while self.text.next_if(|c| *c != '\n').is_some() {}
    }

    fn single_quoted(&mut self) -> Result<(), StepError> {
        self.word.get_or_insert_default();
        loop {
            match self.text.next() {
                Some('\'') => return Ok(()),
                Some(c) => self.push(c),
                None => return Err(unclosed('\'')),
            }
        }
    }

    fn double_quoted(&mut self) -> Result<(), StepError> {
        self.word.get_or_insert_default();
        loop {
            match self.text.next() {
                Some('"') => return Ok(()),
                Some('\\') => match self.text.next() {
                    Some('\n') => {}
                    Some(c @ ('"' | '\\' | '$' | '`')) => self.push(c),
                    Some(c) => {
                        self.push('\\');
                        self.push(c);
                    }
                    None => return Err(unclosed('"')),
                },
                Some(c) => self.push_watching(c),
                None => return Err(unclosed('"')),
            }
        }
    }

    fn ansi_quoted(&mut self) -> Result<(), StepError> {
        self.text.next();
        self.word.get_or_insert_default();
        loop {
            match self.text.next() {
                Some('\'') => return Ok(()),
                Some('\\') => self.ansi_escape()?,
                Some(c) => self.push(c),
                None => return Err(unclosed('\'')),
            }
        }
    }

    fn ansi_escape(&mut self) -> Result<(), StepError> {
        let Some(c) = self.text.next() else {
            return Err(unclosed('\''));
        };
        let read = match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' | 'E' => '\u{1b}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'x' => return self.push_bytes(c),
            'u' => self.number(16, 4, 0),
            'U' => self.number(16, 8, 0),
            '0'..='7' => self.number(8, 2, c.to_digit(8).unwrap_or_default()),
            '\\' | '\'' | '"' | '?' => c,
            other => {
                self.push('\\');
                other
            }
        };
        self.push(read);
        Ok(())
    }

    /// `\xE2\x82\xAC` spells one letter byte by byte.
    fn push_bytes(&mut self, first: char) -> Result<(), StepError> {
        let mut bytes = Vec::new();
        let mut is_hex = first == 'x';
        while is_hex {
            let byte = self.number(16, 2, 0);
            bytes.push(u8::try_from(u32::from(byte)).unwrap_or(b'?'));
            let mut ahead = self.text.clone();
            is_hex = ahead.next() == Some('\\') && ahead.next() == Some('x');
            if is_hex {
                self.text = ahead;
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.word.get_or_insert_default().push_str(&text);
        Ok(())
    }

    fn number(&mut self, radix: u32, most: usize, start: u32) -> char {
        let mut number = start;
        for _ in 0..most {
            let Some(c) = self.text.next_if(|c| c.is_digit(radix)) else {
                break;
            };
            let digit = c.to_digit(radix).unwrap_or_default();
            number = number.saturating_mul(radix).saturating_add(digit);
        }
        // Letters beyond the first plane come as two halves, which only browsers write.
        if (0xd800..0xdc00).contains(&number) {
            return self.second_half(number);
        }
        char::from_u32(number).unwrap_or('\u{fffd}')
    }

    fn second_half(&mut self, first: u32) -> char {
        let mut ahead = self.text.clone();
        if ahead.next() != Some('\\') || ahead.next() != Some('u') {
            return '\u{fffd}';
        }
        let digits: String = ahead.by_ref().take(4).collect();
        let second = u32::from_str_radix(&digits, 16).unwrap_or_default();
        if !(0xdc00..0xe000).contains(&second) {
            return '\u{fffd}';
        }
        self.text = ahead;
        let whole = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(whole).unwrap_or('\u{fffd}')
    }
}

fn unclosed(quote: char) -> StepError {
    let message = format!("The command ends inside quotes: a {quote} is missing.");
    StepError::new(ErrorKind::BadInput, message)
        .hint("Copy the whole command, then paste it again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        read(text).unwrap().words
    }

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        assert_eq!(words("curl  a\tb"), ["curl", "a", "b"]);
        assert_eq!(words("curl 'a b'\"c d\"e"), ["curl", "a bc de"]);
        assert_eq!(words(r#"curl "a\"b\\c\$d\n""#), ["curl", r#"a"b\c$d\n"#]);
        assert_eq!(words(r"curl a\ b '' \'"), ["curl", "a b", "", "'"]);
        assert_eq!(
            words("curl \\\n  -X POST \\\r\n x"),
            ["curl", "-X", "POST", "x"]
        );
        assert_eq!(words("# how to\ncurl x # no"), ["curl", "x"]);
        assert_eq!(
            words("curl http://x/?a=1&b=2"),
            ["curl", "http://x/?a=1&b=2"]
        );
    }

    #[test]
    fn browsers_quote_strange_letters_with_a_dollar() {
        assert_eq!(
            words(r"curl $'it\'s\n\u00e9 \x41\xe2\x82\xac \101 \ud83d\ude00\\'"),
            ["curl", "it's\né A€ A 😀\\"]
        );
    }

    #[test]
    fn what_belongs_to_another_command_is_cut_off() {
        let line = read("curl x | jq .").unwrap();
        assert_eq!((line.words.len(), line.cut_at), (2, Some('|')));
        assert_eq!(read("curl x && rm y").unwrap().cut_at, Some('&'));
        assert!(read("curl -H \"X: $TOKEN\" x").unwrap().has_variables);
        assert!(!read("curl -H 'X: $TOKEN' x").unwrap().has_variables);
        assert!(read("curl 'x").is_err() && read("curl \"x").is_err());
    }
}
