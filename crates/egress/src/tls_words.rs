//! What is wrong with a receiver's TLS, as a code and in plain words.
//!
//! Each refusal of a certificate has words of its own, for whoever has to make another one: docs/receivers.md says how.

use std::borrow::Cow;

use posthorn_domain::Failure;
use rustls::{AlertDescription, CertificateError, Error, OtherError};

use crate::{tls_verifier::CertificateFault, x509::RSA_BITS_MIN};

type Words = Cow<'static, str>;

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
            format!(
                "the receiver refused the TLS handshake ({alert:?}){}",
                alert_words(*alert)
            ),
        ),
        Error::PeerIncompatible(why) => (
            Failure::TlsIncompatible,
            format!("the receiver offers no TLS version or cipher that is safe ({why:?})"),
        ),
        // The words of the library hold no secret: they describe the handshake.
        other => (
            Failure::TlsFailed,
            format!("the TLS handshake failed: {other}"),
        ),
    }
}

/// What an alert usually means between a client and a server that are both in order.
fn alert_words(alert: AlertDescription) -> &'static str {
    match alert {
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
            ": it demands a client certificate, and was shown none"
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied
        | AlertDescription::DecryptError => {
            ": it does not take the client certificate that it was shown, or demands one"
        }
        AlertDescription::CertificateExpired => ": to it the client certificate has expired",
        AlertDescription::CertificateRevoked => ": to it the client certificate has been revoked",
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            ": no cipher, curve or kind of key is common to both, or it demands a client certificate"
        }
        AlertDescription::ProtocolVersion => ": it speaks neither TLS 1.2 nor TLS 1.3",
        AlertDescription::UnrecognisedName => ": it does not know the host name",
        _ => "",
    }
}

fn certificate_failure(error: &CertificateError) -> (Failure, Words) {
    let bad = |words: &'static str| (Failure::TlsBadCertificate, Words::Borrowed(words));
    match error {
        // Without a time it is one that ends before it begins.
        CertificateError::Expired => bad("is valid at no time: it ends before it begins"),
        CertificateError::ExpiredContext { not_after, .. } => (
            Failure::TlsExpired,
            format!("has expired{}", on(not_after.as_secs())).into(),
        ),
        CertificateError::NotValidYet => (Failure::TlsNotYetValid, "is not valid yet".into()),
        CertificateError::NotValidYetContext { not_before, .. } => (
            Failure::TlsNotYetValid,
            format!("is not valid yet: it begins{}", on(not_before.as_secs())).into(),
        ),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => (
            Failure::TlsWrongHost,
            "names no host: it needs a subjectAltName, a common name alone does not count".into(),
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            (Failure::TlsWrongHost, "is for another host name".into())
        }
        CertificateError::UnknownIssuer => (
            Failure::TlsUntrusted,
            "comes from an authority that is not trusted here, or the receiver does not send the certificates between".into(),
        ),
        CertificateError::Revoked => (Failure::TlsRevoked, "has been revoked".into()),
        CertificateError::BadEncoding => bad("cannot be read"),
        CertificateError::BadSignature => bad("has a wrong signature"),
        CertificateError::UnhandledCriticalExtension => bad(CRITICAL_EXTENSION),
        CertificateError::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id,
            ..
        } => (
            Failure::TlsBadCertificate,
            signature_words(signature_algorithm_id),
        ),
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            bad("is signed with a kind of key that is not supported")
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            bad(PURPOSE)
        }
        CertificateError::Other(OtherError(other)) => {
            if let Some(fault) = other.downcast_ref() {
                fault_words(*fault)
            } else if let Some(error) = other.downcast_ref() {
                (Failure::TlsBadCertificate, library_words(error))
            } else {
                (Failure::TlsBadCertificate, format!("is not acceptable: {other}").into())
            }
        }
        other => (
            Failure::TlsBadCertificate,
            format!("is not acceptable: {other}").into(),
        ),
    }
}

