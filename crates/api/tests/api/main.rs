//! The REST API by its front door: the binary, a real PostgreSQL, a real nats-server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what went wrong by panicking"
)]

mod access;
mod console;
mod credentials;
mod dead_letters;
mod declared;
mod edge;
mod erasure;
mod event_types;
mod events;
mod exports;
mod fixture;
mod gate;
mod history;
mod idempotency;
mod isolation;
mod keys;
mod letter;
mod moved_webhooks;
mod outages;
mod outgoing;
mod previews;
mod publishing;
mod read_only;
mod runs;
mod schemas;
mod settings;
mod shares;
mod statistics;
mod webhooks;
