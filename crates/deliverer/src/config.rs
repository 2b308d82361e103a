use std::{net::SocketAddr, time::Duration};

use ipnet::IpNet;
use posthorn_egress::EgressProxy;
use posthorn_service::settings::{
    Common, Reader, duration_seconds, list, socket_address, table, whole_number,
};
use posthorn_store::MasterKeys;

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
    /// The proxy that requests to receivers go through.
    pub egress_proxy: Option<EgressProxy>,
    /// Requests under way at the same time.
    pub requests_in_flight_max: usize,
    /// A webhook of which every attempt failed for so long is disabled.
    pub disable_failing_after: Duration,
    /// Days that the audit log is kept.
    pub audit_retention_days: u32,
    /// So many failed attempts in a row open a webhook's breaker; 0: none has one.
    pub breaker_failures: u32,
    /// A delivery whose attempt is overdue for so long may have lost its message.
    pub stranded_after: Duration,
}

impl Config {
    /// Takes it out of the reader, or `None` after it has noted every mistake.
    pub fn read(reader: &mut Reader) -> Option<Self> {
        let common = Common::read(reader);
        let master_keys = reader.required(&table::MASTER_KEY, str::parse);
        let admin_listen = reader.required(&table::ADMIN_LISTEN, socket_address);
        let egress_allow = reader.optional(&table::EGRESS_ALLOW, list);
        let egress_proxy = reader.optional(&table::EGRESS_PROXY, str::parse);
        let requests_in_flight_max =
            reader.required(&table::REQUESTS_IN_FLIGHT_MAX, whole_number(1..=100_000));
        let disable_failing_after = reader.required(
            &table::DISABLE_FAILING_AFTER_SECONDS,
            duration_seconds(1..=365 * 86_400),
        );
        let audit_retention_days =
            reader.required(&table::AUDIT_RETENTION_DAYS, whole_number(1..=36_500));
        let breaker_failures = reader.required(&table::BREAKER_FAILURES, whole_number(0..=1_000));
        let stranded_after = reader.required(
            &table::STRANDED_AFTER_SECONDS,
            duration_seconds(1..=30 * 86_400),
        );
        Some(Self {
            common: common?,
            master_keys: master_keys?,
            admin_listen: admin_listen?,
            egress_allow: egress_allow?.unwrap_or_default(),
            egress_proxy: egress_proxy?,
            requests_in_flight_max: requests_in_flight_max?,
            disable_failing_after: disable_failing_after?,
            audit_retention_days: audit_retention_days?,
            breaker_failures: breaker_failures?,
            stranded_after: stranded_after?,
        })
    }
}
