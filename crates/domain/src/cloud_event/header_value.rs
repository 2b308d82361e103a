//! Attributes in headers, as CloudEvents' HTTP binding (3.1.3.2) has them; NATS headers follow it.

use std::borrow::Cow;

/// Writes an attribute, which may hold anything: percent-encoded, so that no value can end its line and begin another
/// header.
pub fn encode_header_value(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_graphic() && b != b'%' && b != b'"';
    if text.bytes().all(plain) {
        return text.to_owned();
    }
    let mut encoded = String::with_capacity(text.len() + 16);
    for b in text.bytes() {
        if plain(b) {
            encoded.push(char::from(b));
        } else {
            encoded.push_str(&format!("%{b:02X}"));
        }
    }
    encoded
}

/// Reads what [`encode_header_value`] or a CloudEvents publisher wrote: a quoted string is unquoted, then percent-encoded
/// UTF-8 is decoded, once. What is no valid escape stays as it is.
pub fn decode_header_value(text: &str) -> String {
    let text = unquoted(text);
    if !text.contains('%') {
        return text.into_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = escape {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.into_owned())
}

/// A quoted string without its quotes and backslashes (RFC 9110, 5.6.4). Older releases of the binding, and some clients,
/// quote values that have spaces. What is not quoted to its end is no quoted string.
fn unquoted(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_matches([' ', '\t']);
    let Some(inner) = trimmed.strip_prefix('"') else {
        return Cow::Borrowed(text);
    };
    let mut unquoted = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' if characters.as_str().is_empty() => return Cow::Owned(unquoted),
            '"' => break,
            '\\' => match characters.next() {
                Some(escaped) => unquoted.push(escaped),
                None => break,
            },
            other => unquoted.push(other),
        }
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_attribute_is_read_as_it_was_written(text in any::<String>()) {
            let encoded = encode_header_value(&text);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_graphic()), "{encoded}");
            prop_assert_eq!(decode_header_value(&encoded), text);
        }
    }

    #[test]
    fn what_is_no_escape_stays_as_it_is() {
        for text in ["100%", "%", "%4", "%zz", "a%+1b", "%€x", "%ff"] {
            assert_eq!(decode_header_value(text), text);
        }
        assert_eq!(decode_header_value("%C3%A9%20"), "é ");
        // Once: what was encoded twice was meant so.
        assert_eq!(decode_header_value("%2541"), "%41");
    }

    /// The examples of the binding, and what quoting can look like.
    #[test]
    fn quoted_strings_are_unquoted() {
        for (text, read) in [
            ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
            (r#""a b""#, "a b"),
            (r#""""#, ""),
            (r#""a \"b\" \\c \d""#, r#"a "b" \c d"#),
            (r#""a%20b""#, "a b"),
            (r#"  "a"  "#, "a"),
            (r#""J\%C3\%B6rg""#, "Jörg"),
            // No quoted strings.
            (r#""a"#, r#""a"#),
            (r#"a""#, r#"a""#),
            (r#""a" b"#, r#""a" b"#),
            (r#""a\""#, r#""a\""#),
            (r#"say "hi""#, r#"say "hi""#),
            (r#"""#, r#"""#),
        ] {
            assert_eq!(decode_header_value(text), read, "{text}");
        }
    }
}
