//! The system's name servers, search list and hosts file.
//!
//! The C library's resolver occupies a thread for each name that hangs, and it is strangers who choose the names: a few hundred
//! of them would keep every other webhook from being resolved. This one waits without a thread, and remembers
//! what it was told for as long as the records allow.
//!
//! A name is looked for as every program of the machine would: in the hosts file, then with the search list of
//! `resolv.conf` (`http://my-app`, `http://my-app.team.svc` within a cluster), and with any character that a URL may hold
//! (`my_service`). Both families are asked for at once. When one has come, the other is waited for a moment only: there are
//! name servers that never answer for IPv6.

use std::{net::IpAddr, time::Duration};

use hickory_resolver::{
    Hosts, ResolverBuilder, TokioResolver,
    config::{LookupIpStrategy, ResolveHosts, ResolverConfig, ResolverOpts},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::{
        op::Query,
        rr::{Name, RecordType},
    },
    system_conf::read_system_conf,
};
use tokio::time::timeout;

use crate::{
    exhaustion::is_exhausted,
    limits::{
        DNS_CACHE_NAMES_MAX, DNS_NEGATIVE_TTL_MAX, DNS_POSITIVE_TTL_MAX, OTHER_FAMILY_AFTER_V4,
        OTHER_FAMILY_AFTER_V6,
    },
    resolver::{Looking, Lookup, LookupFailed},
};

pub(crate) struct SystemLookup {
    resolver: TokioResolver,
    hosts: Hosts,
    search: Vec<Name>,
    /// A name with so many dots is tried as it is before the search list.
    dots: usize,
}

impl SystemLookup {
    /// Reads what the system says. Without name servers the hosts file alone counts: enough for `localhost`.
    pub(crate) fn new() -> Result<Self, NetError> {
        let (config, options) = read_system_conf().unwrap_or_else(|error| {
            tracing::warn!(%error, "Cannot read the system's name servers, only its hosts file counts: {error}");
            let nobody = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
            (nobody, ResolverOpts::default())
        });
        let hosts = Hosts::from_system().unwrap_or_else(|error| {
            tracing::warn!(%error, "Cannot read the system's hosts file: {error}");
            Hosts::default()
        });
        Self::of(config, options, hosts)
    }

    fn of(
        config: ResolverConfig,
        mut options: ResolverOpts,
        hosts: Hosts,
    ) -> Result<Self, NetError> {
        let search = match config.search() {
            // As the C library: where there is no list, the domain of the machine.
            [] => config.domain().cloned().into_iter().collect(),
            search => search.to_vec(),
        };
        let dots = options.ndots;
        // Read here, and before anything is asked.
        options.use_hosts_file = ResolveHosts::Never;
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        options.cache_size = DNS_CACHE_NAMES_MAX;
        options.positive_max_ttl = Some(DNS_POSITIVE_TTL_MAX);
        options.negative_max_ttl = Some(DNS_NEGATIVE_TTL_MAX);
        let builder: ResolverBuilder<_> =
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        Ok(Self {
            resolver: builder.with_options(options).build()?,
            hosts,
            search,
            dots,
        })
    }

    /// The full names that a name may stand for, in the order in which they are tried.
    fn candidates(&self, name: &Name, is_absolute: bool) -> Vec<Name> {
        let mut absolute = name.clone();
        absolute.set_fqdn(true);
        if is_absolute || name.is_localhost() {
            return vec![absolute];
        }
        let dots = usize::from(name.num_labels()).saturating_sub(1);
        let mut names = Vec::with_capacity(1 + self.search.len());
        for domain in &self.search {
            // One that would be too long is none.
            names.extend(name.clone().append_domain(domain).map(|mut name| {
                name.set_fqdn(true);
                name
            }));
        }
        let at = if dots >= self.dots { 0 } else { names.len() };
        names.insert(at, absolute);
        names
    }

