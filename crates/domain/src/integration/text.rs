//! Texts within limits.
//!
//! Lengths are counted in UTF-16 units: services count characters in different ways, and no way counts more.

/// Stands for a text that shows nothing: several services refuse those.
const NOTHING: &str = "–";
const CUT: char = '…';

/// How a service writes text.
pub(super) struct Script {
    /// What a character is replaced by, where it would mean something.
    pub(super) escape: fn(char) -> Option<&'static str>,
    /// Whether the replacement counts with its own length, or as the one character that is shown.
    pub(super) escapes_count: bool,
}

/// Text that means nothing but itself.
pub(super) const PLAIN: Script = Script {
    escape: |_| None,
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
        for c in text.chars() {
            // A service drops or refuses control characters.
            let c = if c.is_control() && c != '\n' && c != '\t' {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            };
            let replacement = (self.escape)(c);
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

/// The length of a text in UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AMP: Script = Script {
        escape: |c| (c == '&').then_some("&amp;"),
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

    proptest! {
        #[test]
        fn nothing_is_longer_than_its_limit(text: String, max in 1_usize..40) {
            let fitted = AMP.fit(&text, max);
            prop_assert!(units(&fitted) <= max && !fitted.is_empty(), "{fitted:?}");
        }
    }
}
