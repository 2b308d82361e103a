#![doc = include_str!("../README.md")]

use std::time::Duration;

use futures::FutureExt;
use posthorn_bus::{BusConfig, FloorSource, subject::EVENTS_STREAM};
use posthorn_domain::UrlPolicy;
use posthorn_service::settings::Common;
use posthorn_store::{MasterKeys, Store, StoreConfig};
use secrecy::ExposeSecret;

/// Where NATS is and how the streams are kept. The server's list of connections shows `client_name`.
pub fn bus_config(common: &Common, client_name: &str) -> BusConfig {
    let nats = &common.nats;
    BusConfig {
        servers: nats
            .servers
            .iter()
            .map(|server| server.expose_secret().to_owned())
            .collect(),
        creds_file: nats.creds_file.clone(),
        stream_replicas: nats.stream_replicas,
        duplicate_window: nats.duplicate_window,
        event_max_age: Duration::from_secs(u64::from(common.retention_days) * 86_400),
        event_data_bytes_max: nats.event_data_bytes_max,
        client_name: client_name.to_owned(),
        // The api publishes no operational events, and claims none.
        ..BusConfig::default()
    }
}

/// Where PostgreSQL is, and what seals and checks what it holds.
pub fn store_config(
    common: &Common,
    master_keys: MasterKeys,
    url_policy: UrlPolicy,
) -> StoreConfig {
    StoreConfig {
        database_url: common.database_url.clone(),
        max_connections: common.database_connections_max,
        master_keys,
        url_policy,
    }
}

/// Up to where every event is settled, as the database has it: there a consumer begins that has to be made again.
pub fn floor_source(store: Store) -> FloorSource {
    Box::new(move || {
        let store = store.clone();
        async move {
            let floor = store.consumer_floor(EVENTS_STREAM).await;
            floor.map_err(|error| error.to_string())
        }
        .boxed()
    })
}
