use crate::{error::StoreError, session::bounded, store::Store};

/// Which kinds of work wait for some deliverer to take them up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct WaitingWork {
    /// A replay ([`Store::take_replay`]).
    pub replays: bool,
    /// An erasure by filter ([`Store::take_erasure`]).
    pub erasures: bool,
    /// Erased events that are still in the tables ([`Store::take_unfinished`]).
    pub events_in_tables: bool,
    /// Erased events that are still in the streams ([`Store::take_unfinished`]).
    pub events_in_streams: bool,
    /// A tenant that is being deleted ([`Store::take_deleting_tenant`]).
    pub tenants: bool,
}

impl WaitingWork {
    /// Whether there is any.
    #[must_use]
    pub fn is_any(self) -> bool {
        self != Self::default()
    }
}

impl Store {
    /// Asks for all kinds in one statement that changes nothing: most of the time there is none, and taking up each kind
    /// costs more than looking.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when PostgreSQL does not answer.
    pub async fn waiting_work(&self) -> Result<WaitingWork, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            // `stage < 2` is said beside the stage itself so that the partial index serves.
            let waiting = sqlx::query_as(
                "SELECT EXISTS (SELECT FROM replays WHERE status IN ('queued', 'running') AND not_before <= now()) AS replays,
                     EXISTS (SELECT FROM erasures WHERE status IN ('queued', 'running') AND not_before <= now()) AS erasures,
                     EXISTS (SELECT FROM erased_events WHERE stage = 0 AND stage < 2 AND not_before <= now())
                         AS events_in_tables,
                     EXISTS (SELECT FROM erased_events WHERE stage = 1 AND stage < 2 AND not_before <= now())
                         AS events_in_streams,
                     EXISTS (SELECT FROM tenants WHERE deleting_since IS NOT NULL
                         AND COALESCE(deletion_not_before, deleting_since) <= now()) AS tenants",
            )
            .fetch_one(&mut *session)
            .await?;
            session.finish();
            Ok(waiting)
        })
        .await
    }
}
