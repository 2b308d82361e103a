//! Settings of handshakes: whom we trust, and what we show.

use std::sync::Arc;

use posthorn_domain::{FieldError, Tls};
use rustls::{
    ClientConfig, Error, RootCertStore,
    client::danger::ServerCertVerifier,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};

use crate::{tls_identity, tls_verifier::ReceiverVerifier};

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
        let extra = CertificateDer::pem_slice_iter(extra_roots_pem)
            .collect::<Result<Vec<_>, _>>()
            // The words of the library describe the form, never the content.
            .map_err(|error| Error::General(format!("cannot be read as PEM: {error}")))?;
        let roots = system_authorities();
        if roots.is_empty() && extra.is_empty() {
            let why = "this system has no certificate authorities (package ca-certificates)";
            return Err(Error::General(why.to_owned()));
        }
        let public = ReceiverVerifier::new(&provider, roots, extra)?;
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
    pub(crate) fn own(&self, tls: &Tls) -> Result<ClientConfig, FieldError> {
        let verifier = match tls.authorities() {
            None => Arc::clone(&self.public),
            Some(named) => authorities(&self.provider, named)?,
        };
        let identity = match &tls.identity {
            None => None,
            Some(identity) => Some(tls_identity::certified(identity, &self.provider)?),
        };
        config(&self.provider, verifier, identity)
            .map_err(|error| FieldError::new("tls", error.to_string()))
    }
}

/// Tries both parts without the system's authorities: they have no part in what can be wrong.
pub(crate) fn check(tls: &Tls) -> Result<(), FieldError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    if let Some(named) = tls.authorities() {
        authorities(&provider, named)?;
    }
    if let Some(identity) = &tls.identity {
        tls_identity::certified(identity, &provider)?;
    }
    Ok(())
}

/// What cannot be read is left out, as everywhere: a system with one odd file would trust nobody.
fn system_authorities() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!("Cannot read one of the system's certificate authorities: {error}");
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    roots
}

fn config(
    provider: &Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    identity: Option<CertifiedKey>,
) -> Result<ClientConfig, Error> {
    // "Dangerous" is any verifier but the library's default; ours asks that one.
    let builder = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity)))
        }
    };
    config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1_1.to_vec()];
    Ok(config)
}

fn authorities(
    provider: &Arc<CryptoProvider>,
    named: Vec<Vec<u8>>,
) -> Result<Arc<dyn ServerCertVerifier>, FieldError> {
    let named = named.into_iter().map(CertificateDer::from).collect();
    let verifier = ReceiverVerifier::new(provider, RootCertStore::empty(), named);
    let verifier = verifier.map_err(|_| {
        FieldError::new(
            "tls.ca_certificate",
            "holds a certificate that cannot be read",
        )
    })?;
    Ok(Arc::new(verifier))
}
