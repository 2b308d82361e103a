//! `docs/requirements.md` names tests that exist, and has one row for each requirement.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

/// How many lines each of the five systems has.
const LINES: [(char, usize); 5] = [('A', 19), ('B', 12), ('C', 10), ('D', 8), ('E', 9)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rows() -> Vec<String> {
    let text = fs::read_to_string(root().join("docs/requirements.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| "));
    rows.skip(1)
        .filter(|row| !row.starts_with("| ---"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_requirement_has_one_row() {
    let ids: Vec<String> = rows()
        .iter()
        .map(|row| row.split('|').nth(1).unwrap().trim().to_owned())
        .collect();
    let expected: Vec<String> = LINES
        .iter()
        .flat_map(|(system, lines)| (1..=*lines).map(move |line| format!("{system}{line}")))
        .collect();
    assert_eq!(ids, expected);
}

#[test]
fn each_test_that_a_row_names_exists() {
    let sources = Sources::read();
    for row in rows() {
        let names: Vec<&str> = row
            .split('|')
            .nth(3)
            .unwrap()
            .split('`')
            .skip(1)
            .step_by(2)
            .collect();
        for name in names.into_iter().filter(|name| !name.contains(' ')) {
            assert!(sources.hold(name), "there is no test {name}: {row}");
        }
        let done = row.split('|').nth(2).unwrap().trim() == "done";
        assert!(
            !done || row.contains('`') || row.contains("domain"),
            "done by no test: {row}"
        );
    }
}

/// What the tests are made of: modules, and the functions of all of them.
#[derive(Default)]
struct Sources {
    modules: BTreeSet<String>,
    functions: BTreeMap<String, BTreeSet<PathBuf>>,
}

impl Sources {
    fn read() -> Self {
        let mut sources = Self::default();
        sources.walk(&root().join("crates"));
        sources.walk(&root().join("tests/clients/suite"));
        sources
    }

    fn walk(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
            if path.is_dir() {
                self.modules.insert(stem.to_owned());
                self.walk(&path);
            } else if matches!(path.extension().and_then(OsStr::to_str), Some("rs" | "py")) {
                self.modules.insert(stem.to_owned());
                self.read_functions(&path);
            }
        }
    }

    fn read_functions(&mut self, path: &Path) {
        for line in fs::read_to_string(path).unwrap().lines() {
            let Some((_, rest)) = line.split_once("fn ").or_else(|| line.split_once("def ")) else {
                continue;
            };
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            self.functions
                .entry(name)
                .or_default()
                .insert(path.to_owned());
        }
    }

    /// `module::test`, `module::*`, or either of the two alone.
    fn hold(&self, name: &str) -> bool {
        match name.rsplit_once("::") {
            Some((module, "*")) => module.split("::").all(|part| self.modules.contains(part)),
            Some((_, test)) => self.functions.contains_key(test),
            None => self.functions.contains_key(name) || self.modules.contains(name),
        }
    }
}