    async fn find(&self, host: &str) -> Result<Vec<IpAddr>, LookupFailed> {
        let (relative, is_absolute) = match host.strip_suffix('.') {
            Some(relative) => (relative, true),
            None => (host, false),
        };
        // By its labels, and not as a text: that would have to be a host name by the rules of registries.
        let name = Name::from_labels(relative.split('.').map(str::as_bytes))
            .map_err(|_| LookupFailed::NoSuchName)?;
        let known = self.hosts_file(&name);
        if !known.is_empty() {
            return Ok(known);
        }
        let mut failed = LookupFailed::NoSuchName;
        for name in self.candidates(&name, is_absolute) {
            match self.both_families(&name).await {
                Ok(found) => return Ok(found),
                Err(error) => failed = more_telling(failed, error),
            }
        }
        Err(failed)
    }

    fn hosts_file(&self, name: &Name) -> Vec<IpAddr> {
        let mut name = name.clone();
        name.set_fqdn(true);
        let families = [RecordType::A, RecordType::AAAA].into_iter();
        let known = families.filter_map(|family| {
            self.hosts
                .lookup_static_host(&Query::query(name.clone(), family))
        });
        known
            .flat_map(|found| {
                let addresses: Vec<_> = found
                    .answers()
                    .iter()
                    .filter_map(|record| record.data.ip_addr())
                    .collect();
                addresses
            })
            .collect()
    }

    /// The addresses of both families, or of the one that came, once the other has had its moment.
    async fn both_families(&self, name: &Name) -> Result<Vec<IpAddr>, LookupFailed> {
        // In boxes, because each is large, and few requests need them.
        let mut v4 = Box::pin(self.family(name, RecordType::A));
        let mut v6 = Box::pin(self.family(name, RecordType::AAAA));
        let (v4, v6) = tokio::select! {
            v4 = &mut v4 => {
                let v6 = other(v6, v4.is_ok(), OTHER_FAMILY_AFTER_V4).await;
                (v4, v6)
            }
            v6 = &mut v6 => {
                let v4 = other(v4, v6.is_ok(), OTHER_FAMILY_AFTER_V6).await;
                (v4, v6)
            }
        };
        match (v4, v6) {
            (Ok(mut v4), Ok(v6)) => {
                v4.extend(v6);
                Ok(v4)
            }
            (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
            (Err(v4), Err(v6)) => Err(more_telling(v4, v6)),
        }
    }

    /// The addresses of one family; at least one.
    async fn family(&self, name: &Name, family: RecordType) -> Result<Vec<IpAddr>, LookupFailed> {
        match self.resolver.lookup(name.clone(), family).await {
            Ok(found) => {
                let records = found.answers().iter();
                let addresses: Vec<_> =
                    records.filter_map(|record| record.data.ip_addr()).collect();
                if addresses.is_empty() {
                    return Err(LookupFailed::NoAddress);
                }
                Ok(addresses)
            }
            Err(error) if error.is_nx_domain() => Err(LookupFailed::NoSuchName),
            Err(error) if error.is_no_records_found() => Err(LookupFailed::NoAddress),
            Err(NetError::Io(error)) if is_exhausted(&error) => Err(LookupFailed::Exhausted),
            Err(_) => Err(LookupFailed::NoAnswer),
        }
    }
}

/// What a family brings that is waited for while the other one is there already, or has brought nothing.
async fn other(
    family: impl Future<Output = Result<Vec<IpAddr>, LookupFailed>>,
    is_dispensable: bool,
    moment: Duration,
) -> Result<Vec<IpAddr>, LookupFailed> {
    if !is_dispensable {
        return family.await;
    }
    timeout(moment, family)
        .await
        .unwrap_or(Err(LookupFailed::NoAnswer))
}

/// What is said of a name that failed in two ways: what may be otherwise the next time counts for more.
fn more_telling(one: LookupFailed, other: LookupFailed) -> LookupFailed {
    let rank = |failed| match failed {
        LookupFailed::NoSuchName => 0,
        LookupFailed::NoAddress => 1,
        LookupFailed::NoAnswer => 2,
        LookupFailed::Exhausted => 3,
    };
    if rank(other) > rank(one) { other } else { one }
}

impl Lookup for SystemLookup {
    fn lookup<'a>(&'a self, name: &'a str) -> Looking<'a> {
        Box::pin(self.find(name))
    }
}

#[cfg(test)]
mod tests;
