#![doc = include_str!("../README.md")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "used by tests only, which fail by panicking and explain themselves on stderr"
)]

mod clock;
mod collector;
mod database;
mod eventually;
mod loopback_port;
mod nats;
mod nats_cluster;
mod pgbouncer;
mod process;
mod proxy;
mod receiver;
mod service;
mod variables;

pub use clock::TestClock;
pub use collector::{CollectedSpan, Collector, SpanKind, waterfall};
pub use database::TestDatabase;
pub use eventually::eventually;
pub use nats::TestNats;
pub use nats_cluster::TestNatsCluster;
pub use pgbouncer::TestPgBouncer;
pub use proxy::Proxy;
pub use receiver::{Answer, Gate, ReceivedRequest, Receiver};
pub use service::{Service, ServiceSetup};
