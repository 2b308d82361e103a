//! `docs/reliability.md` names a test that exists for each thing that people do.

use crate::{sources::Sources, table::rows_below};

const DOCUMENT: &str = "docs/reliability.md";

#[test]
fn each_thing_that_people_do_is_done_by_a_test() {
    let sources = Sources::read();
    let rows = rows_below(DOCUMENT, "## What people do");
    assert!(!rows.is_empty());
    for row in rows {
        let named = row.check_names(3, &sources);
        assert!(named > 0, "no test for: {}", row.cell(1));
    }
}
