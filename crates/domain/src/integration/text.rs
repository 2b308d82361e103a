//! Texts within limits.
//!
//! Lengths are counted in UTF-16 units: services count characters in different ways, and no way counts more.

/// Stands for a text that shows nothing: several services refuse those.
const NOTHING: &str = "–";
const CUT: char = '…';

/// Where a character stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// What stands before it in its line.
    pub(super) before: Before,
    /// What stands right before it.
    pub(super) previous: Option<char>,
    /// What follows it.
    pub(super) next: Option<char>,
}

impl Place {
    /// Whether the character ends a word, as the mark of a list or a heading does: `- x` is a list, `-5` a number.
    pub(super) fn ends_word(self) -> bool {
        self.next.is_none_or(char::is_whitespace)
    }
}

/// What stands before a character in its line. Markup that is about whole lines begins there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing that is seen.
    Nothing,
    /// Digits alone.
    Digits,
    /// Something else.
    Text,
}

impl Before {
    /// What stands before the character that follows `c`.
    pub(super) fn after(self, c: char) -> Self {
        match (self, c) {
            (_, '\n') => Self::Nothing,
            (Self::Nothing, c) if is_unseen(c) => Self::Nothing,
            (Self::Nothing | Self::Digits, '0'..='9') => Self::Digits,
            _ => Self::Text,
        }
    }
}

/// Whitespace, and characters without a width.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// How a service writes text.
pub(super) struct Script {
    /// What a character is replaced by, where it would mean something.
    pub(super) escape: fn(char, Place) -> Option<&'static str>,
    /// Whether the replacement counts with its own length, or as the one character that is shown.
    pub(super) escapes_count: bool,
}

/// Text that means nothing but itself.
pub(super) const PLAIN: Script = Script {
    escape: |_, _| None,
    escapes_count: true,
};

impl Script {
    /// Writes as much of `text` as fits into `max` units, with an ellipsis where it was cut.
    pub(super) fn fit(&self, text: &str, max: usize) -> String {
        let text = if text.trim().is_empty() {
            NOTHING
        } else {
            text
        };
        let mut written = String::with_capacity(text.len().min(4 * max));
        let mut used = 0;
        // Where to cut, if the text turns out to be too long: the ellipsis needs a unit of its own.
        let mut cut_at = 0;
        let (mut before, mut previous) = (Before::Nothing, None);
        let mut chars = text.chars().map(printable).peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            let place = Place {
                before,
                previous,
                next,
            };
            let replacement = (self.escape)(c, place);
            (before, previous) = (before.after(c), Some(c));
            used += match replacement {
                Some(replacement) if self.escapes_count => units(replacement),
                Some(_) | None => c.len_utf16(),
            };
            if used > max {
                written.truncate(cut_at);
                written.push(CUT);
                return written;
            }
            match replacement {
                Some(replacement) => written.push_str(replacement),
                None => written.push(c),
            }
            if used < max {
                cut_at = written.len();
            }
        }
        written
    }
}

/// A service drops or refuses control characters.
fn printable(c: char) -> char {
    if c.is_control() && c != '\n' && c != '\t' {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}

/// The length of a text in UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AMP: Script = Script {
        escape: |c, _| (c == '&').then_some("&amp;"),
        escapes_count: true,
    };

    #[test]
    fn what_fits_stays_and_what_does_not_is_cut_with_a_mark() {
        assert_eq!(PLAIN.fit("abc", 3), "abc");
        assert_eq!(PLAIN.fit("abcd", 3), "ab…");
        assert_eq!(PLAIN.fit("a\u{1F600}b", 3), "a…");
        assert_eq!(PLAIN.fit(" \n", 3), "–");
        assert_eq!(PLAIN.fit("a\0b", 3), "a\u{FFFD}b");
        assert_eq!(AMP.fit("a&b", 7), "a&amp;b");
        assert_eq!(AMP.fit("a&b", 6), "a…");
    }

    /// Marks what begins a line, and a full stop behind a number that does.
    const LINES: Script = Script {
        escape: |c, place| match (c, place.before, place.next) {
            ('-', Before::Nothing, _) => Some("(-)"),
            ('.', Before::Digits, Some(' ')) => Some("(.)"),
            _ => None,
        },
        escapes_count: true,
    };

    #[test]
    fn what_begins_a_line_is_known() {
        for (text, written) in [
            ("- a - b", "(-) a - b"),
            ("a\n \t\u{feff}- b", "a\n \t\u{feff}(-) b"),
            ("--", "(-)-"),
            ("10. a 11. b", "10(.) a 11. b"),
            ("a 10. b\n 7. c\n1.5\n12-", "a 10. b\n 7(.) c\n1.5\n12-"),
        ] {
            assert_eq!(LINES.fit(text, 100), written);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_longer_than_its_limit(text: String, max in 1_usize..40) {
            let fitted = AMP.fit(&text, max);
            prop_assert!(units(&fitted) <= max && !fitted.is_empty(), "{fitted:?}");
        }
    }
}
