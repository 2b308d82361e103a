//! The system's name servers and hosts file.
//!
//! The C library's resolver occupies a thread for each name that hangs, and it is strangers who choose the names: a few hundred
//! of them would keep every other webhook from being resolved. This one waits without a thread, and remembers
//! what it was told for as long as the records allow.

use hickory_resolver::{
    ResolverBuilder, TokioResolver,
    config::{LookupIpStrategy, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
};

use crate::{
    limits::{DNS_CACHE_NAMES_MAX, DNS_NEGATIVE_TTL_MAX, DNS_POSITIVE_TTL_MAX},
    resolver::{Looking, Lookup, LookupFailed},
};

pub(crate) struct SystemLookup(TokioResolver);

impl SystemLookup {
    /// Reads what the system says. Without name servers the hosts file alone counts: enough for `localhost`.
    pub(crate) fn new() -> Result<Self, NetError> {
        let builder = TokioResolver::builder_tokio().unwrap_or_else(|error| {
            tracing::warn!(%error, "Cannot read the system's name servers, only its hosts file counts: {error}");
            let nobody = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
            TokioResolver::builder_with_config(nobody, TokioRuntimeProvider::default())
        });
        Self::build(builder)
    }

    fn build(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<Self, NetError> {
        let options = builder.options_mut();
        // Both families at once: a refused address must not hide behind the other family.
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        options.cache_size = DNS_CACHE_NAMES_MAX;
        options.positive_max_ttl = Some(DNS_POSITIVE_TTL_MAX);
        options.negative_max_ttl = Some(DNS_NEGATIVE_TTL_MAX);
        Ok(Self(builder.build()?))
    }
}

impl Lookup for SystemLookup {
    fn lookup<'a>(&'a self, name: &'a str) -> Looking<'a> {
        Box::pin(async move {
            match self.0.lookup_ip(name).await {
                Ok(found) => Ok(found.iter().collect()),
                Err(error) if error.is_nx_domain() => Err(LookupFailed::NoSuchName),
                Err(error) if error.is_no_records_found() => Err(LookupFailed::NoAddress),
                Err(_) => Err(LookupFailed::NoAnswer),
            }
        })
    }
}

#[cfg(test)]
mod tests;
