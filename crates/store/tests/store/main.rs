//! The store on a real PostgreSQL, each test in a database of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod access;
mod claims;
mod enabled;
mod erasure;
mod expand_only;
mod filter_failures;
mod gates;
mod lists;
mod migrations;
mod outage;
mod poolers;
mod recorded;
mod recorder;
mod reseal;
mod retention;
mod runs;
mod seen_event_types;
mod servers;
mod snapshot;
mod statistics;
mod streaks;
mod support;
mod upkeep;
mod webhooks;
