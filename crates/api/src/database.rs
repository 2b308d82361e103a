//! PostgreSQL as a request sees it: there, or away, and never a long wait to find out.
//!
//! [`watch`] asks every second whether it answers, over a connection of its own. When it gets no answer in time the database
//! counts as away: requests that need it, and those that already wait for it, are answered 503 at once, until it gets
//! one again. So no request waits longer than one interval and one timeout.
//!
//! The pool of connections is shared by all tenants, and each has a part of it ([`TenantParts`]): operations of one
//! tenant beyond its part wait for each other, not for a connection. On whose behalf an operation runs is known where the
//! request comes in ([`on_behalf_of`]), so that no operation can forget to say it.

use std::{sync::Arc, time::Duration};

use posthorn_domain::TenantId;
use posthorn_service::http::dependencies::Known;
use posthorn_store::{Health, Store, StoreError};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::tenant_parts::TenantParts;

/// How often the database is asked whether it answers.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long that may take before the database counts as away.
const TIMEOUT: Duration = Duration::from_millis(1_500);

tokio::task_local! {
    /// The tenant of the request that is being answered; `None` for an admin who names none.
    static TENANT: Option<TenantId>;
}

/// Does `work`, whose operations on the database count as this tenant's; `None` is an admin who names none.
pub(crate) async fn on_behalf_of<T>(tenant: Option<TenantId>, work: impl Future<Output = T>) -> T {
    TENANT.scope(tenant, work).await
}

/// The store, and whether it can be reached.
#[derive(Clone)]
pub(crate) struct Database {
    store: Store,
    away: watch::Sender<bool>,
    parts: Arc<TenantParts>,
    known: Known,
}

impl Database {
    /// `connections_max` is how many the store has.
    pub(crate) fn new(store: Store, connections_max: u32) -> Self {
        Self {
            store,
            away: watch::Sender::new(false),
            parts: Arc::new(TenantParts::of(connections_max)),
            known: Known::default(),
        }
    }

    /// Whether it answered when it was last asked.
    pub(crate) fn known(&self) -> Known {
        self.known.clone()
    }

    /// Does something that needs the database, or fails as soon as that is known to be away.
    pub(crate) async fn call<'a, T, E, F>(
        &'a self,
        operation: impl FnOnce(&'a Store) -> F,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>> + 'a,
        E: From<StoreError>,
    {
        let mut away = self.away.subscribe();
        let in_turn = async {
            // What nobody's request asks for, such as the look-up of a key, has bounds of its own.
            let _turn = match TENANT.try_with(Clone::clone) {
                Ok(tenant) => Some(self.parts.clone().enter(tenant).await?),
                Err(_) => None,
            };
            operation(&self.store).await
        };
        tokio::select! {
            biased;
            _ = away.wait_for(|away| *away) => {
                Err(StoreError::Unavailable("it did not answer the last time".to_owned()).into())
            }
            result = in_turn => result,
        }
    }

    /// Notes whether the database answers, and says so in the log when that changes.
    fn note(&self, trouble: Option<&str>) {
        self.known.note(trouble.is_none());
        let changed = self.away.send_if_modified(|away| {
            let changed = *away != trouble.is_some();
            *away = trouble.is_some();
            changed
        });
        match trouble {
            Some(trouble) if changed => warn!("PostgreSQL is away: {trouble}"),
            None if changed => info!("PostgreSQL answers again"),
            _ => {}
        }
    }
}

/// Watches over the database until `stop`.
pub(crate) async fn watch(database: Database, health: Health, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        match timeout(TIMEOUT, health.ask()).await {
            Ok(Ok(())) => database.note(None),
            Ok(Err(failure)) => database.note(Some(&failure.to_string())),
            Err(_) => database.note(Some("no answer in time")),
        }
    }
}
