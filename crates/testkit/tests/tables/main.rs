//! Tables in `docs/` that say which test proves what, held to the tests that there are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod conformance;
mod growth;
mod reliability;
mod requirements;
mod sources;
mod table;
