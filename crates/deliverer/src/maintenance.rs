//! Work that any replica may do, from time to time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use opentelemetry::metrics::Meter;
use posthorn_bus::OwnMessages;
use posthorn_domain::{Clock, Timestamp};
use posthorn_service::{lifecycle::Lifecycle, randomness::SharedRng};
use posthorn_store::{ClocksApart, KeptDays, Store, StoreError};
use tracing::{info, warn};

use crate::{patience::Patience, shared_clock::SharedClock};

/// How often the tables are looked after.
const EVERY: Duration = Duration::from_secs(600);
/// How long a deleted webhook is remembered, in days, so that every replica learns of it. A snapshot that is half as old
/// is not trusted any more ([`SNAPSHOT_AGE_MAX`](crate::refresh::SNAPSHOT_AGE_MAX)).
const DELETED_REMEMBERED_DAYS: u32 = 30;

/// How long things are kept.
pub(crate) fn kept(log_days: u32, audit_days: u32) -> KeptDays {
    KeptDays {
        log: log_days,
        audit: audit_days,
        deleted_webhooks: DELETED_REMEMBERED_DAYS,
    }
}

/// Whether retention is suspended because the process's clock and the database's are too far apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Suspended(Arc<AtomicBool>);

impl Suspended {
    /// Shows it.
    pub(crate) fn observe(&self, meter: &Meter) {
        let seen = self.clone();
        meter
            .u64_observable_gauge("posthorn.retention.suspended")
            .with_description(
                "1 while nothing is dropped for its age, because this process's clock and the database's differ by \
                 more than an hour",
            )
            .with_callback(move |gauge| {
                gauge.observe(u64::from(seen.0.load(Ordering::Relaxed)), &[]);
            })
            .build();
    }

    fn note(&self, applied: Result<(), ClocksApart>) {
        let was = self.0.swap(applied.is_err(), Ordering::Relaxed);
        match applied {
            Err(apart) => warn!("Retention is suspended: {apart}"),
            Ok(()) if was => info!("Retention goes on: the clocks agree again"),
            Ok(()) => {}
        }
    }
}

/// Brings the schema up to date, learns the database's time and makes partitions ahead; waits for the database as long
/// as it takes. Learns what tells an api's messages from those of others, and answers until when unsigned operational events
/// are genuine.
pub(crate) async fn prepare(
    store: &Store,
    clock: &SharedClock,
    rng: &SharedRng,
    own_messages: &OwnMessages,
) -> Result<Option<Timestamp>, StoreError> {
    let mut patience = Patience::new(rng);
    loop {
        let prepared = async {
            learn_time(store, clock).await?;
            store.migrate().await?;
            store.ensure_partitions(clock.now()).await?;
            let (key, unsigned_until) = store.message_key().await?;
            own_messages.learn(key, unsigned_until);
            store.unsigned_operational_until().await
        };
        match prepared.await {
            Err(error @ StoreError::Unavailable(_)) => {
                let why = format!("Waiting for the database: {error}");
                patience.wait_out(&why).await;
            }
            done => return done,
        }
    }
}

async fn learn_time(store: &Store, clock: &SharedClock) -> Result<(), StoreError> {
    let asked = clock.own();
    clock.heard(store.database_time().await?, asked);
    Ok(())
}

/// Looks after the tables until the soft stop: partitions ahead, retention, and what deleted webhooks left
/// behind. A failure is tried again with the next round.
pub(crate) async fn run(
    store: Store,
    clock: Arc<SharedClock>,
    kept: KeptDays,
    suspended: Suspended,
    lifecycle: Lifecycle,
) -> anyhow::Result<()> {
    let mut every = tokio::time::interval(EVERY);
    let stop = lifecycle.soft_stop();
    while stop.run_until_cancelled(every.tick()).await.is_some() {
        let round = async {
            learn_time(&store, &clock).await?;
            store.ensure_partitions(clock.now()).await?;
            suspended.note(store.apply_retention(clock.own_clock(), kept).await?);
            store.drop_stale_gates().await?;
            store.purge_deleted().await
        };
        if let Some(Err(error)) = stop.run_until_cancelled(round).await {
            warn!("Could not look after the tables, trying again later: {error}");
        }
    }
    Ok(())
}
