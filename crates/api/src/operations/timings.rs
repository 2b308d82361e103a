use std::time::Duration;

use posthorn_domain::Phases;
use serde::Serialize;
use utoipa::ToSchema;

/// What the time of a request went to, in milliseconds. Null is a part that there was not: a connection that was used
/// again has no name to resolve and no handshake.
#[derive(Serialize, ToSchema)]
#[schema(as = Timings)]
pub(crate) struct TimingsView {
    /// Resolving the name.
    #[schema(example = 1.204)]
    dns_ms: Option<f64>,
    /// Opening the connection.
    #[schema(example = 11.87)]
    connect_ms: Option<f64>,
    /// The TLS handshake.
    #[schema(example = 24.551)]
    tls_ms: Option<f64>,
    /// From the connection to the end of the answer's headers.
    #[schema(example = 48.02)]
    first_byte_ms: Option<f64>,
}

impl From<Phases> for TimingsView {
    fn from(phases: Phases) -> Self {
        Self {
            dns_ms: phases.dns.map(milliseconds),
            connect_ms: phases.connect.map(milliseconds),
            tls_ms: phases.tls.map(milliseconds),
            first_byte_ms: phases.first_byte.map(milliseconds),
        }
    }
}

/// To the microsecond, as it is stored.
fn milliseconds(took: Duration) -> f64 {
    let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
    f64::from(micros) / 1000.0
}
