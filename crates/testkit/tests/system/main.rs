//! Posthorn as a whole: both services as processes, real PostgreSQL and nats-server, real receivers.
//!
//! Everything enters by the front door (REST, NATS, the receiver's socket) and each test has a database and a
//! nats-server of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod accepted_before;
mod canary;
mod cloud_events;
mod cluster;
mod cluster_stack;
mod configuration;
mod connections;
mod crashes;
mod dead_ends;
mod dead_letters;
mod delivery;
mod erasure;
mod exhaustion;
mod fan_out;
mod filters;
mod full;
mod gate;
mod hostile;
mod http;
mod letter;
mod losses;
mod malformed;
mod memory;
mod metrics;
mod nats_access;
mod nats_wire;
mod numbers;
mod one_at_a_time;
mod operations;
mod outages;
mod outgoing;
mod replays;
mod retries;
mod runs;
mod seen_before;
mod stack;
mod standard_webhooks;
mod stranded;
mod traces;
mod unreadable;
mod verdicts;
