//! How the program ends. The codes are those of BSD's sysexits.h.

use std::{fmt, io, process::ExitCode};

/// What the exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Done = 0,
    /// It was looked at, and something is wrong; or the person said no.
    Not = 1,
    /// The command line is wrong.
    Usage = 64,
    /// What was given is wrong: not JSON, or refused.
    Data = 65,
    /// A file cannot be read.
    NoInput = 66,
    /// The other side cannot be reached, or cannot do it just now.
    Unavailable = 69,
    /// The output cannot be written.
    Output = 74,
    /// The key is missing, wrong, or may not do this.
    Denied = 77,
    /// The configuration file is wrong.
    Config = 78,
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

    /// Ends the program without a word: everything was said, or nobody listens any more.
    pub(crate) fn silent(exit: Exit) -> Self {
        Self::new(exit, "")
    }

    /// What to tell, if anything.
    pub(crate) fn words(&self) -> Option<&str> {
        Some(self.words.as_str()).filter(|words| !words.is_empty())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl From<io::Error> for Failure {
    /// The only plain I/O of this program is its output. Whoever closed the pipe (`| head`) has what they wanted.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::silent(Exit::Done);
        }
        Self::new(Exit::Output, format!("cannot write the output: {error}"))
    }
}
