//! Clients with TLS settings of a webhook's own.
//!
//! A connection that shows a certificate belongs to who may show it, so each of these settings has a pool of
//! connections of its own. They are made when they are needed, and forgotten when they are not.

use std::sync::Arc;

use moka::future::Cache;
use posthorn_domain::{Failure, FieldError, Tls};

use crate::{
    exchange::FailedExchange,
    limits::{TLS_CLIENT_IDLE, TLS_CLIENTS_MAX},
    pool::{Pool, Pools},
    tls::{self, TlsMaker},
};

/// Makes and keeps them. Clones share them.
#[derive(Clone)]
pub(crate) struct TlsClients {
    made: Cache<[u8; 32], Pool>,
    means: Arc<(TlsMaker, Pools)>,
}

impl TlsClients {
    pub(crate) fn new(tls: TlsMaker, pools: Pools) -> Self {
        Self {
            made: Cache::builder()
                .max_capacity(TLS_CLIENTS_MAX)
                .time_to_idle(TLS_CLIENT_IDLE)
                .build(),
            means: Arc::new((tls, pools)),
        }
    }

    /// The pool for these settings.
    pub(crate) async fn get(&self, tls: &Tls) -> Result<Pool, FailedExchange> {
        let make = async {
            let (maker, pools) = &*self.means;
            Ok(pools.make(maker.own(tls)?))
        };
        let made = self.made.try_get_with(tls.fingerprint(), make).await;
        // They were checked when they were given, so this is for settings that a newer library refuses.
        made.map_err(|error: Arc<FieldError>| FailedExchange {
            failure: Failure::TlsSettingsUnusable,
            message: format!(
                "the webhook's TLS settings cannot be used: {} {}",
                error.field, error.detail
            ),
        })
    }
}

/// Tells which of the settings the TLS library does not take, such as a key that belongs to another certificate.
pub fn check_tls(tls: &Tls) -> Result<(), FieldError> {
    tls::check(tls)
}
