//! `docs/conformance.md` proves each of its lines by tests that exist.

use crate::{sources::Sources, table::rows};

/// How many lines each part has: Standard Webhooks, CloudEvents, where other systems lose or repeat.
const LINES: [(&str, usize); 3] = [("SW", 12), ("CE", 11), ("LR", 14)];

const DOCUMENT: &str = "docs/conformance.md";

#[test]
fn each_line_has_one_row() {
    let rows = rows(DOCUMENT);
    let ids: Vec<&str> = rows.iter().map(|row| row.cell(1)).collect();
    let expected: Vec<String> = LINES
        .iter()
        .flat_map(|(part, lines)| (1..=*lines).map(move |line| format!("{part}{line}")))
        .collect();
    assert_eq!(ids, expected);
}

#[test]
fn each_line_is_proved_by_tests_that_exist() {
    let sources = Sources::read();
    for row in rows(DOCUMENT) {
        assert!(
            row.check_names(3, &sources) > 0,
            "{} is proved by no test",
            row.cell(1)
        );
    }
}
