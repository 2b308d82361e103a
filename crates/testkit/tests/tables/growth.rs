//! `docs/growth.md` says of each table what ends it.

use std::{collections::BTreeSet, fs};

use crate::table::{root, rows};

/// The tables that the migrations leave, without partitions.
fn tables() -> BTreeSet<String> {
    let mut files: Vec<_> = fs::read_dir(root().join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut tables = BTreeSet::new();
    for file in files {
        let sql = fs::read_to_string(file).unwrap();
        for line in sql.lines() {
            let named = |rest: &str| {
                let name = rest.trim_start_matches("IF NOT EXISTS ");
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
                name[..end.unwrap_or(name.len())].to_owned()
            };
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                if !line.contains("PARTITION OF") {
                    tables.insert(named(rest));
                }
            } else if let Some(rest) = line.strip_prefix("DROP TABLE ") {
                tables.remove(&named(rest));
            }
        }
    }
    tables
}

#[test]
fn each_table_has_an_end() {
    let told: BTreeSet<String> = rows("docs/growth.md")
        .iter()
        .flat_map(|row| row.code(1))
        .collect();
    let untold: Vec<String> = tables().difference(&told).cloned().collect();
    assert!(untold.is_empty(), "what ends {untold:?}?");
    assert!(tables().len() > 10, "the migrations were not found");
}
