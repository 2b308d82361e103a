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

pub mod backoff;
pub mod http;
pub mod lifecycle;
pub mod metrics;
pub mod open_files;
pub mod otlp;
pub mod randomness;
pub mod reminder;
pub mod settings;
pub mod telemetry;
pub mod traces;
