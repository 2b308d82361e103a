use std::net::SocketAddr;

use ipnet::IpNet;
use posthorn_service::settings::{Common, Reader, list, socket_address, table, whole_number};

/// What the deliverer is configured with.
#[derive(Debug)]
pub struct Config {
    /// What both services have.
    pub common: Common,
    /// Where health and metrics are served.
    pub admin_listen: SocketAddr,
    /// Private networks that webhooks may reach.
    pub egress_allow: Vec<IpNet>,
    /// Requests under way at the same time.
    pub requests_in_flight_max: usize,
}

impl Config {
    /// Takes it out of the reader, or `None` after it has noted every mistake.
    pub fn read(reader: &mut Reader) -> Option<Self> {
        let common = Common::read(reader);
        let admin_listen = reader.required(&table::ADMIN_LISTEN, socket_address);
        let egress_allow = reader.optional(&table::EGRESS_ALLOW, list);
        let requests_in_flight_max = reader.required(&table::REQUESTS_IN_FLIGHT_MAX, whole_number(1..=100_000));
        Some(Self {
            common: common?,
            admin_listen: admin_listen?,
            egress_allow: egress_allow?.unwrap_or_default(),
            requests_in_flight_max: requests_in_flight_max?,
        })
    }
}
