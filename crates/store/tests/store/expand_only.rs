//! A migration runs while the version before it works on the same database, and a downgrade of the services leaves it in
//! place: so it may add, and never takes away or narrows what the version before uses.

use std::collections::HashSet;

/// What no migration says, in pieces that follow each other, with the reason. What the same migration makes is free.
const FORBIDDEN: [(&[&str], &str); 9] = [
    (&["DROP TABLE "], "the version before still uses it"),
    (&["DROP COLUMN "], "the version before still writes it"),
    (&[" RENAME "], "the version before knows the old name only"),
    (&[" SET NOT NULL "], "the version before may write none"),
    (
        &["ALTER TABLE ", " ALTER ", " TYPE "],
        "the version before sends the old type, and the table is rewritten under a lock",
    ),
    (
        &[" ADD CONSTRAINT "],
        "the version before may write what it refuses",
    ),
    (
        &[" ADD CHECK "],
        "the version before may write what it refuses",
    ),
    (
        &["CREATE UNIQUE INDEX "],
        "the version before may write what it refuses",
    ),
    (&["TRUNCATE "], "the version before still reads it"),
];

/// The migrations by their names, in order.
fn migrations() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// Its statements as words in capitals, without comments. Bodies of functions are among them, which does no harm.
fn statements(sql: &str) -> Vec<Vec<String>> {
    let lines = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join(" ").to_uppercase();
    text.split(';')
        .map(|statement| {
            statement
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .collect()
}

/// The words after `CREATE TABLE [IF NOT EXISTS]`, `ALTER TABLE [ONLY]`, `CREATE … INDEX … ON`.
fn table_of(words: &[String]) -> Option<&str> {
    const PASSED_OVER: [&str; 6] = ["IF", "NOT", "EXISTS", "ONLY", "UNLOGGED", "CONCURRENTLY"];
    let after = |word: &str| words.iter().position(|w| w == word).map(|at| at + 1);
    let from = if words.iter().any(|w| w == "INDEX") {
        after("ON")
    } else {
        after("TABLE")
    }?;
    let mut rest = words.get(from..)?.iter();
    rest.find(|word| !PASSED_OVER.contains(&word.as_str()))
        .map(String::as_str)
}

/// Whether a statement holds these pieces, one after the other.
fn holds(statement: &str, pieces: &[&str]) -> bool {
    let mut rest = statement;
    pieces.iter().all(|piece| match rest.find(piece) {
        Some(at) => {
            // The blank at its end may be the one that the next begins with.
            rest = &rest[at + piece.len() - 1..];
            true
        }
        None => false,
    })
}

/// What is wrong with a migration.
fn mistakes(sql: &str) -> Vec<String> {
    let statements = statements(sql);
    let created: HashSet<_> = statements
        .iter()
        .filter(|words| {
            words.first().is_some_and(|w| w == "CREATE")
                && words.iter().take(4).any(|w| w == "TABLE")
        })
        .filter_map(|words| table_of(words))
        .collect();
    let mut mistakes = Vec::new();
    for words in &statements {
        if table_of(words).is_some_and(|table| created.contains(table)) {
            continue;
        }
        let statement = words.join(" ") + " ";
        let speaks_of_tables = words
            .first()
            .is_some_and(|w| ["ALTER", "DROP", "CREATE", "TRUNCATE"].contains(&w.as_str()));
        if !speaks_of_tables || (words[0] == "CREATE" && words[1] != "UNIQUE") {
            continue;
        }
        for (wanted, reason) in FORBIDDEN {
            if holds(&statement, wanted) {
                mistakes.push(format!("{statement}: {reason}"));
            }
        }
        // Each column that is added by itself: the default of one is not that of another.
        for column in statement.split("ADD COLUMN").skip(1) {
            if column.contains("NOT NULL") && !column.contains("DEFAULT") {
                mistakes.push(format!(
                    "{statement}: the version before does not write the new column"
                ));
            }
        }
    }
    mistakes
}

#[test]
fn migrations_only_expand() {
    let migrations = migrations();
    assert!(
        migrations.len() > 10,
        "only {} were found",
        migrations.len()
    );
    for (name, sql) in migrations {
        let mistakes = mistakes(&sql);
        assert!(mistakes.is_empty(), "{name}:\n{}", mistakes.join("\n"));
    }
}

#[test]
fn what_narrows_is_found() {
    for sql in [
        "DROP TABLE webhooks;",
        "drop table if exists webhooks",
        "ALTER TABLE webhooks DROP COLUMN name;",
        "ALTER TABLE webhooks RENAME COLUMN name TO title;",
        "ALTER TABLE webhooks RENAME TO hooks;",
        "ALTER TABLE webhooks ALTER COLUMN name SET NOT NULL;",
        "ALTER TABLE webhooks ALTER name TYPE varchar(3), ALTER COLUMN b TYPE int;",
        "ALTER TABLE webhooks ADD COLUMN a int NOT NULL;",
        "ALTER TABLE webhooks\n  ADD COLUMN a int DEFAULT 1 NOT NULL,\n  ADD COLUMN b int NOT NULL;",
        "ALTER TABLE webhooks ADD CONSTRAINT short CHECK (length(name) < 3);",
        "CREATE UNIQUE INDEX one ON webhooks (name);",
        "CREATE TABLE new (id int); ALTER TABLE webhooks DROP COLUMN name;",
        "TRUNCATE webhooks;",
    ] {
        assert_eq!(mistakes(sql).len(), 1, "{sql}: {:?}", mistakes(sql));
    }
}

#[test]
fn what_expands_passes() {
    for sql in [
        "CREATE TABLE new (id int NOT NULL); ALTER TABLE new ADD CONSTRAINT one UNIQUE (id);",
        "CREATE TABLE new (id int); CREATE UNIQUE INDEX one ON new (id);",
        "-- DROP TABLE webhooks\nALTER TABLE webhooks ADD COLUMN a int, ADD COLUMN b int NOT NULL DEFAULT 0;",
        "DROP INDEX slow; CREATE INDEX fast ON webhooks (name);",
    ] {
        assert_eq!(mistakes(sql), Vec::<String>::new(), "{sql}");
    }
}
