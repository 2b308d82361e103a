//! What every request goes through before an operation sees it, and every response after.

mod common_headers;
mod known_query;
mod middleware;
mod request_body;
mod request_id;
mod request_metrics;
mod request_span;
mod unmatched;
mod webhook_consent;

pub(crate) use common_headers::{common_headers, misread};
pub(crate) use known_query::{KnownQueries, known_query};
pub(crate) use middleware::edge;
pub(crate) use request_body::NoRoom;
pub(crate) use request_id::RequestId;
pub(crate) use request_metrics::{RequestMetrics, observe_bodies};
pub(crate) use request_span::{Traced, sent_trace};
pub(crate) use unmatched::{method_not_allowed, panicked, route_not_found};
pub(crate) use webhook_consent::{Consent, webhook_consent};
