//! What an unquoted word of YAML 1.2 means. Words that would lose something as a number, such as
//! `007` and `+49 30`, stay text.

use serde_json::Number;

use super::Kind;

/// Null, yes or no, a number, or text.
pub(super) fn resolve(text: String) -> Kind {
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        word => match number(word) {
            Some(number) => Kind::Number(number),
            None => Kind::Text(text),
        },
    }
}

fn number(word: &str) -> Option<Number> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let mut rest = digits.bytes().skip(1);
    match digits.as_bytes().first()? {
        b'0' => matches!(rest.next(), None | Some(b'.' | b'e' | b'E')).then_some(())?,
        b'1'..=b'9' => {}
        _ => return None,
    }
    if !digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let whole = word
            .parse::<u64>()
            .ok()
            .map(Number::from)
            .or_else(|| word.parse::<i64>().ok().map(Number::from));
        // A longer row of digits is a name, not an amount: it would lose its last digits.
        return whole;
    }
    word.parse().ok().and_then(Number::from_f64)
}
