//! Servers, databases and roles that somebody has set up in a way of their own.

use std::sync::Arc;

use posthorn_domain::{DeliveryStatus, SystemClock};
use posthorn_store::{
    BucketWidth, DeliveryFilter, RecordBatch, StatisticsFilter, Store, StoreError,
};
use posthorn_testkit::TestDatabase;

use crate::support::*;

fn store_at(url: &str) -> Store {
    Store::open(config(url, KEY), Arc::new(SystemClock)).unwrap()
}

/// What a role needs as the owner of everything of ours.
const OWNER: &str = "GRANT USAGE, CREATE ON SCHEMA public TO {role}";

#[tokio::test]
async fn a_role_that_may_make_no_tables_is_told_what_to_grant() {
    let database = TestDatabase::create().await;
    let url = database
        .url_as_role("secret", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        .await;
    let store = store_at(&url);
    let error = store.migrate().await.unwrap_err();
    let words = error.to_string();
    assert!(matches!(error, StoreError::Unavailable(_)), "{words}");
    assert!(
        words.contains("GRANT USAGE, CREATE ON SCHEMA public TO posthorn_test_"),
        "{words}"
    );
    let grant = words.rsplit_once(": ").unwrap().1;
    database.execute(grant).await;
    store.migrate().await.unwrap();
}

#[tokio::test]
async fn a_role_that_may_not_even_use_the_schema_is_told_what_to_grant() {
    let database = TestDatabase::create().await;
    let url = database
        .url_as_role("secret", "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        .await;
    let words = store_at(&url).migrate().await.unwrap_err().to_string();
    assert!(
        words.contains("GRANT USAGE, CREATE ON SCHEMA public TO posthorn_test_"),
        "{words}"
    );
}

#[tokio::test]
async fn a_role_that_does_not_own_the_tables_is_told_so() {
    let database = TestDatabase::migrated().await;
    let url = database.url_as_role("secret", OWNER).await;
    database
        .execute("DELETE FROM _sqlx_migrations WHERE version = 68")
        .await;
    let error = store_at(&url).migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(error.to_string().contains("another role"), "{error}");
}

#[tokio::test]
async fn what_only_reads_is_waited_for_with_the_reason() {
    let database = TestDatabase::create().await;
    let rights = format!("{OWNER}; ALTER ROLE {{role}} SET default_transaction_read_only = on");
    let url = database.url_as_role("secret", &rights).await;
    let error = store_at(&url).migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(
        error.to_string().contains("default_transaction_read_only"),
        "{error}"
    );
}

#[tokio::test]
async fn another_encoding_is_refused() {
    let database = TestDatabase::create_with("ENCODING 'LATIN1' LOCALE 'C'").await;
    let error = store_at(&database.url()).migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::Configuration(_)), "{error}");
    assert!(error.to_string().contains("LATIN1"), "{error}");
}

#[tokio::test]
async fn a_password_may_hold_anything() {
    let database = TestDatabase::create().await;
    let url = database.url_as_role("p@ss/w#r?d%:&=+ é'\"\\", OWNER).await;
    store_at(&url).migrate().await.unwrap();
    // As somebody writes it who does not know.
    let Err(error) = Store::open(
        config("postgres://u:pa#s3cret@h/d", KEY),
        Arc::new(SystemClock),
    ) else {
        panic!("it was read");
    };
    let words = error.to_string();
    assert!(
        words.contains("%23") && !words.contains("s3cret"),
        "{words}"
    );
}

/// Defaults that somebody gave the role or the database for people and for other programs.
#[tokio::test]
async fn defaults_of_the_role_change_nothing() {
    let mut world = World::empty().await;
    let rights = "CREATE SCHEMA posthorn AUTHORIZATION {role};
        ALTER ROLE {role} SET search_path = posthorn;
        ALTER ROLE {role} SET statement_timeout = '100ms';
        ALTER ROLE {role} SET lock_timeout = '1ms';
        ALTER ROLE {role} SET idle_in_transaction_session_timeout = '50ms';
        ALTER ROLE {role} SET default_transaction_isolation = 'serializable';
        ALTER ROLE {role} SET TimeZone = 'Asia/Kathmandu';
        ALTER ROLE {role} SET DateStyle = 'German, DMY';
        ALTER ROLE {role} SET IntervalStyle = 'iso_8601';
        ALTER ROLE {role} SET bytea_output = 'escape';
        ALTER ROLE {role} SET extra_float_digits = -15;
        ALTER ROLE {role} SET standard_conforming_strings = off;
        ALTER ROLE {role} SET client_encoding = 'LATIN1';
        ALTER ROLE {role} SET row_security = off;
        ALTER ROLE {role} SET client_min_messages = 'error';
        ALTER ROLE {role} SET xmlbinary = 'hex'";
    let url = world.database.url_as_role("secret", rights).await;
    let store = Store::open(config(&url, KEY), world.clock.clone()).unwrap();
    store.migrate().await.unwrap();
    let new = world.new_webhook("acme", "{}");
    let webhook = store.create_webhook(new, &mut world.rng).await.unwrap().id;
    let event = world.event("acme", "a");
    let at = event.event.timestamp;
    let record = delivery(&event.event, webhook, 1, DeliveryStatus::Retrying);
    let batch = RecordBatch {
        attempts: vec![attempt(&record, 1)],
        deliveries: vec![record.clone()],
        events: vec![event],
        ..RecordBatch::default()
    };
    store.write(&batch).await.unwrap();
    let listed = store
        .list_deliveries(&tenant("acme"), &DeliveryFilter::default(), first(5))
        .await
        .unwrap();
    assert_eq!(listed.items[0].next_retry_at, record.next_retry_at);
    let details = store
        .get_delivery(&tenant("acme"), record.id)
        .await
        .unwrap();
    assert_eq!(details.attempts[0].started_at, batch.attempts[0].started_at);
    store.fold_statistics().await.unwrap().unwrap();
    let filter = StatisticsFilter {
        webhook: None,
        since: BucketWidth::Day.start_of(at),
        until: BucketWidth::Day.start_of(at) + BucketWidth::Day.duration(),
        bucket: BucketWidth::Day,
    };
    let statistics = store.statistics(&tenant("acme"), &filter).await.unwrap();
    assert_eq!(statistics.buckets.len(), 1);
    assert_eq!(statistics.buckets[0].1.attempts, 1);
    let elsewhere = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(world.count(elsewhere).await, 0);
}
