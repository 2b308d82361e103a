//! Whom we trust, and what we show.

use std::sync::Arc;

use posthorn_domain::{ClientIdentity, Tls};
use rustls::{
    ClientConfig, Error, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use rustls_platform_verifier::Verifier;
use secrecy::ExposeSecret;

/// How HTTP/2 is called in a handshake.
pub(crate) const HTTP_2: &[u8] = b"h2";
const HTTP_1_1: &[u8] = b"http/1.1";

/// Makes the settings of handshakes. Reads the system's authorities once, when it is made.
pub(crate) struct TlsMaker {
    provider: Arc<CryptoProvider>,
    public: Arc<dyn ServerCertVerifier>,
}

impl TlsMaker {
    /// Trusts the system's authorities and those of a PEM bundle beside them.
    pub(crate) fn new(extra_roots_pem: &[u8]) -> Result<Self, Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let extra = certificates(extra_roots_pem)?;
        let public = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))?;
        Ok(Self {
            provider,
            public: Arc::new(public),
        })
    }

    /// For receivers that need nothing special.
    pub(crate) fn public(&self) -> Result<ClientConfig, Error> {
        config(&self.provider, Arc::clone(&self.public), None)
    }

    /// For a webhook with settings of its own: an authority of its own takes the place of all others.
    pub(crate) fn own(&self, tls: &Tls) -> Result<ClientConfig, Error> {
        let verifier = match &tls.ca_certificate {
            None => Arc::clone(&self.public),
            Some(pem) => authorities(&self.provider, pem)?,
        };
        config(&self.provider, verifier, tls.identity.as_ref())
    }
}

/// Which part of a webhook's settings the TLS library does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    Authority,
    Identity,
}

/// Tries both parts without the system's authorities: they have no part in what can be wrong.
pub(crate) fn check(tls: &Tls) -> Result<(), Unusable> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    if let Some(pem) = &tls.ca_certificate {
        authorities(&provider, pem).map_err(|_| Unusable::Authority)?;
    }
    if let Some(identity) = &tls.identity {
        let (chain, key) = parts(identity).map_err(|_| Unusable::Identity)?;
        rustls::sign::CertifiedKey::from_der(chain, key, &provider)
            .map_err(|_| Unusable::Identity)?;
    }
    Ok(())
}

fn config(
    provider: &Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    identity: Option<&ClientIdentity>,
) -> Result<ClientConfig, Error> {
    // "Dangerous" is any verifier but the library's default; these are that one with other authorities.
    let builder = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = parts(identity)?;
            builder.with_client_auth_cert(chain, key)?
        }
    };
    config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1_1.to_vec()];
    Ok(config)
}

fn authorities(
    provider: &Arc<CryptoProvider>,
    pem: &str,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem.as_bytes())? {
        roots.add(certificate)?;
    }
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .map_err(|error| Error::General(error.to_string()))?;
    Ok(verifier)
}

fn parts(
    identity: &ClientIdentity,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
    let chain = certificates(identity.certificate.as_bytes())?;
    let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret().as_bytes())
        .map_err(|error| unreadable(&error))?;
    Ok((chain, key))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| unreadable(&error))
}

/// The words of the library describe the form, never the content.
fn unreadable(error: &rustls::pki_types::pem::Error) -> Error {
    Error::General(format!("cannot be read as PEM: {error}"))
}
