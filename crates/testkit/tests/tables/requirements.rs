//! `docs/requirements.md` names tests that exist, and has one row for each requirement.

use crate::{sources::Sources, table::rows};

/// How many lines each of the five systems has.
const LINES: [(char, usize); 5] = [('A', 19), ('B', 12), ('C', 10), ('D', 8), ('E', 9)];

const DOCUMENT: &str = "docs/requirements.md";

#[test]
fn each_requirement_has_one_row() {
    let rows = rows(DOCUMENT);
    let ids: Vec<&str> = rows.iter().map(|row| row.cell(1)).collect();
    let expected: Vec<String> = LINES
        .iter()
        .flat_map(|(system, lines)| (1..=*lines).map(move |line| format!("{system}{line}")))
        .collect();
    assert_eq!(ids, expected);
}

#[test]
fn each_test_that_a_row_names_exists() {
    let sources = Sources::read();
    for row in rows(DOCUMENT) {
        let named = row.check_names(3, &sources);
        let done = row.cell(2) == "done";
        assert!(
            !done || named > 0 || row.cell(3).contains("domain"),
            "{} is done by no test",
            row.cell(1)
        );
    }
}
