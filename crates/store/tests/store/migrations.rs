//! Migrations beside those who record.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use posthorn_domain::DeliveryStatus;
use posthorn_store::RecordBatch;
use posthorn_testkit::eventually;
use sqlx::{AssertSqlSafe, Executor, migrate::Migrate};

use crate::support::*;

const SOON: Duration = Duration::from_secs(20);
/// The migration that changes the tables of the log.
const OF_THE_LOG: i64 = 68;

/// Makes the database forget that a migration was applied, after undoing what cannot be done twice.
async fn forget(world: &World, version: i64, undo: &str) {
    let forget = format!("{undo} DELETE FROM _sqlx_migrations WHERE version = {version}");
    world.database.execute(&forget).await;
}

async fn is_applied(world: &World, version: i64) -> bool {
    let query = format!("SELECT count(*) FROM _sqlx_migrations WHERE version = {version}");
    world.count(&query).await == 1
}

/// A batch with an event, its delivery and an attempt.
async fn batch(world: &mut World) -> RecordBatch {
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a");
    let record = delivery(&event.event, webhook, 1, DeliveryStatus::Success);
    RecordBatch {
        attempts: vec![attempt(&record, 1)],
        deliveries: vec![record],
        events: vec![event],
        ..RecordBatch::default()
    }
}

/// A backup, or somebody's open transaction, holds a table that a migration changes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_go_on_while_a_migration_waits_for_a_table() {
    let mut world = World::new().await;
    let (first, second) = (batch(&mut world).await, batch(&mut world).await);
    world.store.write(&first).await.unwrap();
    forget(&world, OF_THE_LOG, "").await;

    let mut reader = world.connection().await;
    reader
        .execute("BEGIN; SELECT * FROM attempts LIMIT 1")
        .await
        .unwrap();
    let migrating = tokio::spawn({
        let store = world.replica(KEY);
        async move { store.migrate().await }
    });
    let waiting = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%ALTER TABLE attempts%'";
    eventually(SOON, async || match world.count(waiting).await {
        0 => Err("nobody waits"),
        _ => Ok(()),
    })
    .await;
    // It queues behind the migration, which gives up before it does.
    world.store.write(&second).await.unwrap();
    assert!(!is_applied(&world, OF_THE_LOG).await);

    reader.execute("COMMIT").await.unwrap();
    migrating.await.unwrap().unwrap();
    assert!(is_applied(&world, OF_THE_LOG).await);
}

#[tokio::test]
async fn what_a_migration_builds_on_full_partitions_is_there_before() {
    let mut world = World::new().await;
    for _ in 0..2 {
        let batch = batch(&mut world).await;
        world.store.write(&batch).await.unwrap();
    }
    let partition = "deliveries_y2026m03d10";
    let built = format!("{partition}_deliveries_by_due");
    forget(
        &world,
        31,
        "DROP TABLE sweeps; DROP INDEX deliveries_by_due;",
    )
    .await;
    // One that was not finished lies about: two rows cannot have the same key.
    let unfinished = format!("CREATE UNIQUE INDEX CONCURRENTLY {built} ON {partition} ((1))");
    let mut connection = world.connection().await;
    connection
        .execute(AssertSqlSafe(unfinished))
        .await
        .unwrap_err();
    let left = format!(
        "SELECT count(*) FROM pg_index WHERE indexrelid = '{built}'::regclass AND NOT indisvalid"
    );
    assert_eq!(world.count(&left).await, 1);

    world.store.migrate().await.unwrap();
    assert!(is_applied(&world, 31).await);
    let attached = format!(
        "SELECT count(*) FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid
         WHERE inhparent = 'deliveries_by_due'::regclass AND inhrelid = '{built}'::regclass AND indisvalid
             AND pg_get_indexdef(indexrelid) LIKE '%(next_retry_at, id) WHERE%'"
    );
    assert_eq!(world.count(&attached).await, 1);
    // Every partition has one, and the index as a whole is good.
    let missing = "SELECT count(*) FROM pg_index WHERE indexrelid = 'deliveries_by_due'::regclass AND NOT indisvalid";
    assert_eq!(world.count(missing).await, 0);
}

/// An older release migrates, as its migrator locks; what stands in the log meanwhile is for whoever looks why nothing starts.
#[tokio::test]
async fn whoever_waits_for_anothers_migration_says_who_it_is() {
    let world = World::empty().await;
    let mut older = world.connection().await;
    older.lock().await.unwrap();
    older
        .execute("SET application_name = 'an older release'")
        .await
        .unwrap();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .finish();
    // The test's runtime has one thread.
    let _logged = tracing::subscriber::set_default(subscriber);
    let migrating = tokio::spawn({
        let store = world.replica(KEY);
        async move { store.migrate().await }
    });
    let line = eventually(SOON, async || {
        let text = log.text();
        let line = text.lines().find(|line| line.contains("Waiting while"));
        line.map(str::to_owned).ok_or(text.clone())
    })
    .await;
    assert!(
        line.contains("an older release") && line.contains("pg_terminate_backend("),
        "{line}"
    );
    assert!(!is_made(&world).await);

    older.unlock().await.unwrap();
    migrating.await.unwrap().unwrap();
    assert!(is_made(&world).await);
}

async fn is_made(world: &World) -> bool {
    let query = "SELECT count(*) FROM pg_class WHERE relname = 'deliveries'";
    world.count(query).await == 1
}

/// An index is built beside everybody, and PostgreSQL waits for every statement that has begun before it is good. Nobody
/// must wait for the migration within such a statement.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_services_start_while_an_index_is_built() {
    let mut world = World::new().await;
    let batch = batch(&mut world).await;
    world.store.write(&batch).await.unwrap();
    forget(
        &world,
        31,
        "DROP TABLE sweeps; DROP INDEX deliveries_by_due;",
    )
    .await;
    // The build waits for whoever writes first, so that the other service comes in the middle of it.
    let mut writer = world.connection().await;
    writer
        .execute("BEGIN; LOCK TABLE deliveries_y2026m03d10 IN ROW EXCLUSIVE MODE")
        .await
        .unwrap();
    let migrate = || {
        let store = world.replica(KEY);
        tokio::spawn(async move { store.migrate().await })
    };
    let builds = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'CREATE INDEX CONCURRENTLY%'";
    let first = migrate();
    eventually(SOON, async || match world.count(builds).await {
        0 => Err("nothing is built"),
        _ => Ok(()),
    })
    .await;
    let sessions = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'posthorn' AND query LIKE '%advisory%'";
    let before = world.count(sessions).await;
    let second = migrate();
    eventually(SOON, async || match world.count(sessions).await {
        now if now > before => Ok(()),
        _ => Err("the other has not come yet"),
    })
    .await;
    writer.execute("COMMIT").await.unwrap();
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    assert!(is_applied(&world, 31).await);
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
