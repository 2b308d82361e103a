//! The HTTP server of a service: health, readiness and metrics, and a listener that stops politely.

pub mod dependencies;
mod health;
mod misread;
mod server;

pub use health::{Dependency, Readiness, router};
pub use misread::Misread;
pub use server::{BindFailed, Limits, bind, serve, serve_with};
