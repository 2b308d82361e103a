//! The HTTP client and its kept-alive connections.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use rustls::ClientConfig;

use crate::{
    address::AddressPolicy,
    config::EgressConfig,
    connect::{Connector, Means},
    limits::{
        HTTP1_BUFFER_BYTES_MAX, HTTP2_HEADER_LIST_BYTES_MAX, HTTP2_PING_INTERVAL,
        HTTP2_PING_TIMEOUT,
    },
    resolver::{GuardedResolver, Lookup},
};

/// A pool of connections that were opened with the same TLS settings.
///
/// It repeats a request in one case alone: a kept-alive connection turned out to be closed before the first byte of the request
/// was written, and the request was handed back. It follows no redirect, keeps no cookie, decompresses nothing
/// and knows no proxy but ours, because it can do none of it.
pub(crate) type Pool = Client<Connector, Full<Bytes>>;

/// Makes pools.
pub(crate) struct Pools {
    means: Arc<Means>,
    config: EgressConfig,
}

impl Pools {
    pub(crate) fn new(config: EgressConfig, lookup: Arc<dyn Lookup>) -> Self {
        let policy = AddressPolicy::new(config.allow.clone());
        let means = Means {
            resolver: GuardedResolver::new(lookup, policy),
            proxy: config.proxy.clone(),
            timeout: config.connect_timeout,
        };
        Self {
            means: Arc::new(means),
            config,
        }
    }

    pub(crate) fn make(&self, tls: ClientConfig) -> Pool {
        let connector = Connector::new(Arc::clone(&self.means), Arc::new(tls));
        Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.config.idle_connection)
            .pool_max_idle_per_host(self.config.idle_connections_per_host)
            .http1_max_buf_size(HTTP1_BUFFER_BYTES_MAX)
            // A header that is no header is left out; the status beside it still counts.
            .http1_ignore_invalid_headers_in_responses(true)
            // The parser's own bound on headers, `RESPONSE_HEADERS_MAX`, is not stated: to state it, even as it is, makes each
            // answer clear an array of that many.
            .http2_max_header_list_size(HTTP2_HEADER_LIST_BYTES_MAX)
            .http2_keep_alive_interval(HTTP2_PING_INTERVAL)
            .http2_keep_alive_timeout(HTTP2_PING_TIMEOUT)
            .build(connector)
    }
}
