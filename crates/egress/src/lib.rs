#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test fails by panicking"
    )
)]

mod address;
mod answer;
mod attempt;
mod client;
mod config;
mod connect;
mod exchange;
mod exhaustion;
mod failure;
mod heard;
pub mod limits;
mod oauth2;
mod phases;
mod pool;
mod readable;
mod resolver;
mod system_lookup;
mod tls;
mod tls_clients;
mod tls_identity;
mod tls_verifier;
mod tls_words;
mod x509;

pub use address::{AddressPolicy, NotAllowed};
pub use attempt::{Attempted, Prepared, Rendered, Sender, prepare};
pub use client::{BuildError, Client};
pub use config::EgressConfig;
pub use connect::{EgressProxy, InvalidProxy};
pub use exchange::{BodyEnd, Exchange, FailedExchange, Request, Response};
pub use ipnet::IpNet;
pub use pool::{Again, SentAgain};
pub use resolver::{Looking, Lookup, LookupFailed};
pub use tls_clients::check_tls;
