//! A nats-server of a test's own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use posthorn_testkit::{TestNats, eventually};
use tokio::net::TcpStream;

#[tokio::test]
async fn keeps_its_port_and_its_store_over_a_restart() {
    let mut nats = TestNats::start().await;
    let other = TestNats::start().await;
    assert_ne!(nats.address(), other.address());
    let address = nats.address();
    for stop in [true, false] {
        if stop {
            nats.stop().await;
        } else {
            nats.kill();
        }
        assert!(TcpStream::connect(&address).await.is_err());
        nats.restart().await;
        assert_eq!(nats.address(), address);
        TcpStream::connect(&address).await.unwrap();
    }
}

#[tokio::test]
async fn ends_with_its_value() {
    let nats = TestNats::start().await;
    let address = nats.address();
    drop(nats);
    eventually(Duration::from_secs(5), async || {
        match TcpStream::connect(&address).await {
            Err(_) => Ok(()),
            Ok(stream) => Err(stream),
        }
    })
    .await;
}
