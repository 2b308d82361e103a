use super::{Kind, Lexer};
use crate::mistake::Mistake;

impl Lexer<'_> {
    /// Takes a name, a string or a number, if one begins here.
    pub(super) fn literal(&mut self) -> Result<bool, Mistake> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(false);
        };
        if first == '_' || first.is_alphabetic() {
            let ends = |c: char| !(c == '_' || c.is_alphanumeric());
            let bytes = self.rest.find(ends).unwrap_or(self.rest.len());
            self.push(Kind::Name(&self.rest[..bytes]));
            self.take(bytes);
            return Ok(true);
        }
        if first == '"' || first == '\'' {
            self.string(first)?;
            return Ok(true);
        }
        if first.is_ascii_digit() {
            self.number()?;
            return Ok(true);
        }
        Ok(false)
    }

    fn string(&mut self, quote: char) -> Result<(), Mistake> {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find_map(|(at, c)| {
            let ends = !escaped && c == quote;
            escaped = !escaped && c == '\\';
            ends.then_some(at)
        });
        let Some(end) = end else {
            return Err(Mistake::new(
                self.line,
                format!("the string has no closing {quote}"),
            ));
        };
        let text = unescape(&self.rest[1..end]).map_err(|words| Mistake::new(self.line, words))?;
        self.push(Kind::String(text));
        self.take(end + 1);
        Ok(())
    }

    fn number(&mut self) -> Result<(), Mistake> {
        let rest = self.rest;
        let based = [
            ("0x", 16),
            ("0X", 16),
            ("0o", 8),
            ("0O", 8),
            ("0b", 2),
            ("0B", 2),
        ];
        for (prefix, base) in based {
            if let Some(digits) = rest.strip_prefix(prefix) {
                let end = digits.find(|c: char| !(c == '_' || c.is_digit(base)));
                let end = end.unwrap_or(digits.len());
                let value = num_bigint::BigInt::parse_bytes(
                    digits[..end].replace('_', "").as_bytes(),
                    base,
                );
                let value = value
                    .ok_or_else(|| Mistake::new(self.line, format!("`{prefix}` without digits")))?;
                self.push(Kind::Integer(value.to_string()));
                self.take(2 + end);
                return Ok(());
            }
        }
        let digits = |from: usize| {
            let tail = &rest[from..];
            let end = tail.find(|c: char| !(c == '_' || c.is_ascii_digit()));
            from + end.unwrap_or(tail.len())
        };
        let bytes = rest.as_bytes();
        let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut end = digits(0);
        let whole = end;
        // `data.0.5` is two members and no number.
        let after_point = self
            .tokens
            .last()
            .is_some_and(|last| last.kind == Kind::Operator("."));
        if !after_point {
            if bytes.get(end) == Some(&b'.') && digit_at(end + 1) {
                end = digits(end + 1);
            }
            if matches!(bytes.get(end), Some(b'e' | b'E')) {
                let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
                if digit_at(end + 1 + signed) {
                    end = digits(end + 1 + signed);
                }
            }
        }
        let text = rest[..end].replace('_', "");
        if end == whole {
            if text.len() > 1 && text.starts_with('0') && text.bytes().any(|digit| digit != b'0') {
                return Err(Mistake::new(
                    self.line,
                    format!("`{text}` begins with a zero"),
                ));
            }
            let trimmed = text.trim_start_matches('0');
            let text = if trimmed.is_empty() { "0" } else { trimmed };
            self.push(Kind::Integer(text.to_owned()));
        } else {
            let value = text
                .parse()
                .map_err(|_| Mistake::new(self.line, format!("`{text}` is not a number")))?;
            self.push(Kind::Float(value));
        }
        self.take(end);
        Ok(())
    }
}

/// Python's escapes. One that Python does not know stays as it is.
fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(kind) = rest.chars().next() else {
            out.push('\\');
            break;
        };
        rest = &rest[kind.len_utf8()..];
        match kind {
            '\n' => {}
            '\\' | '\'' | '"' => out.push(kind),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\u{b}'),
            '0'..='7' => {
                let more = rest
                    .bytes()
                    .take(2)
                    .take_while(|b| (b'0'..=b'7').contains(b))
                    .count();
                let code = format!("{kind}{}", &rest[..more]);
                rest = &rest[more..];
                let code = u32::from_str_radix(&code, 8).unwrap_or_default();
                out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            'x' => (rest, _) = push_hex(&mut out, rest, 2)?,
            'u' => {
                let (after, code) = hex(rest, 4)?;
                rest = after;
                // Two escapes may be the halves of one character.
                let low = (0xd800..0xdc00)
                    .contains(&code)
                    .then(|| rest.strip_prefix("\\u"))
                    .flatten();
                match low.map(|low| hex(low, 4)) {
                    Some(Ok((after, low))) if (0xdc00..0xe000).contains(&low) => {
                        rest = after;
                        let code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                        out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                    }
                    _ => out.push(char::from_u32(code).unwrap_or('\u{fffd}')),
                }
            }
            'U' => (rest, _) = push_hex(&mut out, rest, 8)?,
            'N' => return Err("`\\N{…}` is not supported: write the character itself".to_owned()),
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn hex(rest: &str, digits: usize) -> Result<(&str, u32), String> {
    let code = rest
        .get(..digits)
        .filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
    let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
    let code =
        code.ok_or_else(|| format!("an escape in a string needs {digits} hexadecimal digits"))?;
    Ok((&rest[digits..], code))
}

fn push_hex<'r>(out: &mut String, rest: &'r str, digits: usize) -> Result<(&'r str, u32), String> {
    let (rest, code) = hex(rest, digits)?;
    let character =
        char::from_u32(code).ok_or_else(|| format!("there is no character {code:x}"))?;
    out.push(character);
    Ok((rest, code))
}