const PURPOSE: &str =
    "is not meant for servers: its extended key usage must hold serverAuth, or be left out";
const CRITICAL_EXTENSION: &str = "has a critical extension that is not supported";

fn fault_words(fault: CertificateFault) -> (Failure, Words) {
    match fault {
        CertificateFault::ShortKey(bits) => (
            Failure::TlsBadCertificate,
            format!(
                "has an RSA key of {bits} bits, or one above it has, which is no longer safe: at least {RSA_BITS_MIN} are needed"
            )
            .into(),
        ),
        CertificateFault::SelfSigned => (
            Failure::TlsUntrusted,
            "is self-signed, and not trusted here: an authority must sign it, or ca_certificate name it".into(),
        ),
    }
}

/// What only the library beneath tells. The names of its errors are its public interface.
fn library_words(error: &webpki::Error) -> Words {
    use webpki::Error;
    let words = match error {
        Error::UnsupportedCertVersion => {
            "is of X.509 version 1, or another than 3: it must be made anew with extensions"
        }
        Error::CaUsedAsEndEntity => {
            "is an authority's own (basicConstraints CA:TRUE): a server needs one with CA:FALSE, or ca_certificate must name this very one"
        }
        Error::EndEntityUsedAsCa => {
            "is signed by a certificate that is no authority's (basicConstraints without CA:TRUE)"
        }
        Error::NameConstraintViolation => {
            "is for a name that the authority above it may not sign for (name constraints)"
        }
        Error::PathLenConstraintViolated => {
            "is signed by an authority that may not stand so far below another (path length constraint)"
        }
        Error::EmptyEkuExtension => PURPOSE,
        Error::UnsupportedCriticalExtension => CRITICAL_EXTENSION,
        Error::SignatureAlgorithmMismatch => "names two different signature algorithms",
        Error::MaximumPathDepthExceeded
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumSignatureChecksExceeded
        | Error::MaximumNameConstraintComparisonsExceeded => {
            "comes with a chain that is too long or too tangled"
        }
        Error::MalformedExtensions
        | Error::MalformedDnsIdentifier
        | Error::MalformedNameConstraint
        | Error::ExtensionValueInvalid
        | Error::InvalidNetworkMaskConstraint
        | Error::InvalidSerialNumber => {
            return format!("cannot be read: something in it is malformed ({error:?})").into();
        }
        Error::CertDistrusted => "has a key that nobody may trust any more",
        other => return format!("is not acceptable ({other:?})").into(),
    };
    words.into()
}

/// Algorithms of signatures that are no longer safe or never came to be supported, as they stand in certificates (DER).
const OTHER_ALGORITHMS: [(&[u8], &str); 8] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "SHA-1"),
    (b"\x2a\x86\x48\xce\x3d\x04\x01", "SHA-1"),
    (b"\x2a\x86\x48\xce\x38\x04\x03", "DSA and SHA-1"),
    (b"\x2b\x0e\x03\x02\x1d", "SHA-1"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "MD5"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", "MD2"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", "SHA-224"),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x01", "SHA-224"),
];

fn signature_words(algorithm: &[u8]) -> Words {
    // With its tag and length before it, and parameters behind it.
    let oid = algorithm
        .split_first_chunk()
        .filter(|([tag, _], _)| *tag == 6)
        .and_then(|([_, length], rest)| rest.get(..usize::from(*length)))
        .unwrap_or(algorithm);
    let known = OTHER_ALGORITHMS.iter().find(|(known, _)| *known == oid);
    match known {
        Some((_, name)) => format!(
            "is signed with {name}, or one above it is, which is no longer safe: SHA-256 or better is needed"
        )
        .into(),
        None => "is signed with an algorithm that is not supported".into(),
    }
}

/// ` on 2021-01-01`; nothing where the calendar ends.
fn on(unix_seconds: u64) -> String {
    i64::try_from(unix_seconds)
        .ok()
        .and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0))
        .map(|time| format!(" on {}", time.format("%Y-%m-%d")))
        .unwrap_or_default()
}
