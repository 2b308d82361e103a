//! How the program ends. The codes are those of BSD's sysexits.h.

use std::{fmt, process::ExitCode};

/// What the exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Done = 0,
    /// The command line is wrong.
    Usage = 64,
    /// The event is wrong: not JSON, or refused.
    Data = 65,
    /// A file cannot be read.
    NoInput = 66,
    /// The other side cannot be reached, or cannot do it just now.
    Unavailable = 69,
    /// The output cannot be written.
    Output = 74,
    /// The key is missing, wrong, or may not do this.
    Denied = 77,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked, in words for the person who typed it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    words: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, words: impl Into<String>) -> Self {
        Self {
            exit,
            words: words.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl From<std::io::Error> for Failure {
    /// The only plain I/O of this program is its output.
    fn from(error: std::io::Error) -> Self {
        Self::new(Exit::Output, format!("cannot write the output: {error}"))
    }
}
