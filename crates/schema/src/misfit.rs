use std::fmt;

/// Longest detail, in characters: the words of a mistake may quote a whole `enum`.
const DETAIL_CHARS_MAX: usize = 300;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// JSON Pointer (RFC 6901); empty for the whole.
    pub pointer: String,
    /// What is wrong, and what is allowed, in at most 300 characters.
    pub detail: String,
}

impl Misfit {
    pub(crate) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut detail = detail.into();
        if let Some((end, _)) = detail.char_indices().nth(DETAIL_CHARS_MAX) {
            detail.truncate(end);
            detail.push('…');
        }
        Self {
            pointer: pointer.into(),
            detail,
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.detail)
        } else {
            write!(f, "{}: {}", self.pointer, self.detail)
        }
    }
}
