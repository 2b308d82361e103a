//! Why no answer came from a receiver, in codes.
//!
//! A [`Failure`] is what happened, as precisely as it is known. Its code is part of the interface: stored with the
//! attempt, shown by the API, and what clients decide by. What follows from a failure needs less: its [`FailureKind`].
//! The words beside a code are for people and may change.

use std::{borrow::Cow, fmt};

use serde::{Serialize, Serializer};

/// What kind of failure it is: decides what follows, and is the label of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The URL leads to an address that the guard refuses.
    AddressNotAllowed,
    /// The name does not resolve.
    Dns,
    /// No connection: refused, unreachable, reset before the request was written.
    Connect,
    /// The TLS handshake failed or the certificate is not good.
    Tls,
    /// The token endpoint gave no access token.
    Token,
    /// The webhook's timeout passed.
    Timeout,
    /// The connection broke, or what came back is not HTTP.
    Protocol,
    /// This machine has nothing left to send with: no attempt, and nothing of the receiver's.
    Local,
    /// The request could not be made from the webhook's own settings, such as a template that fails.
    Unrenderable,
}

impl FailureKind {
    /// A stable name, for metrics and traces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddressNotAllowed => "address_not_allowed",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Token => "token",
            Self::Timeout => "timeout",
            Self::Protocol => "protocol",
            Self::Local => "local",
            Self::Unrenderable => "unrenderable",
        }
    }
}

/// Writes the failures, their codes and their kinds in one place.
macro_rules! failures {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $kind:ident;)+) => {
        /// Why no answer came back.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Failure {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Failure {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its stable code.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// What kind of failure it is.
            pub const fn kind(self) -> FailureKind {
                match self {
                    $(Self::$name => FailureKind::$kind,)+
                }
            }
        }
    };
}

failures! {
    /// The URL leads to an address that the guard refuses.
    AddressNotAllowed = "address_not_allowed", AddressNotAllowed;
    /// The name does not exist, or has no address.
    DnsNotFound = "dns_not_found", Dns;
    /// The name servers gave no usable answer, or none in time.
    DnsFailed = "dns_failed", Dns;
    /// Nobody listens at the address.
    ConnectionRefused = "connection_refused", Connect;
    /// Nothing answered the attempt to connect.
    ConnectionTimeout = "connection_timeout", Connect;
    /// There is no way to the address.
    HostUnreachable = "host_unreachable", Connect;
    /// The connection broke before the request was written.
    ConnectionFailed = "connection_failed", Connect;
    /// The egress proxy opened no way to the receiver.
    ProxyFailed = "proxy_failed", Connect;
    /// The receiver's certificate has expired.
    TlsExpired = "tls_expired", Tls;
    /// The receiver's certificate is not valid yet.
    TlsNotYetValid = "tls_not_yet_valid", Tls;
    /// The receiver's certificate is for another host name.
    TlsWrongHost = "tls_wrong_host", Tls;
    /// The receiver's certificate is self-signed, or its authority is not trusted.
    TlsUntrusted = "tls_untrusted", Tls;
    /// The receiver's certificate has been revoked.
    TlsRevoked = "tls_revoked", Tls;
    /// The receiver's certificate is not acceptable for another reason.
    TlsBadCertificate = "tls_bad_certificate", Tls;
    /// The receiver does not speak TLS on this port.
    TlsNotSpoken = "tls_not_spoken", Tls;
    /// The receiver refused the handshake, often for want of a client certificate.
    TlsRefused = "tls_refused", Tls;
    /// The receiver offers no TLS version or cipher that is safe.
    TlsIncompatible = "tls_incompatible", Tls;
    /// The webhook's own TLS settings cannot be used.
    TlsSettingsUnusable = "tls_settings_unusable", Tls;
    /// No certificate can be for the URL's host.
    TlsNoName = "tls_no_name", Tls;
    /// The handshake did not end in time.
    TlsTimeout = "tls_timeout", Tls;
    /// The handshake failed for another reason.
    TlsFailed = "tls_failed", Tls;
    /// The token endpoint gave no access token.
    TokenFailed = "token_failed", Token;
    /// The webhook's timeout passed before an answer came.
    Timeout = "timeout", Timeout;
    /// The receiver closed the connection without an answer.
    ConnectionClosed = "connection_closed", Protocol;
    /// The connection broke before an answer came.
    ConnectionReset = "connection_reset", Protocol;
    /// What came back is not valid HTTP.
    InvalidResponse = "invalid_response", Protocol;
    /// Posthorn has no file descriptors, ports or memory left to send with.
    LocalResources = "local_resources", Local;
    /// The webhook's template made no request of the event.
    TemplateFailed = "template_failed", Unrenderable;
}

/// The code of a failure as it is stored and shown.
///
/// Of an attempt it is that of its [`Failure`]. A delivery can fail without a further attempt; those codes are here.
/// One that a newer release stored stays what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureCode(Cow<'static, str>);

impl FailureCode {
    /// The webhook was disabled while the delivery waited.
    pub const WEBHOOK_DISABLED: Self = Self(Cow::Borrowed("webhook_disabled"));
    /// The delivery cannot wait for another attempt: it is larger than NATS takes.
    pub const TOO_LARGE_TO_WAIT: Self = Self(Cow::Borrowed("too_large_to_wait"));
    /// The event was erased while the delivery waited.
    pub const EVENT_ERASED: Self = Self(Cow::Borrowed("event_erased"));
    /// The webhook's settings cannot be read now; the delivery waits.
    pub const WEBHOOK_UNREADABLE: Self = Self(Cow::Borrowed("webhook_unreadable"));

    /// One that was stored.
    pub fn from_stored(code: String) -> Self {
        Self(code.into())
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Failure> for FailureCode {
    fn from(failure: Failure) -> Self {
        Self(failure.as_str().into())
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for FailureCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_in_the_manual() {
        let manual = include_str!("../../../docs/operations.md");
        let failures = Failure::ALL.iter().map(|each| FailureCode::from(*each));
        let others = [
            FailureCode::WEBHOOK_DISABLED,
            FailureCode::TOO_LARGE_TO_WAIT,
            FailureCode::EVENT_ERASED,
            FailureCode::WEBHOOK_UNREADABLE,
        ];
        for code in failures.chain(others) {
            assert!(manual.contains(&format!("`{code}`")), "{code}");
        }
    }

    #[test]
    fn no_two_failures_have_one_code() {
        let codes: HashSet<&str> = Failure::ALL.iter().map(|each| each.as_str()).collect();
        assert_eq!(codes.len(), Failure::ALL.len());
        for code in codes {
            assert!(
                code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{code}"
            );
        }
    }
}
