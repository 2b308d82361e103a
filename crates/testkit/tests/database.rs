//! Databases of a test's own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use posthorn_testkit::{Proxy, TestDatabase, eventually};
use sqlx::{Connection, PgConnection};

#[tokio::test]
async fn each_is_empty_and_vanishes_with_its_value() {
    let (one, other) = (TestDatabase::create().await, TestDatabase::create().await);
    one.execute("CREATE TABLE t (n int); INSERT INTO t VALUES (7)")
        .await;
    assert_eq!(one.number("SELECT sum(n) FROM t").await, 7);
    let there = "SELECT count(*) FROM pg_tables WHERE tablename = 't'";
    assert_eq!(other.number(there).await, 0);
    let url = one.url();
    let name = url.rsplit('/').next().unwrap();
    let name = name.split('?').next().unwrap().to_owned();
    // One whose drop was cut short is there by name still, and takes no connection any more.
    let exists =
        format!("SELECT count(*) FROM pg_database WHERE datname = '{name}' AND datconnlimit <> -2");
    assert_eq!(other.number(&exists).await, 1);
    // A connection that is still open keeps nothing.
    let _open = PgConnection::connect(&url).await.unwrap();
    drop(one);
    assert_eq!(other.number(&exists).await, 0);
}

#[tokio::test]
async fn copies_of_a_template_are_filled_once() {
    // The process id makes a version that no earlier run has left behind.
    let version = format!("testkit_{}", std::process::id());
    let mut runs = 0;
    for _ in 0..3 {
        let database = TestDatabase::from_template(&version, async |url| {
            runs += 1;
            let mut connection = PgConnection::connect(&url).await.unwrap();
            sqlx::raw_sql("CREATE TABLE filled (n int)")
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        })
        .await;
        assert_eq!(database.number("SELECT count(*) FROM filled").await, 0);
    }
    assert_eq!(runs, 1);
    let template = format!("posthorn_template_{version}");
    let cleaner = TestDatabase::create().await;
    cleaner
        .execute(&format!("ALTER DATABASE {template} IS_TEMPLATE false"))
        .await;
    cleaner.execute(&format!("DROP DATABASE {template}")).await;
}

#[tokio::test]
async fn a_migrated_one_knows_every_migration_and_holds_nothing() {
    let database = TestDatabase::migrated().await;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let files = std::fs::read_dir(folder).unwrap().count();
    let done = "SELECT count(*) FROM _sqlx_migrations WHERE success";
    assert_eq!(usize::try_from(database.number(done).await).unwrap(), files);
    assert_eq!(database.number("SELECT count(*) FROM webhooks").await, 0);
}

#[tokio::test]
async fn sessions_end_and_links_break_on_demand() {
    let database = TestDatabase::create().await;
    let proxy = Proxy::to(&database.server_address()).await;
    let url = database.url_via(&proxy.address());
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.ping().await.unwrap();
    database.end_sessions().await;
    assert!(connection.ping().await.is_err());
    let mut connection = PgConnection::connect(&url).await.unwrap();
    proxy.cut();
    assert!(connection.ping().await.is_err());
    eventually(std::time::Duration::from_secs(10), async || {
        PgConnection::connect(&url).await.map(|_| ())
    })
    .await;
}
