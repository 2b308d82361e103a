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

mod bill;
mod dialect;
mod event_schema;
mod flow;
mod keyword;
mod measure;
mod misfit;
mod openapi;
mod own_cost;
mod pattern;
mod reference;
mod stack;
mod walk;
mod weight;

pub use event_schema::EventSchema;
pub use misfit::Misfit;
pub use openapi::{DescribedType, event_types_of_openapi};
pub use stack::{STACK_BYTES, spawn};
