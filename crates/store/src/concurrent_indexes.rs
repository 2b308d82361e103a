//! Indexes of tables that grow, built before the migration that makes them.
//!
//! `CREATE INDEX` on a partitioned table keeps every partition from being written until the last one is built: minutes, of
//! a table with a hundred million rows. Where a partition has such an index already, PostgreSQL attaches that one and
//! builds nothing. So the same index is built here on each partition that has rows, with `CONCURRENTLY`, under which writing
//! goes on; what is left to the migration takes milliseconds. A migration need not know of it: its own text says what to
//! build, and on an empty database there is nothing to do.
//!
//! A build that was cut leaves an index that is not valid; it is dropped and built again.

use sqlx::{AssertSqlSafe, PgConnection};
use tracing::info;

use crate::{error::StoreError, partitions::TABLES};

/// Longest name of an index, in bytes; PostgreSQL would cut a longer one.
const NAME_BYTES_MAX: usize = 63;

/// An index that a migration makes on a partitioned table.
#[derive(Debug, PartialEq, Eq)]
struct NewIndex<'a> {
    name: &'a str,
    table: &'static str,
    /// What follows the table: columns and condition.
    definition: &'a str,
}

impl NewIndex<'_> {
    /// Its name on one partition.
    fn name_on(&self, partition: &str) -> String {
        let mut name = format!("{partition}_{}", self.name);
        name.truncate(NAME_BYTES_MAX);
        name
    }
}

/// The statements of a migration, without comments. Bodies of functions are cut too, which does no harm: no piece of
/// one begins like the statement that is looked for.
fn statements(sql: &str) -> Vec<String> {
    let lines = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join("\n");
    text.split(';')
        .map(|statement| statement.trim().to_owned())
        .collect()
}

/// The index that a statement makes, if it is one of a partitioned table.
fn new_index(statement: &str) -> Option<NewIndex<'_>> {
    let rest = statement.strip_prefix("CREATE INDEX ")?;
    let (name, rest) = rest.split_once(" ON ")?;
    let (table, definition) = rest.split_once(' ')?;
    let (table, _) = TABLES.into_iter().find(|(known, _)| *known == table)?;
    Some(NewIndex {
        name,
        table,
        definition,
    })
}

/// Builds what a migration makes on partitions that have rows. Waits for transactions that are under way; nobody waits
/// for it.
pub(crate) async fn build_ahead(
    connection: &mut PgConnection,
    migration: &str,
) -> Result<(), StoreError> {
    let statements = statements(migration);
    for index in statements.iter().filter_map(|text| new_index(text)) {
        for partition in partitions(connection, index.table).await? {
            build(connection, &index, &partition).await?;
        }
    }
    Ok(())
}

/// The partitions of a table, none where the table is not there.
async fn partitions(connection: &mut PgConnection, table: &str) -> Result<Vec<String>, StoreError> {
    let names = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = to_regclass($1) ORDER BY 1",
    )
    .bind(table)
    .fetch_all(connection)
    .await?;
    Ok(names)
}

async fn build(
    connection: &mut PgConnection,
    index: &NewIndex<'_>,
    partition: &str,
) -> Result<(), StoreError> {
    let name = index.name_on(partition);
    let valid: Option<bool> =
        sqlx::query_scalar("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)")
            .bind(quoted(&name))
            .fetch_optional(&mut *connection)
            .await?;
    if valid == Some(true) {
        return Ok(());
    }
    if valid == Some(false) {
        let drop = format!("DROP INDEX CONCURRENTLY {}", quoted(&name));
        sqlx::query(AssertSqlSafe(drop))
            .execute(&mut *connection)
            .await?;
    }
    let some = format!("SELECT EXISTS (SELECT FROM {})", quoted(partition));
    let has_rows: bool = sqlx::query_scalar(AssertSqlSafe(some))
        .fetch_one(&mut *connection)
        .await?;
    if !has_rows {
        return Ok(());
    }
    info!("Building the index {name} beside those who write");
    // The names come from the catalogue and the rest from a migration, nothing from outside.
    let create = format!(
        "CREATE INDEX CONCURRENTLY {} ON {} {}",
        quoted(&name),
        quoted(partition),
        index.definition
    );
    sqlx::query(AssertSqlSafe(create))
        .execute(connection)
        .await?;
    Ok(())
}

/// A name as SQL takes it, whatever characters are in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::migrator;

    #[test]
    fn finds_the_indexes_of_the_tables_that_grow() {
        let sql = "-- CREATE INDEX no ON deliveries (id);
            CREATE INDEX a ON deliveries (webhook_id,
                id) WHERE status <> 1; -- some
            CREATE INDEX b ON webhooks (id); CREATE UNIQUE INDEX c ON events (id);\nCREATE INDEX d ON events (id);";
        let statements = statements(sql);
        let found: Vec<_> = statements
            .iter()
            .filter_map(|text| new_index(text))
            .collect();
        assert_eq!(
            found.iter().map(|index| index.name).collect::<Vec<_>>(),
            ["a", "d"]
        );
        assert_eq!(found[0].table, "deliveries");
        assert!(found[0].definition.ends_with("id) WHERE status <> 1"));
    }

    /// Two names that are cut alike would be one.
    #[test]
    fn no_name_is_cut() {
        let migrator = migrator();
        let mut count = 0;
        for migration in migrator.iter() {
            for statement in statements(migration.sql.as_str()) {
                if let Some(index) = new_index(&statement) {
                    let partition = format!("{}_y2026m11d30", index.table);
                    let whole = format!("{partition}_{}", index.name);
                    assert_eq!(index.name_on(&partition), whole, "{}", whole.len());
                    count += 1;
                }
            }
        }
        assert!(count > 5, "{count}");
    }
}
