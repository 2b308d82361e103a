use std::{net::SocketAddr, time::Duration};

use ipnet::IpNet;
use posthorn_bus::BusConfig;
use posthorn_domain::UrlPolicy;
use posthorn_service::settings::{
    Common, Reader, duration_seconds, list, socket_address, table, whole_number,
};
use posthorn_store::{MasterKeys, StoreConfig};
use secrecy::ExposeSecret;

/// What the deliverer is configured with.
#[derive(Debug)]
pub struct Config {
    /// What both services have.
    pub common: Common,
    /// Where health and metrics are served.
    pub admin_listen: SocketAddr,
    /// What opens the secrets of webhooks.
    pub master_keys: MasterKeys,
    /// Private networks that webhooks may reach.
    pub egress_allow: Vec<IpNet>,
    /// Requests under way at the same time.
    pub requests_in_flight_max: usize,
    /// A webhook of which every attempt failed for so long is disabled.
    pub disable_failing_after: Duration,
}

impl Config {
    /// Takes it out of the reader, or `None` after it has noted every mistake.
    pub fn read(reader: &mut Reader) -> Option<Self> {
        let common = Common::read(reader);
        let master_keys = reader.required(&table::MASTER_KEY, str::parse);
        let admin_listen = reader.required(&table::ADMIN_LISTEN, socket_address);
        let egress_allow = reader.optional(&table::EGRESS_ALLOW, list);
        let requests_in_flight_max =
            reader.required(&table::REQUESTS_IN_FLIGHT_MAX, whole_number(1..=100_000));
        let disable_failing_after = reader.required(
            &table::DISABLE_FAILING_AFTER_SECONDS,
            duration_seconds(1..=365 * 86_400),
        );
        Some(Self {
            common: common?,
            master_keys: master_keys?,
            admin_listen: admin_listen?,
            egress_allow: egress_allow?.unwrap_or_default(),
            requests_in_flight_max: requests_in_flight_max?,
            disable_failing_after: disable_failing_after?,
        })
    }
}

impl Config {
    pub(crate) fn bus(&self, client_name: &str) -> BusConfig {
        let nats = &self.common.nats;
        BusConfig {
            servers: nats
                .servers
                .iter()
                .map(|server| server.expose_secret().to_owned())
                .collect(),
            creds_file: nats.creds_file.clone(),
            stream_replicas: nats.stream_replicas,
            duplicate_window: nats.duplicate_window,
            event_data_bytes_max: nats.event_data_bytes_max,
            event_max_age: Duration::from_secs(u64::from(self.common.retention_days) * 86_400),
            client_name: client_name.to_owned(),
        }
    }

    pub(crate) fn store(&self) -> StoreConfig {
        StoreConfig {
            database_url: self.common.database_url.clone(),
            max_connections: self.common.database_connections_max,
            master_keys: self.master_keys.clone(),
            // Which URLs a webhook may be given is decided where it is given: what was accepted is delivered.
            url_policy: UrlPolicy::HttpAllowed,
        }
    }
}
