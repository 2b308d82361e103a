//! What is wrong with a receiver's TLS, as a code and in plain words.

use posthorn_domain::Failure;
use rustls::{CertificateError, Error};

pub(crate) fn tls_failure(error: &Error) -> (Failure, String) {
    match error {
        Error::InvalidCertificate(error) => {
            let (failure, words) = certificate_failure(error);
            (failure, format!("the receiver's TLS certificate {words}"))
        }
        Error::InvalidMessage(_) => (
            Failure::TlsNotSpoken,
            "the receiver does not speak TLS on this port".to_owned(),
        ),
        Error::AlertReceived(alert) => (
            Failure::TlsRefused,
            format!("the receiver refused the TLS handshake ({alert:?})"),
        ),
        Error::PeerIncompatible(_) => (
            Failure::TlsIncompatible,
            "the receiver offers no TLS version or cipher that is safe".to_owned(),
        ),
        // The words of the library hold no secret: they describe the handshake.
        other => (
            Failure::TlsFailed,
            format!("the TLS handshake failed: {other}"),
        ),
    }
}

fn certificate_failure(error: &CertificateError) -> (Failure, &'static str) {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            (Failure::TlsExpired, "has expired")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (Failure::TlsNotYetValid, "is not valid yet")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            (Failure::TlsWrongHost, "is for another host name")
        }
        CertificateError::UnknownIssuer => (
            Failure::TlsUntrusted,
            "is self-signed or comes from an authority that is not trusted here",
        ),
        CertificateError::Revoked => (Failure::TlsRevoked, "has been revoked"),
        CertificateError::BadEncoding => (Failure::TlsBadCertificate, "cannot be read"),
        CertificateError::BadSignature => (Failure::TlsBadCertificate, "has a wrong signature"),
        _ => (Failure::TlsBadCertificate, "is not acceptable"),
    }
}
