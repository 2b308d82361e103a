//! How a client is to behave.

use std::time::Duration;

use ipnet::IpNet;

use crate::{
    connect::EgressProxy,
    limits::{CONNECT_TIMEOUT_DEFAULT, IDLE_CONNECTION_DEFAULT, IDLE_CONNECTIONS_PER_HOST_DEFAULT},
};

/// How a [`Client`](crate::Client) is to behave.
#[derive(Debug, Clone)]
pub struct EgressConfig {
    /// Ranges that may be reached although the guard refuses them.
    pub allow: Vec<IpNet>,
    /// The proxy that all requests go through, if there is one.
    pub proxy: Option<EgressProxy>,
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
            proxy: None,
            user_agent: user_agent.into(),
            extra_roots_pem: Vec::new(),
            connect_timeout: CONNECT_TIMEOUT_DEFAULT,
            idle_connection: IDLE_CONNECTION_DEFAULT,
            idle_connections_per_host: IDLE_CONNECTIONS_PER_HOST_DEFAULT,
        }
    }
}
