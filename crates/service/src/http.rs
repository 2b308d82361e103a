//! The HTTP server of a service: health, readiness and metrics, and a listener that stops politely.

pub mod dependencies;
mod health;
mod server;

pub use health::{Dependency, Readiness, router};
pub use server::{BindFailed, ClientAddress, Limits, bind, serve};
