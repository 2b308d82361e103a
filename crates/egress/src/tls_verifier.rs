//! Whom to trust: public authorities, or those that a webhook names.
//!
//! The library decides. Added to it are two things: a certificate that was named itself is trusted when a receiver shows
//! that very one, though it is no authority's and the library therefore takes it for nobody's; and the library's reasons
//! are made more precise where a certificate tells more.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};

use crate::x509::Certificate;

/// What is wrong with a certificate, where the library says less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CertificateFault {
    /// Its RSA key, or that of one above it, has so few bits.
    #[error("an RSA key of {0} bits")]
    ShortKey(usize),
    /// Nobody else signed it, and nobody named it.
    #[error("self-signed")]
    SelfSigned,
}

impl From<CertificateFault> for Error {
    fn from(fault: CertificateFault) -> Self {
        CertificateError::Other(OtherError(Arc::new(fault))).into()
    }
}

/// Verifies what a receiver shows.
#[derive(Debug)]
pub(crate) struct ReceiverVerifier {
    library: Arc<WebPkiServerVerifier>,
    /// Certificates that were named: each is an authority, and trusted by itself.
    named: Vec<CertificateDer<'static>>,
}

impl ReceiverVerifier {
    /// Trusts `roots`, and what was `named` beside them.
    pub(crate) fn new(
        provider: &Arc<CryptoProvider>,
        mut roots: RootCertStore,
        named: Vec<CertificateDer<'static>>,
    ) -> Result<Self, Error> {
        for certificate in &named {
            roots.add(certificate.clone())?;
        }
        let library =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
                .build()
                .map_err(|error| Error::General(error.to_string()))?;
        Ok(Self { library, named })
    }
}

impl ServerCertVerifier for ReceiverVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self
            .library
            .verify_server_cert(certificate, chain, name, ocsp, now);
        let Err(error) = verified else {
            return verified;
        };
        if is_of_issuer(&error) && self.named.iter().any(|named| named == certificate) {
            verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        // What is wrong may be the authority's, which is not shown.
        Err(more_precisely(
            error,
            certificate,
            chain.iter().chain(&self.named),
        ))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.library
            .verify_tls12_signature(message, certificate, signature)
            .map_err(|error| more_precisely(error, certificate, []))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.library
            .verify_tls13_signature(message, certificate, signature)
            .map_err(|error| more_precisely(error, certificate, []))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.library.supported_verify_schemes()
    }
}

/// Whether the library found nothing wrong but who signed the certificate, and that it is an authority's: of one that is
/// trusted by itself neither matters. Its time was checked before that (`webpki`, `check_issuer_independent_properties`).
fn is_of_issuer(error: &Error) -> bool {
    is_unknown_issuer(error)
        || is_authority(error)
        || matches!(
            error,
            Error::InvalidCertificate(
                CertificateError::UnsupportedSignatureAlgorithmContext { .. }
                    | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
            )
        )
}

fn is_unknown_issuer(error: &Error) -> bool {
    *error == Error::InvalidCertificate(CertificateError::UnknownIssuer)
}

fn is_authority(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(other))) => {
            other.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity)
        }
        _ => false,
    }
}

fn more_precisely<'a>(
    error: Error,
    certificate: &'a CertificateDer<'a>,
    others: impl IntoIterator<Item = &'a CertificateDer<'a>>,
) -> Error {
    match error {
        Error::InvalidCertificate(CertificateError::BadSignature) => {
            let all = std::iter::once(certificate).chain(others);
            let short = all
                .filter_map(Certificate::read)
                .find_map(|certificate| certificate.short_rsa_bits());
            short.map_or(error, |bits| CertificateFault::ShortKey(bits).into())
        }
        // An authority's own, and nobody's here: that is the same to whoever made it by `openssl req -x509`.
        error
            if (is_unknown_issuer(&error) || is_authority(&error))
                && Certificate::read(certificate).is_some_and(|it| it.is_self_issued()) =>
        {
            CertificateFault::SelfSigned.into()
        }
        error => error,
    }
}
