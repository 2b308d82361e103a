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

mod access;
mod app;
mod asyncapi;
mod caches;
mod catalogue;
mod config;
mod console;
mod database;
mod edge;
mod extract;
mod openapi;
mod operations;
mod outgoing;
mod page;
mod problem;
mod queue;
mod router;
mod service;
mod shares;
mod tenant_parts;

pub use asyncapi::document as asyncapi_document;
pub use config::{Config, CorsOrigins, EventOrigins};
pub use openapi::document;
pub use service::{PROGRAM, run, start};
