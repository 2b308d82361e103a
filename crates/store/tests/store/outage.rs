use std::{sync::Arc, time::Duration};

use posthorn_domain::SystemClock;
use posthorn_store::{Store, StoreError};
use posthorn_testkit::Proxy;
use tokio::{
    net::TcpListener,
    time::{Instant, timeout},
};

use crate::support::*;

fn unavailable<T: std::fmt::Debug>(result: &Result<T, StoreError>) {
    assert!(
        matches!(result, Err(StoreError::Unavailable(_))),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_store_opens_without_its_database_and_says_that_it_is_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let store = Store::open(
        config(&format!("postgres://x:y@{address}/z"), KEY),
        Arc::new(SystemClock),
    )
    .unwrap();
    unavailable(&store.health().ask().await);
    unavailable(&store.migrate().await);
    unavailable(&store.config_version().await);
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let store = Store::open(
        config(&format!("postgres://x:y@{address}/z"), KEY),
        Arc::new(SystemClock),
    )
    .unwrap();
    let begun = Instant::now();
    unavailable(&store.config_version().await);
    assert!(begun.elapsed().as_secs() < 10);
    drop(listener);
}

#[tokio::test]
async fn a_url_that_is_none_is_refused_without_being_shown() {
    for url in ["mysql://u:s3cret@h/d", "postgres://u:s3cret@h:port/d", ""] {
        let error = Store::open(config(url, KEY), Arc::new(SystemClock)).unwrap_err();
        assert!(matches!(error, StoreError::Configuration(_)));
        assert!(!error.to_string().contains("s3cret"));
    }
}

#[tokio::test]
async fn a_database_that_is_not_migrated_yet_is_not_available_yet() {
    let world = World::empty().await;
    unavailable(&world.store.config_version().await);
    world.store.migrate().await.unwrap();
    assert_eq!(world.store.config_version().await.unwrap(), 0);
}

#[tokio::test]
async fn it_works_again_by_itself_when_the_database_is_back() {
    let world = World::new().await;
    let proxy = Proxy::to(&world.database.server_address()).await;
    let url = world.database.url_via(&proxy.address());
    let store = Store::open(config(&url, KEY), world.clock.clone()).unwrap();
    assert_eq!(store.config_version().await.unwrap(), 0);

    proxy.refuse();
    for _ in 0..2 {
        unavailable(&store.config_version().await);
    }
    proxy.resume();
    assert_eq!(store.config_version().await.unwrap(), 0);

    world.database.end_sessions().await;
    unavailable(&store.config_version().await);
    assert_eq!(store.config_version().await.unwrap(), 0);
}

/// Whoever gives up waiting leaves no connection behind that nobody can use.
#[tokio::test]
async fn operations_dropped_in_the_middle_use_up_no_connection() {
    let world = World::new().await;
    let mut blocker = world.connection().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE configuration IN ACCESS EXCLUSIVE MODE")
        .execute(&mut blocker)
        .await
        .unwrap();
    for _ in 0..20 {
        let blocked = world.store.config_version();
        let in_time = timeout(Duration::from_millis(50), blocked).await;
        assert!(in_time.is_err(), "the table is locked");
    }
    sqlx::raw_sql("COMMIT").execute(&mut blocker).await.unwrap();
    assert_eq!(world.store.config_version().await.unwrap(), 0);
}

/// As above, when the network swallows everything: not even the farewell to the server gets through.
#[tokio::test]
async fn connections_that_hang_are_replaced() {
    let world = World::new().await;
    let proxy = Proxy::to(&world.database.server_address()).await;
    let url = world.database.url_via(&proxy.address());
    let store = Store::open(config(&url, KEY), world.clock.clone()).unwrap();
    assert_eq!(store.config_version().await.unwrap(), 0);
    proxy.stall();
    for _ in 0..10 {
        let in_time = timeout(Duration::from_millis(50), store.config_version()).await;
        assert!(in_time.is_err(), "nothing gets through");
    }
    proxy.cut();
    proxy.resume();
    assert_eq!(store.config_version().await.unwrap(), 0);
}
