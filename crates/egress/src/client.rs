//! The client: sends, and bounds everything.

use std::{net::IpAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method};
use ipnet::IpNet;
use posthorn_domain::{EndpointUrl, Failure, Tls};
use reqwest::{ClientBuilder, redirect};
use tokio::time::{Instant, timeout_at};
use url::Host;

use crate::{
    address::{AddressPolicy, NotAllowed},
    answer,
    exchange::{Exchange, FailedExchange, Request, Response},
    failure,
    limits::{
        CONNECT_TIMEOUT_DEFAULT, HTTP2_HEADER_LIST_BYTES_MAX, HTTP2_PING_INTERVAL,
        HTTP2_PING_TIMEOUT, IDLE_CONNECTION_DEFAULT, IDLE_CONNECTIONS_PER_HOST_DEFAULT,
    },
    resolver::{GuardedResolver, Lookup},
    system_lookup::SystemLookup,
    tls_clients::TlsClients,
};

/// How a [`Client`] is to behave.
#[derive(Debug, Clone)]
pub struct EgressConfig {
    /// Ranges that may be reached although the guard refuses them.
    pub allow: Vec<IpNet>,
    /// The `user-agent` of a request that brings none.
    pub user_agent: String,
    /// Certificate authorities to trust beside the system's, as a PEM bundle.
    pub extra_roots_pem: Vec<u8>,
    /// Longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// How long an idle connection is kept.
    pub idle_connection: Duration,
    /// Most idle connections kept to one host.
    pub idle_connections_per_host: usize,
}

impl EgressConfig {
    /// The defaults, with the name by which requests introduce themselves.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            allow: Vec::new(),
            user_agent: user_agent.into(),
            extra_roots_pem: Vec::new(),
            connect_timeout: CONNECT_TIMEOUT_DEFAULT,
            idle_connection: IDLE_CONNECTION_DEFAULT,
            idle_connections_per_host: IDLE_CONNECTIONS_PER_HOST_DEFAULT,
        }
    }
}

/// A client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The HTTP client refused its settings or found no certificate authorities on this system.
    #[error("cannot set up the HTTP client: {0}")]
    Http(#[source] reqwest::Error),
    /// The resolver could not be set up.
    #[error("cannot set up the name resolver: {0}")]
    Resolver(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Sends requests to URLs that strangers chose. Cheap to clone; clones share one pool of connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    policy: Arc<AddressPolicy>,
    connect_timeout: Duration,
    with_tls: TlsClients,
}

impl Client {
    /// A client that asks the system's name servers.
    pub fn new(config: EgressConfig) -> Result<Self, BuildError> {
        let lookup = SystemLookup::new().map_err(|error| BuildError::Resolver(error.into()))?;
        Self::with_lookup(config, Arc::new(lookup))
    }

    /// A client that asks `lookup` for addresses.
    pub fn with_lookup(config: EgressConfig, lookup: Arc<dyn Lookup>) -> Result<Self, BuildError> {
        let policy = Arc::new(AddressPolicy::new(config.allow.clone()));
        let resolver = Arc::new(GuardedResolver::new(lookup, Arc::clone(&policy)));
        let connect_timeout = config.connect_timeout;
        let http = base(&config, &resolver)
            .tls_certs_merge(roots(&config)?)
            .build()
            .map_err(BuildError::Http)?;
        Ok(Self {
            http,
            policy,
            connect_timeout,
            with_tls: TlsClients::new(config, resolver),
        })
    }

    /// Makes one POST and reads the answer. Ends by the request's timeout; dropping the future ends it at once.
    pub async fn post(&self, request: Request) -> Exchange {
        self.send(Method::POST, request).await
    }

    /// Makes one HEAD request and reads the answer's headers, within `timeout`.
    pub async fn head(
        &self,
        url: EndpointUrl,
        tls: Option<Arc<Tls>>,
        timeout: Duration,
    ) -> Exchange {
        let request = Request {
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout,
            tls,
        };
        self.send(Method::HEAD, request).await
    }

    async fn send(&self, method: Method, request: Request) -> Exchange {
        let start = Instant::now();
        let outcome = self.exchange(method, request, start).await;
        Exchange {
            outcome,
            elapsed: start.elapsed(),
        }
    }

    async fn exchange(
        &self,
        method: Method,
        request: Request,
        start: Instant,
    ) -> Result<Response, FailedExchange> {
        let Request {
            url,
            headers,
            body,
            timeout,
            tls,
        } = request;
        self.check_literal(&url).map_err(failure::not_allowed)?;
        let deadline = start + timeout;
        let http = match tls {
            None => self.http.clone(),
            Some(tls) => self.with_tls.get(&tls).await?,
        };
        let sending = http
            .request(method, url.as_url().clone())
            .headers(headers)
            .body(body)
            .send();
        match timeout_at(deadline, sending).await {
            Ok(Ok(answer)) => Ok(answer::read(answer, deadline).await),
            Ok(Err(error)) => Err(failure::explain(&error, self.connect_timeout)),
            Err(_) => Err(FailedExchange {
                kind: Failure::Timeout,
                message: format!("no answer within {} s", timeout.as_secs_f64()),
            }),
        }
    }

    /// A host that is an address never reaches the resolver, so it is judged here.
    fn check_literal(&self, url: &EndpointUrl) -> Result<(), NotAllowed> {
        let address = match url.as_url().host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            // The connector takes a host that it can read as an address for one, however the URL spelled it.
            Some(Host::Domain(name)) => match name.parse() {
                Ok(address) => address,
                Err(_) => return Ok(()),
            },
            None => return Ok(()),
        };
        self.policy.check(address)
    }
}

fn roots(config: &EgressConfig) -> Result<Vec<reqwest::Certificate>, BuildError> {
    reqwest::Certificate::from_pem_bundle(&config.extra_roots_pem).map_err(BuildError::Http)
}

/// Everything but certificates.
pub(crate) fn base(config: &EgressConfig, resolver: &Arc<GuardedResolver>) -> ClientBuilder {
    reqwest::Client::builder()
        .dns_resolver(Arc::clone(resolver))
        .user_agent(config.user_agent.as_str())
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        // Stated one by one: another crate's feature must not turn one of them on.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        // A header that is no header is left out; the status beside it still counts.
        .http1_ignore_invalid_headers_in_responses(true)
        .http2_max_header_list_size(HTTP2_HEADER_LIST_BYTES_MAX)
        .http2_keep_alive_interval(HTTP2_PING_INTERVAL)
        .http2_keep_alive_timeout(HTTP2_PING_TIMEOUT)
        .connect_timeout(config.connect_timeout)
        .pool_idle_timeout(config.idle_connection)
        .pool_max_idle_per_host(config.idle_connections_per_host)
}
