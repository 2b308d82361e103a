use async_nats::jetstream::{Context, context::ContextBuilder};
use tokio::task::JoinSet;

use crate::{
    bus::{PUBLISHES_IN_FLIGHT_MAX, REQUEST_TIMEOUT},
    config::BusConfig,
    connect, cut_off,
    error::BusError,
    link::Link,
};

/// One connection to NATS, and what keeps it at a server that can work.
pub(crate) struct Line {
    pub(crate) link: Link,
    pub(crate) jetstream: Context,
    /// Ends when it is dropped.
    pub(crate) watch: JoinSet<()>,
}

impl Line {
    /// Connects, trying for ever while nobody answers.
    pub(crate) async fn open(config: &BusConfig) -> Result<Self, BusError> {
        let link = connect::connect(config).await?;
        let jetstream = ContextBuilder::new()
            .timeout(REQUEST_TIMEOUT)
            // Ours is the bound. The client's own counts those too that were given up.
            .max_ack_inflight(4 * PUBLISHES_IN_FLIGHT_MAX)
            .ack_timeout(REQUEST_TIMEOUT)
            .backpressure_on_inflight(true)
            .build(link.client.clone());
        let mut watch = JoinSet::new();
        if config.servers.len() > 1 {
            watch.spawn(cut_off::watch(link.clone(), jetstream.clone()));
        }
        Ok(Self {
            link,
            jetstream,
            watch,
        })
    }
}
