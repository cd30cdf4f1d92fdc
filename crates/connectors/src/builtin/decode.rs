//! From bytes to text, in whatever encoding it comes. Formats beyond plain text live elsewhere.

/// UTF-8, UTF-16 with its mark, or else the old Western European letters; None for anything that
/// isn't text.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ if bytes.contains(&0) => None,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.to_owned()),
            Err(_) => western(bytes),
        },
    }
}

fn utf_16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let units: Vec<_> = bytes
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]))
        .collect();
    String::from_utf16(&units).ok()
}

/// Windows-1252; bytes it doesn't know, or control characters, mean that this isn't text.
fn western(bytes: &[u8]) -> Option<String> {
    const UPPER: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0',
        '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    let letter = |byte: &u8| match byte {
        b'\t' | b'\n' | b'\r' | 0x0c => Some(char::from(*byte)),
        0x80..0xa0 => Some(UPPER[usize::from(byte - 0x80)]).filter(|letter| *letter != '\0'),
        _ => Some(char::from(*byte)).filter(|letter| !letter.is_control()),
    };
    bytes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_whatever_encoding_it_comes() {
        assert_eq!(decode("Grüße €".as_bytes()).unwrap(), "Grüße €");
        assert_eq!(decode(b"\xef\xbb\xbfhi").unwrap(), "hi");
        assert_eq!(decode(b"\xff\xfeh\0i\0").unwrap(), "hi");
        assert_eq!(decode(b"Gr\xfc\xdfe \x80").unwrap(), "Grüße €");
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0"), None);
        assert_eq!(decode(b"%PDF-1.7\n%\xe2\xe3\x81\x01"), None);
    }
}
