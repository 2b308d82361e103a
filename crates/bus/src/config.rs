use std::{path::PathBuf, time::Duration};

use posthorn_domain::{OperationalKeys, Timestamp, limits::EVENT_DATA_BYTES_MAX};

use crate::own_messages::OwnMessages;

/// Where NATS is and how the streams are kept.
#[derive(Debug, Clone)]
pub struct BusConfig {
    /// Servers of one cluster, as `nats://host:port` or `tls://host:port`.
    pub servers: Vec<String>,
    /// File with the credentials (JWT and seed), if the server wants them.
    pub creds_file: Option<PathBuf>,
    /// Copies of each stream: 1, or 3 in a cluster.
    pub stream_replicas: usize,
    /// How long the server remembers a message's key and drops what repeats it.
    pub duplicate_window: Duration,
    /// How long events stay in the stream and can be replayed, at least [`EVENTS_AGE_MIN`](crate::EVENTS_AGE_MIN); dead
    /// letters likewise, without a least.
    pub event_max_age: Duration,
    /// Largest `data` of one event, in bytes; what is larger is malformed.
    pub event_data_bytes_max: usize,
    /// What tells Posthorn's own operational events from others'. Without a key none is genuine.
    pub operational_keys: OperationalKeys,
    /// Unsigned operational events that were stored before this are genuine: see
    /// [`Bus::with_unsigned_operational_until`](crate::Bus::with_unsigned_operational_until).
    pub unsigned_operational_until: Option<Timestamp>,
    /// What tells an api's messages from those of others.
    pub own_messages: OwnMessages,
    /// What the server's list of connections calls this process.
    pub client_name: String,
}

impl Default for BusConfig {
    fn default() -> Self {
        Self {
            servers: vec!["nats://127.0.0.1:4222".to_owned()],
            creds_file: None,
            stream_replicas: 1,
            duplicate_window: Duration::from_secs(120),
            event_max_age: Duration::from_secs(30 * 86_400),
            event_data_bytes_max: EVENT_DATA_BYTES_MAX,
            operational_keys: OperationalKeys::default(),
            unsigned_operational_until: None,
            own_messages: OwnMessages::default(),
            client_name: "posthorn".to_owned(),
        }
    }
}
