#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test says what went wrong by panicking"
    )
)]

mod bodies;
mod budget;
mod burial;
mod claim;
mod conclude;
mod config;
mod disabled;
mod dispatch;
mod due;
mod elsewhere;
mod ended;
mod erased;
mod erasure;
mod fair_queue;
mod figures;
mod filter_failures;
mod filtering;
mod floor;
mod gate;
mod heartbeat;
mod history;
mod intake;
mod letters;
mod maintenance;
mod matched;
mod matching;
mod metrics;
mod moment;
mod operations;
mod patience;
mod pipeline;
mod publishing;
mod recorded;
mod recorder;
mod refresh;
mod replay;
mod room;
mod service;
mod settle;
mod shared_clock;
mod shared_map;
mod snapshot;
mod spans;
mod spread;
mod start;
mod statistics;
mod stranded;
mod tenant_index;
#[cfg(test)]
mod tests_support;
mod turns;
mod unreadable;
mod waiting_work;
mod work;

pub use config::Config;
pub use service::run;
