//! Clients with TLS settings of a webhook's own.
//!
//! A connection that shows a certificate belongs to who may show it, so each of these settings has a pool of
//! connections of its own. They are made when they are needed, and forgotten when they are not.

use std::sync::Arc;

use moka::future::Cache;
use posthorn_domain::{Failure, FieldError, Tls};
use reqwest::{Certificate, ClientBuilder, Identity};
use secrecy::ExposeSecret;

use crate::{
    client::{EgressConfig, base},
    exchange::FailedExchange,
    limits::{TLS_CLIENT_IDLE, TLS_CLIENTS_MAX},
    resolver::GuardedResolver,
};

/// Makes and keeps them. Clones share them.
#[derive(Clone)]
pub(crate) struct TlsClients {
    made: Cache<[u8; 32], reqwest::Client>,
    means: Arc<(EgressConfig, Arc<GuardedResolver>)>,
}

impl TlsClients {
    pub(crate) fn new(config: EgressConfig, resolver: Arc<GuardedResolver>) -> Self {
        Self {
            made: Cache::builder()
                .max_capacity(TLS_CLIENTS_MAX)
                .time_to_idle(TLS_CLIENT_IDLE)
                .build(),
            means: Arc::new((config, resolver)),
        }
    }

    /// The client for these settings.
    pub(crate) async fn get(&self, tls: &Tls) -> Result<reqwest::Client, FailedExchange> {
        let make = async {
            let (config, resolver) = &*self.means;
            let mut builder = base(config, resolver);
            if tls.ca_certificate.is_none()
                && let Ok(roots) = Certificate::from_pem_bundle(&config.extra_roots_pem)
            {
                builder = builder.tls_certs_merge(roots);
            }
            let builder = with_authorities(builder, tls)?;
            with_identity(builder, tls)?.build()
        };
        let made = self.made.try_get_with(tls.fingerprint(), make).await;
        // They were checked when they were given, so this is for settings that a newer library refuses.
        made.map_err(|error: Arc<reqwest::Error>| FailedExchange {
            kind: Failure::Tls,
            message: format!("the webhook's TLS settings cannot be used: {error}"),
        })
    }
}

/// Tells which of the settings the TLS library does not take, such as a key that belongs to another certificate.
pub fn check_tls(tls: &Tls) -> Result<(), FieldError> {
    let authorities = with_authorities(ClientBuilder::new(), tls).and_then(ClientBuilder::build);
    if authorities.is_err() {
        let detail = "holds a certificate that cannot be read";
        return Err(FieldError::new("tls.ca_certificate", detail));
    }
    // With the authorities too, so that what is checked is what is used.
    let identity = with_authorities(ClientBuilder::new(), tls)
        .and_then(|builder| with_identity(builder, tls))
        .and_then(ClientBuilder::build);
    if identity.is_err() {
        let detail = "does not belong to client_certificate, or one of both cannot be read";
        return Err(FieldError::new("tls.client_key", detail));
    }
    Ok(())
}

fn with_authorities(builder: ClientBuilder, tls: &Tls) -> Result<ClientBuilder, reqwest::Error> {
    let Some(pem) = &tls.ca_certificate else {
        return Ok(builder);
    };
    let authorities = Certificate::from_pem_bundle(pem.as_bytes())?;
    Ok(builder.tls_certs_only(authorities))
}

fn with_identity(builder: ClientBuilder, tls: &Tls) -> Result<ClientBuilder, reqwest::Error> {
    let Some(identity) = &tls.identity else {
        return Ok(builder);
    };
    let pem = format!(
        "{}\n{}",
        identity.certificate.trim_end(),
        identity.key.expose_secret()
    );
    Ok(builder.identity(Identity::from_pem(pem.as_bytes())?))
}
