//! Why there is no connection.

use std::{io, time::Duration};

use super::dial::NoConnection;
use crate::{address::NotAllowed, phases::Stage, resolver::LookupFailed};

/// Why there is no connection. Explained to an operator by [`failure`](crate::failure).
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectFailed {
    /// The guard refused an address.
    #[error("an address is not allowed: {0}")]
    NotAllowed(#[from] NotAllowed),
    /// The name has no address.
    #[error("{0}")]
    Lookup(#[from] LookupFailed),
    /// No address took the connection; the error is the last one's.
    #[error("no connection")]
    Socket(#[source] io::Error),
    /// This machine has no file descriptor, port or memory left for a connection.
    #[error("no resources")]
    Exhausted(#[source] io::Error),
    /// The proxy opened no way.
    #[error("{0}")]
    Proxy(ProxyFailed),
    /// No certificate can be for this host.
    #[error("the host is no name for a certificate")]
    NoServerName,
    /// The handshake failed.
    #[error("the TLS handshake failed")]
    Tls(#[source] io::Error),
    /// The bound on connecting passed during this stage.
    #[error("timed out")]
    TimedOut(Stage, Duration),
}

impl From<NoConnection> for ConnectFailed {
    fn from(error: NoConnection) -> Self {
        match error {
            NoConnection::Exhausted(error) => Self::Exhausted(error),
            NoConnection::Failed(error) => Self::Socket(error),
        }
    }
}

impl From<ProxyFailed> for ConnectFailed {
    fn from(error: ProxyFailed) -> Self {
        match error {
            ProxyFailed::Exhausted(error) => Self::Exhausted(error),
            ProxyFailed::Lookup(LookupFailed::Exhausted) => LookupFailed::Exhausted.into(),
            error => Self::Proxy(error),
        }
    }
}

impl From<NoConnection> for ProxyFailed {
    fn from(error: NoConnection) -> Self {
        match error {
            NoConnection::Exhausted(error) => Self::Exhausted(error),
            NoConnection::Failed(error) => Self::Socket(error),
        }
    }
}

/// Why the proxy opened no way to the receiver.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProxyFailed {
    /// Its own name has no address.
    #[error("the name of the egress proxy cannot be resolved")]
    Lookup(#[source] LookupFailed),
    /// There is no connection to it.
    #[error("the egress proxy cannot be reached")]
    Socket(#[source] io::Error),
    /// This machine has nothing left for a connection to it.
    #[error("no resources")]
    Exhausted(#[source] io::Error),
    /// The connection to it broke before it had answered.
    #[error("the egress proxy broke the connection off")]
    Broken(#[source] io::Error),
    /// It answered something else than 2xx.
    #[error("the egress proxy answered {0}")]
    Refused(u16),
    /// What it answered is not HTTP, or too long.
    #[error("the egress proxy's answer is not HTTP")]
    NotHttp,
}
