//! What was found.

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// It was not looked at.
    Skipped,
    /// It works, and somebody should know.
    Warning,
    /// It does not work, or will lose something.
    Problem,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    /// Which part of the installation: `api`, `nats`, …
    pub(super) part: &'static str,
    pub(super) level: Level,
    /// What is so, in a sentence.
    pub(super) what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn ok(&mut self, part: &'static str, what: impl Into<String>) {
        self.add(part, Level::Ok, what, None);
    }

    pub(super) fn skipped(
        &mut self,
        part: &'static str,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(part, Level::Skipped, what, Some(advice.into()));
    }

    pub(super) fn warning(
        &mut self,
        part: &'static str,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(part, Level::Warning, what, Some(advice.into()));
    }

    pub(super) fn problem(
        &mut self,
        part: &'static str,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(part, Level::Problem, what, Some(advice.into()));
    }

    fn add(
        &mut self,
        part: &'static str,
        level: Level,
        what: impl Into<String>,
        advice: Option<String>,
    ) {
        self.0.push(Finding {
            part,
            level,
            what: what.into(),
            advice,
        });
    }

    pub(super) fn all(&self) -> &[Finding] {
        &self.0
    }

    pub(super) fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|found| found.level == level).count()
    }

    pub(super) fn has_problem(&self) -> bool {
        self.count(Level::Problem) > 0
    }
}
