use std::fmt;

/// What is wrong with a template or an expression as it is written, and on which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: u32,
    /// What is wrong there.
    pub words: String,
}

impl Mistake {
    pub(crate) fn new(line: u32, words: impl Into<String>) -> Self {
        Self {
            line,
            words: words.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.words)
    }
}

impl std::error::Error for Mistake {}

/// Why an evaluation stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    line: Option<u32>,
    words: String,
}

/// Behind a pointer: results are returned from every step, failures hardly ever.
pub(crate) type Outcome<T> = Result<T, Box<Failure>>;

impl Failure {
    pub(crate) fn new(words: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            line: None,
            words: words.into(),
        })
    }

    /// Names the line, unless a part of it did so before.
    pub(crate) fn at(mut self: Box<Self>, line: u32) -> Box<Self> {
        self.line.get_or_insert(line);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.words)
    }
}

impl std::error::Error for Failure {}
