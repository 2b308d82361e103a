//! Prints JSON with line breaks and leaves every value as it was written: `0.10` stays `0.10`.

/// Indents a text that is known to be JSON.
pub(crate) fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.push('"');
                copy_string(&mut characters, &mut out);
            }
            '{' | '[' => {
                out.push(character);
                skip_white_space(&mut characters);
                match characters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        new_line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            white if white.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Copies the rest of a string literal, its closing quote included.
fn copy_string(characters: &mut Characters<'_>, out: &mut String) {
    while let Some(character) = characters.next() {
        out.push(character);
        match character {
            '"' => return,
            '\\' => out.extend(characters.next()),
            _ => {}
        }
    }
}

fn skip_white_space(characters: &mut Characters<'_>) {
    while characters.next_if(char::is_ascii_whitespace).is_some() {}
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_lines_and_changes_no_value() {
        let json = r#"{"a":0.10, "b" : [1,2e400,{ }], "c":"x: {\"y\",\\", "d":[ ]}"#;
        let expected = r#"{
  "a": 0.10,
  "b": [
    1,
    2e400,
    {}
  ],
  "c": "x: {\"y\",\\",
  "d": []
}"#;
        assert_eq!(indented(json), expected);
        for scalar in ["1", "\"a, b\"", "null", "12345678901234567890"] {
            assert_eq!(indented(scalar), scalar);
        }
    }
}
