//! A text, taken apart into literal pieces and the expressions between `{{` and `}}`.

use crate::Error;

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text that stays as it is.
    Literal(&'a str),
    /// What stands between the braces, trimmed.
    Expression(&'a str),
}

/// Takes a text apart; the pieces in order, literals never empty.
pub(crate) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Error> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = next_brace(rest)? {
        if start > 0 {
            pieces.push(Piece::Literal(&rest[..start]));
        }
        let inside = &rest[start + 2..];
        let end = closing(inside).ok_or_else(|| unclosed(inside))?;
        let expression = inside[..end].trim();
        if expression.is_empty() {
            return Err(Error::new("there is nothing between `{{` and `}}`")
                .hint("name a value, such as `{{ trigger.name }}`"));
        }
        pieces.push(Piece::Expression(expression));
        rest = &inside[end + 2..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    Ok(pieces)
}

/// The expression, if the text is exactly one reference.
pub(crate) fn only_expression<'a>(pieces: &[Piece<'a>]) -> Option<&'a str> {
    match pieces {
        [Piece::Expression(expression)] => Some(expression),
        _ => None,
    }
}

/// Where the next `{{` is; statements and comments are refused.
fn next_brace(text: &str) -> Result<Option<usize>, Error> {
    for (at, _) in text.match_indices('{') {
        match text.as_bytes().get(at + 1) {
            Some(b'{') => return Ok(Some(at)),
            Some(b'%') => return Err(statement("{% %}")),
            Some(b'#') => return Err(statement("{# #}")),
            _ => {}
        }
    }
    Ok(None)
}

fn statement(what: &str) -> Error {
    Error::new(format!("`{what}` isn't part of Errand's language"))
        .hint("use `{{ … }}` for values, and the steps “Only if”, “Choose” and “For each” for decisions and loops")
}

fn unclosed(inside: &str) -> Error {
    let shown: String = inside.trim().chars().take(40).collect();
    Error::new(format!("`{{{{ {shown}` has no `}}}}` at its end")).hint("close it with `}}`")
}

/// Where the `}}` of this expression begins: outside quotes, and not closing a record's brace.
fn closing(inside: &str) -> Option<usize> {
    let bytes = inside.as_bytes();
    let (mut at, mut depth, mut quote) = (0, 0_usize, None);
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(bytes[at]),
            (None, b'{') => depth += 1,
            (None, b'}') if depth > 0 => depth -= 1,
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}
