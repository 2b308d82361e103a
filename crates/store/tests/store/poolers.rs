//! PgBouncer between the store and its server.

use std::{sync::Arc, time::Duration};

use posthorn_domain::{DeliveryStatus, SystemClock};
use posthorn_store::{DeliveryFilter, RecordBatch, Store, StoreError};
use posthorn_testkit::{TestDatabase, TestPgBouncer, eventually};
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions};

use crate::support::*;

const SOON: Duration = Duration::from_secs(20);

fn store_via(database: &TestDatabase, pooler: &TestPgBouncer) -> Store {
    let url = database.url_via(&pooler.address());
    Store::open(config(&url, KEY), Arc::new(SystemClock)).unwrap()
}

/// A client that sends no start-up parameter that the pooler does not know.
async fn other_client(database: &TestDatabase, pooler: &TestPgBouncer) -> PgConnection {
    let url = database.url_via(&pooler.address());
    let options: PgConnectOptions = url.parse().unwrap();
    PgConnection::connect_with(&options.extra_float_digits(None))
        .await
        .unwrap()
}

/// Writes, and lists from eight connections at once.
async fn works(world: &mut World, store: &Store) {
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a");
    let record = delivery(&event.event, webhook, 1, DeliveryStatus::Success);
    let batch = RecordBatch {
        attempts: vec![attempt(&record, 1)],
        deliveries: vec![record],
        events: vec![event],
        ..RecordBatch::default()
    };
    store.write(&batch).await.unwrap();
    let lists = (0..8).map(|_| async {
        for _ in 0..10 {
            let filter = DeliveryFilter::default();
            let acme = tenant("acme");
            let listed = store.list_deliveries(&acme, &filter, first(50));
            assert_eq!(listed.await.unwrap().items.len(), 1);
        }
    });
    futures::future::join_all(lists).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_in_session_mode_needs_no_further_line() {
    let mut world = World::empty().await;
    let pooler = TestPgBouncer::start("pool_mode = session\ndefault_pool_size = 20").await;
    let store = store_via(&world.database, &pooler);
    store.migrate().await.unwrap();
    store.health().ask().await.unwrap();
    works(&mut world, &store).await;
    store.close().await;
    // What comes next over the same sessions finds them as they were.
    let mut next = other_client(&world.database, &pooler).await;
    let left: String = sqlx::query_scalar("SHOW statement_timeout")
        .fetch_one(&mut next)
        .await
        .unwrap();
    assert_eq!(left, "0");
}

/// Such a pooler hands a session on with what was prepared in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_resets_nothing_between_clients_works() {
    let mut world = World::empty().await;
    let pooler =
        TestPgBouncer::start("pool_mode = session\nserver_reset_query =\ndefault_pool_size = 20")
            .await;
    for _ in 0..2 {
        let store = store_via(&world.database, &pooler);
        store.migrate().await.unwrap();
        store.config_version().await.unwrap();
        store.close().await;
    }
    let store = store_via(&world.database, &pooler);
    works(&mut world, &store).await;
}

#[tokio::test]
async fn a_pooler_that_keeps_no_sessions_is_refused_in_words() {
    for configuration in [
        "pool_mode = transaction",
        "pool_mode = transaction\ndefault_pool_size = 1",
        "pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 5",
        "pool_mode = statement",
    ] {
        let world = World::empty().await;
        let pooler = TestPgBouncer::start(configuration).await;
        let store = store_via(&world.database, &pooler);
        for _ in 0..3 {
            let error = store.migrate().await.unwrap_err();
            assert!(
                matches!(&error, StoreError::Configuration(words) if words.contains("pool_mode = session")),
                "{configuration}: {error}"
            );
        }
        let made = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
        assert_eq!(world.count(made).await, 0, "{configuration}");
        let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(world.count(locks).await, 0, "{configuration}");
    }
}

/// Other clients of the same pool are at work while it is found out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_pooler_in_transaction_mode_is_refused_by_all_that_start() {
    let world = World::empty().await;
    let pooler = TestPgBouncer::start("pool_mode = transaction\ndefault_pool_size = 5").await;
    let stop = tokio_util::sync::CancellationToken::new();
    let mut connections = Vec::new();
    for _ in 0..4 {
        connections.push(other_client(&world.database, &pooler).await);
    }
    let others: Vec<_> = connections
        .into_iter()
        .map(|mut connection| {
            let stop = stop.clone();
            tokio::spawn(async move {
                while !stop.is_cancelled() {
                    connection.execute("SELECT 1").await.unwrap();
                }
            })
        })
        .collect();
    let starts = (0..8).map(|_| async {
        let store = store_via(&world.database, &pooler);
        store.migrate().await.unwrap_err()
    });
    for error in futures::future::join_all(starts).await {
        // Where those that start take all of its sessions from each other, they come to no verdict; they say what it may be.
        assert!(error.to_string().contains("pool_mode = session"), "{error}");
    }
    stop.cancel();
    for other in others {
        other.await.unwrap();
    }
}

#[tokio::test]
async fn a_pooler_with_one_session_for_all_is_too_small() {
    let world = World::empty().await;
    let pooler = TestPgBouncer::start("pool_mode = session\ndefault_pool_size = 1").await;
    let store = store_via(&world.database, &pooler);
    let error = store.migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    let sessions = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()";
    eventually(SOON, async || match world.count(sessions).await {
        0 | 1 => Ok(()),
        more => Err(format!("{more} sessions")),
    })
    .await;
}
