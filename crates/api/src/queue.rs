//! NATS as a request sees it.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use posthorn_bus::{Bus, BusError, PublishError};
use posthorn_domain::StreamPosition;
use posthorn_service::reminder::Reminder;
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

/// The streams are looked after no more often than this.
const REPAIR_PAUSE: Duration = Duration::from_secs(1);

/// How long a request waits to be told where the stream ends.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// The bus, once it is connected and its streams are there. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Queue {
    bus: Arc<OnceLock<Bus>>,
    trouble: Arc<Notify>,
}

impl Queue {
    /// The bus, unless it is not connected at this moment.
    pub(crate) fn connected(&self) -> Option<&Bus> {
        self.bus.get().filter(|bus| bus.is_connected())
    }

    /// Where the stream of events ends now; `None` while NATS does not tell.
    pub(crate) async fn end_of_events(&self) -> Option<StreamPosition> {
        let end = self.connected()?.end_of_events();
        timeout(END_TIMEOUT, end).await.ok()?.ok()
    }

    /// Puts the bus in its place, once.
    pub(crate) fn open(&self, bus: Bus) {
        // A second bus is never made: the task that makes it runs once.
        let _ = self.bus.set(bus);
    }

    /// Notes why a publish failed. A missing stream, as after a server lost its disk, is repaired.
    pub(crate) fn failed(&self, failure: &PublishError) {
        if matches!(failure, PublishError::Unavailable(_)) {
            self.trouble.notify_one();
        }
    }

    /// Makes missing streams again whenever publishing failed, until `stop`. What is there is left as it is: most failures
    /// are elections, and each api sees them.
    pub(crate) async fn repair(self, stop: CancellationToken) {
        let in_vain = Reminder::default();
        while stop
            .run_until_cancelled(self.trouble.notified())
            .await
            .is_some()
        {
            if let Some(bus) = self.connected() {
                match bus.restore_topology().await {
                    Ok(()) => info!("Looked after the streams, because a publish failed"),
                    Err(
                        failure @ (BusError::Unavailable(_)
                        | BusError::Refused { .. }
                        | BusError::Unusable(_)),
                    ) => {
                        if in_vain.is_due() {
                            warn!("Cannot look after the streams: {failure}");
                        } else {
                            debug!("Cannot look after the streams: {failure}");
                        }
                    }
                }
            }
            let _ = stop
                .run_until_cancelled(tokio::time::sleep(REPAIR_PAUSE))
                .await;
        }
    }
}
