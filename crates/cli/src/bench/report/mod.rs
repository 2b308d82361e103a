//! What a run of the benchmark says: figures beside their bounds, as a table and as JSON.

mod figure;
mod machine;
mod table;

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

pub(super) use self::{
    figure::Figure,
    machine::machine,
    table::{CEILING_ID, PER_SECOND},
};
use crate::exit::{Exit, Failure};

/// All figures of one run, or the medians of several.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Report {
    /// The version of this program.
    pub(super) posthorn: String,
    /// What it was measured on.
    pub(super) machine: BTreeMap<String, String>,
    /// What else decides the figures, such as settings of the servers.
    pub(super) notes: BTreeMap<String, String>,
    /// In the order of their measuring.
    pub(super) figures: Vec<Figure>,
}

impl Report {
    pub(super) fn of_figures(figures: Vec<Figure>) -> Self {
        Self {
            posthorn: env!("CARGO_PKG_VERSION").to_owned(),
            machine: machine(),
            notes: BTreeMap::new(),
            figures,
        }
    }

    /// Several runs as one: each figure is the median of its values.
    pub(super) fn merged(reports: Vec<Self>) -> Self {
        let mut merged = Self::of_figures(Vec::new());
        for report in reports {
            merged.posthorn = report.posthorn;
            merged.machine = report.machine;
            merged.notes.extend(report.notes);
            for figure in report.figures {
                match merged
                    .figures
                    .iter_mut()
                    .find(|known| known.id == figure.id)
                {
                    Some(known) => known.runs.extend(figure.runs),
                    None => merged.figures.push(figure),
                }
            }
        }
        for figure in &mut merged.figures {
            figure.value = figure::median(&figure.runs);
        }
        merged
    }

    /// Reads what [`Report::write`] wrote.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read(path).map_err(|error| {
            Failure::new(
                Exit::NoInput,
                format!("cannot read {}: {error}", path.display()),
            )
        })?;
        serde_json::from_slice(&text).map_err(|error| {
            let path = path.display();
            Failure::new(
                Exit::Data,
                format!("{path} is not a report of this program: {error}"),
            )
        })
    }

    /// As JSON.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let not_written = |error: &dyn std::fmt::Display| {
            Failure::new(
                Exit::Output,
                format!("cannot write {}: {error}", path.display()),
            )
        };
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| not_written(&error))?;
        text.push(b'\n');
        std::fs::write(path, text).map_err(|error| not_written(&error))
    }

    /// What it was measured on and with, a line each.
    pub(super) fn circumstances(&self) -> String {
        let mut lines = vec![format!("posthorn: {}", self.posthorn)];
        let named = self.machine.iter().chain(&self.notes);
        lines.extend(named.map(|(name, value)| format!("{name}: {value}")));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_runs_become_their_medians() {
        let run = |value: f64| {
            let mut report =
                Report::of_figures(vec![Figure::new("a", "a", "ms", value).at_most(2.0)]);
            report.notes.insert("fsync".to_owned(), "on".to_owned());
            report
        };
        let other = Report::of_figures(vec![Figure::new("b", "b", "ms", 7.0)]);
        let merged = Report::merged(vec![run(3.0), run(1.0), other, run(2.0)]);
        let values: Vec<_> = merged
            .figures
            .iter()
            .map(|f| (f.id.as_str(), f.value))
            .collect();
        assert_eq!(values, [("a", 2.0), ("b", 7.0)]);
        assert_eq!(merged.figures[0].runs, [3.0, 1.0, 2.0]);
        assert_eq!(merged.notes["fsync"], "on");
    }

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let report = Report::of_figures(vec![
            Figure::new("a", "a", "ms", 1.5).at_most(2.0),
            Figure::new("b", "b", "/s", 1.0),
        ]);
        report.write(file.path()).unwrap();
        assert_eq!(Report::read(file.path()).unwrap(), report);
    }
}
