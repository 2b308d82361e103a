//! The certificate that we show, and its key.
//!
//! Whether a receiver takes it is the receiver's business; here it is only seen that the two belong together. So a
//! certificate of X.509 version 1, which would not do for a receiver, is shown like any other.

use posthorn_domain::{ClientIdentity, FieldError, KeyForm};
use rustls::{
    crypto::CryptoProvider,
    pki_types::{
        CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
    },
    sign::CertifiedKey,
};
use secrecy::ExposeSecret;

use crate::x509::{Certificate, RSA_BITS_MIN};

const KINDS: &str = "RSA of 2048 to 8192 bits, ECDSA on P-256, P-384 or P-521, and Ed25519";

/// The key with its certificate first and the chain behind it, in whatever order they were given.
pub(crate) fn certified(
    identity: &ClientIdentity,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, FieldError> {
    let chain: Vec<_> = identity
        .chain()
        .into_iter()
        .map(CertificateDer::from)
        .collect();
    let key = key(identity)
        .and_then(|key| provider.key_provider.load_private_key(key).ok())
        .ok_or_else(|| unusable_key(&chain))?;
    let first = match key.public_key() {
        None => 0,
        Some(public) => position(&chain, &public)?,
    };
    Ok(CertifiedKey::new(in_order(chain, first), key))
}

fn key(identity: &ClientIdentity) -> Option<PrivateKeyDer<'static>> {
    let (form, der) = identity.private_key()?;
    let der = der.expose_secret().to_vec();
    Some(match form {
        KeyForm::Pkcs8 => PrivatePkcs8KeyDer::from(der).into(),
        KeyForm::Pkcs1 => PrivatePkcs1KeyDer::from(der).into(),
        KeyForm::Sec1 => PrivateSec1KeyDer::from(der).into(),
    })
}

/// The library does not say why. The certificate may tell.
fn unusable_key(chain: &[CertificateDer<'_>]) -> FieldError {
    let short = chain
        .iter()
        .filter_map(Certificate::read)
        .find_map(|certificate| certificate.short_rsa_bits());
    let why = match short {
        Some(bits) => format!(
            "is an RSA key of {bits} bits, which is no longer safe: at least {RSA_BITS_MIN} are needed"
        ),
        None => format!("cannot be read, or is of a kind that TLS does not use: {KINDS} are"),
    };
    FieldError::new("tls.client_key", why)
}

/// Where the certificate of a public key is.
fn position(chain: &[CertificateDer<'_>], public: &[u8]) -> Result<usize, FieldError> {
    let certificates: Vec<_> = chain.iter().map(Certificate::read).collect();
    let is_of_key = |certificate: &Option<Certificate>| {
        let certificate = certificate.as_ref();
        certificate.and_then(Certificate::public_key).as_deref() == Some(public)
    };
    if let Some(found) = certificates.iter().position(is_of_key) {
        return Ok(found);
    }
    Err(match certificates.iter().position(Option::is_none) {
        Some(unreadable) => FieldError::new(
            "tls.client_certificate",
            format!("certificate {} cannot be read", unreadable + 1),
        ),
        None => FieldError::new("tls.client_key", "does not belong to client_certificate"),
    })
}

/// The certificate at `first`, then whoever signed it, and so on; then the others.
fn in_order(mut chain: Vec<CertificateDer<'static>>, first: usize) -> Vec<CertificateDer<'static>> {
    let mut next = Some(first);
    let mut ordered = Vec::with_capacity(chain.len());
    while let Some(at) = next {
        let certificate = chain.remove(at);
        let read = Certificate::read(&certificate);
        ordered.push(certificate);
        next = read.filter(|it| !it.is_self_issued()).and_then(|it| {
            let signed_it = |other: &CertificateDer<'_>| {
                Certificate::read(other).is_some_and(|other| it.is_issued_by(&other))
            };
            chain.iter().position(signed_it)
        });
    }
    ordered.extend(chain);
    ordered
}
