use std::borrow::Cow;

/// PostgreSQL's `text` holds any Unicode but U+0000, which becomes the replacement character: one strange
/// byte from outside must not fail what is written with it.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nul_is_replaced() {
        assert_eq!(clean("a\0b"), "a\u{fffd}b");
        assert!(matches!(clean("aé\u{1}\n"), Cow::Borrowed("aé\u{1}\n")));
    }
}
