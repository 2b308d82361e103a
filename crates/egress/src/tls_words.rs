//! What is wrong with a receiver's TLS, in plain words.

use rustls::{CertificateError, Error};

pub(crate) fn tls_words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => format!(
            "the receiver's TLS certificate {}",
            certificate_words(error)
        ),
        Error::InvalidMessage(_) => "the receiver does not speak TLS on this port".to_owned(),
        Error::AlertReceived(alert) => {
            format!("the receiver refused the TLS handshake ({alert:?})")
        }
        Error::PeerIncompatible(_) => {
            "the receiver offers no TLS version or cipher that is safe".to_owned()
        }
        // The words of the library hold no secret: they describe the handshake.
        other => format!("the TLS handshake failed: {other}"),
    }
}

fn certificate_words(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another host name"
        }
        CertificateError::UnknownIssuer => {
            "is self-signed or comes from an authority that is not trusted here"
        }
        CertificateError::Revoked => "has been revoked",
        CertificateError::BadEncoding => "cannot be read",
        CertificateError::BadSignature => "has a wrong signature",
        _ => "is not acceptable",
    }
}
