//! Standard output for results, standard error for everything else.

use std::io::{self, Write};

/// Writes one result, with a line end, and sees that it leaves.
pub(crate) fn result(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Tells the person at the terminal something. There is nobody to tell when that fails.
pub(crate) fn notice(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
