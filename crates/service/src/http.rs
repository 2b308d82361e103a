//! The HTTP server of a service: health, readiness and metrics, and a listener that stops politely.

mod answering;
mod connections;
pub mod dependencies;
mod health;
mod misread;
mod server;
mod write_timeout;

pub use connections::Limits;
pub use health::{Dependency, Readiness, router};
pub use misread::Misread;
pub use server::{BindFailed, ClientAddress, bind, serve, serve_with};
