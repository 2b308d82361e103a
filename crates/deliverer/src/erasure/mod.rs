//! Erasing: what somebody asked for, and what tenants do not want kept.
//!
//! | loop | does |
//! | --- | --- |
//! | filters | makes tombstones of the events of an erasure, page by page, and scrubs each page from the tables |
//! | tables | scrubs what somebody decided on and did not come to: the api, or a process that died |
//! | streams | takes what is scrubbed out of the streams |
//! | tenants | deletes all of a tenant, round by round |
//! | payloads | finds what is settled of tenants that keep payloads only until then |
//! | ages | drops what is older than its tenant keeps it |
//!
//! Any replica may do each of it at any time: what it takes is its own for a lease, and every step may be repeated. While
//! PostgreSQL is away nothing is done; while NATS is away, only what needs no streams.

mod events;
mod kept;
mod tenants;

use std::{sync::Arc, time::Duration};

use posthorn_bus::Bus;
use posthorn_domain::Clock;
use posthorn_service::lifecycle::Lifecycle;
use posthorn_store::{Store, WaitingWork};
use tokio_util::sync::CancellationToken;
use tracing::warn;

pub(crate) use self::kept::Settled;
use crate::waiting_work::Told;

/// How long a loop rests after a failure.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(2);
/// How long what cannot go on now rests.
const REST: Duration = Duration::from_millis(500);
/// How often settled payloads are looked for.
const PAYLOADS_EVERY: Duration = Duration::from_secs(5);
/// How often tenants are looked through that keep less than the installation.
const AGES_EVERY: Duration = Duration::from_secs(600);
/// How long what is taken belongs to a process that says nothing more of it.
const LEASE: Duration = Duration::from_secs(60);

/// One of the loops.
#[derive(Debug, Clone, Copy)]
enum Work {
    Filters,
    Tables,
    Streams,
    Tenants,
    Payloads,
    Ages,
}

impl Work {
    /// What it does, for the log.
    const fn words(self) -> &'static str {
        match self {
            Self::Filters => "erase events by filter",
            Self::Tables => "erase events from the tables",
            Self::Streams => "erase events from the streams",
            Self::Tenants => "delete a tenant",
            Self::Payloads => "erase settled payloads",
            Self::Ages => "drop what tenants do not keep any longer",
        }
    }

    /// What a loop waits for that found nothing to do.
    const fn next(self) -> Next {
        match self {
            Self::Filters => Next::When(|waiting| waiting.erasures),
            Self::Tables => Next::When(|waiting| waiting.events_in_tables),
            Self::Streams => Next::When(|waiting| waiting.events_in_streams),
            Self::Tenants => Next::When(|waiting| waiting.tenants),
            Self::Payloads => Next::After(PAYLOADS_EVERY),
            Self::Ages => Next::After(AGES_EVERY),
        }
    }
}

enum Next {
    When(fn(&WaitingWork) -> bool),
    After(Duration),
}

/// Erases.
pub(crate) struct Eraser {
    pub(crate) told: Told,
    pub(crate) bus: Bus,
    pub(crate) store: Store,
    /// This process's own clock, to compare with the database's.
    pub(crate) own_clock: Arc<dyn Clock>,
    /// Days for which the installation keeps events.
    pub(crate) kept_days: u32,
    /// Up to where everything is recorded.
    pub(crate) settled: Settled,
}

impl Eraser {
    /// Works until the soft stop. What is cut off then is gone on with by another when its lease has run out.
    pub(crate) async fn run(self, lifecycle: Lifecycle) -> anyhow::Result<()> {
        let stop = lifecycle.soft_stop();
        tokio::join!(
            self.repeat(Work::Filters, stop),
            self.repeat(Work::Tables, stop),
            self.repeat(Work::Streams, stop),
            self.repeat(Work::Tenants, stop),
            self.repeat(Work::Payloads, stop),
            self.repeat(Work::Ages, stop),
        );
        Ok(())
    }

    /// Repeats rounds, at once where one says that there is more to do.
    async fn repeat(&self, work: Work, stop: &CancellationToken) {
        let mut told = self.told.clone();
        while !stop.is_cancelled() {
            let pause = match (
                stop.run_until_cancelled(self.round(work)).await,
                work.next(),
            ) {
                (None, _) => return,
                (Some(Ok(true)), _) => continue,
                (Some(Ok(false)), Next::When(kind)) => {
                    told.of(kind, stop).await;
                    continue;
                }
                (Some(Ok(false)), Next::After(pause)) => pause,
                (Some(Err(error)), next) => {
                    warn!("Could not {}, trying again later: {error:#}", work.words());
                    match next {
                        Next::When(_) => REST_AFTER_FAILURE,
                        Next::After(pause) => pause.max(REST_AFTER_FAILURE),
                    }
                }
            };
            let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
        }
    }

    async fn round(&self, work: Work) -> anyhow::Result<bool> {
        match work {
            Work::Filters => self.filter_round().await,
            Work::Tables => self.table_round().await,
            Work::Streams => self.stream_round().await,
            Work::Tenants => self.tenant_round().await,
            Work::Payloads => self.payload_round().await,
            Work::Ages => self.age_round().await,
        }
    }
}
