use std::{collections::HashSet, sync::Arc, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use posthorn_bus::{Cause, HandOver, PublishError};
use posthorn_domain::{
    DeliveryId, DeliveryStatus, Event, ReplayId, Timestamp, WebhookId,
    delivery_lifecycle::RunDecision,
};
use posthorn_store::{DeliveryRecord, RecordBatch, Standing};
use tracing::warn;

use super::{Replayer, Trouble};

/// How far ahead "at once" lies: the queue looks for moments that have passed only four times a second.
const AT_ONCE: Duration = Duration::from_millis(20);
/// A message that is not taken up so long after its due time is replaced. Long, because of what waits for a webhook that
/// is saturated nothing is lost, and a replay would move all of it.
const LOST_AFTER: Duration = Duration::from_secs(600);
/// Hand-overs that wait for their acknowledgement together.
const PIPELINE: usize = 50;

/// A delivery to make again, or for the first time.
pub(super) struct Candidate {
    pub(super) event: Arc<Event>,
    pub(super) webhook: WebhookId,
    /// How it stands, if it is recorded.
    pub(super) standing: Option<Standing>,
    /// Attempts made, where that is known without a record.
    pub(super) attempts: u32,
}

impl Candidate {
    pub(super) fn delivery(&self) -> DeliveryId {
        DeliveryId::derive(self.event.id, self.webhook)
    }

    /// Whether an attempt of it is due anyway that nobody may take the place of.
    fn is_asked_for(&self) -> bool {
        self.standing
            .as_ref()
            .is_some_and(|standing| standing.decide_run(LOST_AFTER) != RunDecision::Begin)
    }

    fn run_start(&self) -> u32 {
        self.standing
            .as_ref()
            .map_or(self.attempts, |standing| standing.delivery.attempt_count)
    }

    /// Its record when the run has been asked for.
    fn record(&self, due: Timestamp) -> DeliveryRecord {
        if let Some(standing) = &self.standing {
            return standing.at_new_run(due);
        }
        DeliveryRecord {
            id: self.delivery(),
            tenant: self.event.tenant.clone(),
            webhook: self.webhook,
            event: self.event.id,
            event_type: self.event.event_type.clone(),
            status: match self.attempts {
                0 => DeliveryStatus::Pending,
                _ => DeliveryStatus::Retrying,
            },
            status_code: None,
            response_time_ms: None,
            failure: None,
            error_message: None,
            attempt_count: self.attempts,
            run_start: self.attempts,
            next_retry_at: Some(due),
            created_at: self.event.id.time(),
            delivered_at: None,
        }
    }
}

/// What became of a page's candidates.
#[derive(Debug, Default)]
pub(super) struct HandedOver {
    /// How many were handed over.
    pub(super) count: u64,
    /// Those that were left as they are.
    pub(super) left: HashSet<DeliveryId>,
}

/// What became of one candidate.
enum Outcome {
    /// It is due anyway, or cannot be handed over.
    Left(DeliveryId),
    /// It was handed over now.
    New(Box<DeliveryRecord>),
    /// It was handed over before, by a page that is done again.
    Before,
}

impl Replayer {
    /// Begins a new run of each candidate. The message first, then the record: what a crash
    /// leaves between the two is attempted and recorded all the same.
    pub(super) async fn hand_over(
        &self,
        replay: ReplayId,
        candidates: Vec<Candidate>,
    ) -> Result<HandedOver, Trouble> {
        let due = self.clock.now() + AT_ONCE;
        let outcomes: Vec<Outcome> = stream::iter(candidates)
            .map(|candidate| self.hand_over_one(replay, candidate, due))
            .buffer_unordered(PIPELINE)
            .try_collect()
            .await?;
        let mut handed_over = HandedOver::default();
        let mut batch = RecordBatch::default();
        for outcome in outcomes {
            match outcome {
                Outcome::Left(delivery) => drop(handed_over.left.insert(delivery)),
                Outcome::Before => handed_over.count += 1,
                Outcome::New(record) => {
                    handed_over.count += 1;
                    batch.deliveries.push(*record);
                }
            }
        }
        if !batch.deliveries.is_empty() {
            self.store.write(&batch).await?;
            let rows = batch.deliveries.iter();
            self.under_way
                .add(replay, rows.map(|row| (row.id, row.attempt_count)));
        }
        Ok(handed_over)
    }

    async fn hand_over_one(
        &self,
        replay: ReplayId,
        candidate: Candidate,
        due: Timestamp,
    ) -> Result<Outcome, PublishError> {
        if candidate.is_asked_for() {
            return Ok(Outcome::Left(candidate.delivery()));
        }
        let run_start = candidate.run_start();
        let hand_over = HandOver {
            event: candidate.event.clone(),
            webhook: candidate.webhook,
            attempt: run_start.saturating_add(1),
            hop: 0,
            run_start: Some(run_start),
            rate_slot: None,
            not_before: None,
            due: Some(due),
            cause: Cause::Replay(replay),
            trace: None,
        };
        match self.bus.hand_over(&hand_over).await {
            Ok(accepted) if accepted.duplicate => Ok(Outcome::Before),
            Ok(_) => Ok(Outcome::New(Box::new(candidate.record(due)))),
            Err(error @ PublishError::TooLarge) => {
                let delivery = candidate.delivery();
                warn!(delivery.id = %delivery, "Left delivery {delivery} out of replay {replay}: {error}");
                Ok(Outcome::Left(delivery))
            }
            Err(error) => Err(error),
        }
    }
}
