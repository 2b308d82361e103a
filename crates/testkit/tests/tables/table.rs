use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::sources::Sources;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A row of a table in Markdown.
pub(crate) struct Row(String);

/// The rows of all tables of a document, without their heads.
pub(crate) fn rows(document: &str) -> Vec<Row> {
    rows_of(&fs::read_to_string(root().join(document)).unwrap())
}

/// Those below one heading of the second level.
pub(crate) fn rows_below(document: &str, heading: &str) -> Vec<Row> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let (_, below) = text.split_once(&format!("\n{heading}\n")).unwrap();
    rows_of(below.split("\n## ").next().unwrap())
}

fn rows_of(text: &str) -> Vec<Row> {
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |line: usize| {
        lines
            .get(line + 1)
            .is_some_and(|next| next.starts_with("| ---"))
    };
    let rows = lines.iter().enumerate().filter(|(line, text)| {
        text.starts_with("| ") && !text.starts_with("| ---") && !is_head(*line)
    });
    rows.map(|(_, text)| Row((*text).to_owned())).collect()
}

impl Row {
    /// A cell, from 1.
    pub(crate) fn cell(&self, number: usize) -> &str {
        self.0.split('|').nth(number).unwrap().trim()
    }

    /// What stands in back quotes in a cell.
    pub(crate) fn code(&self, cell: usize) -> Vec<String> {
        let quoted = self.cell(cell).split('`').skip(1).step_by(2);
        quoted.map(str::to_owned).collect()
    }

    /// Fails if a cell names a test that does not exist; how many it names.
    pub(crate) fn check_names(&self, cell: usize, sources: &Sources) -> usize {
        let names = self.code(cell);
        for name in &names {
            // Tests of the console are called by sentences.
            let exists = sources.hold(name) || sources.hold_title(name);
            assert!(exists, "there is no test {name}: {}", self.0);
        }
        names.len()
    }
}
