//! What the time of an attempt went to.

use std::time::Duration;

/// How long the parts of a request took. A part that there was not is `None`: a connection that is used again has neither a
/// name to resolve nor a handshake. A part that failed or was given up took what it took until then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Phases {
    /// Resolving the name and judging its addresses.
    pub dns: Option<Duration>,
    /// Opening the TCP connection, through the proxy if there is one.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// From the connection, or the choice of a kept one, to the end of the answer's headers. `None` where no
    /// answer came.
    pub first_byte: Option<Duration>,
}

impl Phases {
    /// What it took until there was a connection.
    pub fn connection(&self) -> Duration {
        [self.dns, self.connect, self.tls]
            .into_iter()
            .flatten()
            .sum()
    }
}
