//! The options of curl that say something about the request, from words to a list.

use errand_model::{ErrorKind, StepError};

/// One option with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    /// Its long name without dashes; empty for an address.
    pub(super) name: String,
    pub(super) value: String,
}

/// Short names with their long ones.
const SHORT: [(char, &str); 39] = [
    ('#', "progress-bar"),
    ('0', "http1.0"),
    ('4', "ipv4"),
    ('6', "ipv6"),
    ('A', "user-agent"),
    ('E', "cert"),
    ('F', "form"),
    ('G', "get"),
    ('H', "header"),
    ('I', "head"),
    ('K', "config"),
    ('L', "location"),
    ('N', "no-buffer"),
    ('O', "remote-name"),
    ('S', "show-error"),
    ('T', "upload-file"),
    ('U', "proxy-user"),
    ('X', "request"),
    ('Z', "parallel"),
    ('b', "cookie"),
    ('c', "cookie-jar"),
    ('D', "dump-header"),
    ('d', "data"),
    ('e', "referer"),
    ('f', "fail"),
    ('g', "globoff"),
    ('i', "include"),
    ('j', "junk-session-cookies"),
    ('J', "remote-header-name"),
    ('k', "insecure"),
    ('m', "max-time"),
    ('n', "netrc"),
    ('o', "output"),
    ('q', "disable"),
    ('s', "silent"),
    ('u', "user"),
    ('v', "verbose"),
    ('w', "write-out"),
    ('x', "proxy"),
];

/// Long options that take a value.
const WITH_VALUE: [&str; 44] = [
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "ciphers",
    "config",
    "connect-timeout",
    "connect-to",
    "cookie",
    "cookie-jar",
    "data",
    "data-ascii",
    "data-binary",
    "data-raw",
    "data-urlencode",
    "dump-header",
    "form",
    "form-string",
    "header",
    "interface",
    "json",
    "keepalive-time",
    "key",
    "limit-rate",
    "max-filesize",
    "max-redirs",
    "max-time",
    "noproxy",
    "oauth2-bearer",
    "output",
    "pass",
    "proxy",
    "proxy-header",
    "proxy-user",
    "referer",
    "request",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "upload-file",
    "url",
    "user",
    "user-agent",
];

/// The options and addresses behind the word `curl`.
pub(super) fn read(words: &[String]) -> Result<Vec<Given>, StepError> {
    let mut given = Vec::new();
    let mut words = words.iter();
    let mut only_addresses = false;
    while let Some(word) = words.next() {
        if only_addresses || !word.starts_with('-') || word == "-" {
            given.push(of("", word));
        } else if word == "--" {
            only_addresses = true;
        } else if let Some(long) = word.strip_prefix("--") {
            given.push(read_long(long, &mut words)?);
        } else {
            read_short(word.trim_start_matches('-'), &mut words, &mut given)?;
        }
    }
    Ok(given)
}

fn of(name: &str, value: &str) -> Given {
    Given {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

fn takes_value(name: &str) -> bool {
    WITH_VALUE.contains(&name) || matches!(name, "write-out")
}

fn read_long<'a>(
    long: &str,
    words: &mut impl Iterator<Item = &'a String>,
) -> Result<Given, StepError> {
    if let Some((name, value)) = long.split_once('=') {
        return Ok(of(name, value));
    }
    if !takes_value(long) {
        return Ok(of(long, ""));
    }
    let value = words
        .next()
        .ok_or_else(|| lacks_value(&format!("--{long}")))?;
    Ok(of(long, value))
}

/// `-sSX POST`: several in one word; the rest of the word is the value of the first that takes one.
fn read_short<'a>(
    letters: &str,
    words: &mut impl Iterator<Item = &'a String>,
    given: &mut Vec<Given>,
) -> Result<(), StepError> {
    for (at, letter) in letters.char_indices() {
        let known = SHORT.iter().find(|(short, _)| *short == letter);
        let Some((_, name)) = known else {
            given.push(of(&letter.to_string(), ""));
            continue;
        };
        if !takes_value(name) {
            given.push(of(name, ""));
            continue;
        }
        let rest = &letters[at + letter.len_utf8()..];
        let value = match rest {
            "" => words
                .next()
                .ok_or_else(|| lacks_value(&format!("-{letter}")))?,
            rest => rest,
        };
        given.push(of(name, value));
        return Ok(());
    }
    Ok(())
}

fn lacks_value(option: &str) -> StepError {
    let message = format!("The command ends after `{option}`, which needs a value.");
    StepError::new(ErrorKind::BadInput, message)
        .hint("Copy the whole command, then paste it again.")
}
