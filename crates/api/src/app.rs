use std::sync::Arc;

use posthorn_domain::{Clock, UrlPolicy};
use posthorn_service::{randomness::SharedRng, traces::Traces};
use tracing::debug;

use crate::{
    access::{DeletedTenants, KeyHolder, Keyring},
    catalogue::Catalogue,
    database::Database,
    edge::RequestMetrics,
    operations::webhooks::ToldPreviews,
    outgoing::Outgoing,
    queue::Queue,
    shares::Shares,
};

/// What every operation can reach. Clones share it.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The parts of an [`App`].
pub(crate) struct Parts {
    pub(crate) database: Database,
    pub(crate) queue: Queue,
    pub(crate) outgoing: Outgoing,
    /// Exports under way.
    pub(crate) exports: Shares<KeyHolder>,
    /// Bytes of requests' bodies that are held.
    pub(crate) bodies: Shares<KeyHolder>,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) deleted_tenants: Arc<DeletedTenants>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) told_previews: ToldPreviews,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<SharedRng>,
    pub(crate) metrics: RequestMetrics,
    pub(crate) traces: Traces,
    pub(crate) url_policy: UrlPolicy,
    /// Days for which the installation keeps events.
    pub(crate) retention_days: u32,
    /// Largest body of `POST /events`, in bytes.
    pub(crate) request_bytes_max: usize,
    /// Largest `data` of one event, in bytes.
    pub(crate) event_data_bytes_max: usize,
    /// Most webhooks of one tenant.
    pub(crate) webhooks_per_tenant_max: u32,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Takes a change of the catalogue over at once. If that fails, the next look at it does.
    pub(crate) async fn refresh_catalogue(&self) {
        let refreshed = self
            .database
            .call(|store| self.catalogue.refresh(store))
            .await;
        if let Err(failure) = refreshed {
            debug!("Cannot read the catalogue after a change: {failure}");
        }
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
