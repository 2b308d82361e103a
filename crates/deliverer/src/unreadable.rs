//! Deliveries that cannot be settled here, because this process cannot read their webhook or their record: it has another
//! master key, an older release, or the row is damaged.
//!
//! What cannot be read is not settled. Such a delivery becomes a message again, which comes back after a while, to
//! whichever process takes it: one of the others may be able to read it, or this one after its row was mended. It is never
//! given up. A first attempt is shown as pending, with the reason. Where it is not known whether the webhook wants the
//! event at all, because its filter cannot be read, there is no row until somebody has decided.
//!
//! Meanwhile the process says that it is not ready ([`crate::refresh::Webhooks::readable`]), and shows by
//! `posthorn_webhooks_unreadable` how many webhooks it cannot read.

use std::{sync::Arc, time::Duration};

use posthorn_bus::{Cause, DueDelivery, HandOver};
use posthorn_domain::{DeliveryId, DeliveryStatus, Event, FailureCode, TraceContext, WebhookId};
use posthorn_store::DeliveryRecord;
use rand::{Rng, RngExt};

use crate::{
    claim::Share,
    conclude::{FollowUp, after},
    gate::Reason,
    intake::Intake,
    recorder::Entry,
    spans,
    turns::Turn,
};

/// What is shown of a delivery that waits.
const REASON: &str = "its webhook's settings cannot be read by the process that took the event; it waits for one that can";
/// How long it waits at most at first: another replica may be able to read it, and takes half of what comes back.
const PAUSE_MIN: Duration = Duration::from_secs(1);
/// How often it waits as long, before the pauses are twice as long. Of two replicas the wrong one takes it every other
/// time: of a thousand deliveries one goes to it ten times in a row, and should not wait for a minute then.
const PAUSES_EQUAL: u32 = 5;
/// How long it waits at most.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// Every so many pauses the row is written again, so that the moment that it names does not lie long in the past.
const ROW_EVERY_HOPS: u32 = 10;

/// A delivery that cannot be settled here.
pub(crate) struct Unreadable {
    pub(crate) share: Share,
    pub(crate) event: Arc<Event>,
    pub(crate) webhook: WebhookId,
    pub(crate) attempt: u32,
    pub(crate) run_start: Option<u32>,
    pub(crate) hop: u32,
    /// Whether it is open that the webhook wants the event.
    pub(crate) undecided: bool,
    /// Whether its record is what cannot be read.
    pub(crate) has_unreadable_record: bool,
    /// Whether it may have a record.
    pub(crate) seen: bool,
    /// Its turn, where it has one: what was claimed is released.
    pub(crate) turn: Option<Turn>,
    pub(crate) attempt_before: Option<TraceContext>,
}

impl Unreadable {
    /// One that was due.
    pub(crate) fn of_due(due: DueDelivery, share: Share) -> Self {
        Self {
            share,
            event: Arc::new(due.event),
            webhook: due.webhook,
            attempt: due.attempt,
            run_start: due.run_start,
            hop: due.hop,
            undecided: due.undecided,
            has_unreadable_record: false,
            seen: true,
            turn: None,
            attempt_before: due.attempt_before,
        }
    }
}

impl Intake {
    /// Has it come back after a while.
    pub(crate) async fn put_off_unreadable(&self, delivery: Unreadable) {
        self.metrics.deferred(Reason::Unreadable);
        let wait = self.rng.with(|rng| chosen(pause(delivery.hop), rng));
        let due = after(self.dispatcher.clock.now(), wait);
        let Unreadable {
            share,
            event,
            webhook,
            attempt,
            run_start,
            hop,
            undecided,
            has_unreadable_record,
            seen,
            turn,
            attempt_before,
        } = delivery;
        let is_shown = attempt == 1 && run_start.is_none() && !undecided && !has_unreadable_record;
        let row = (is_shown && hop.is_multiple_of(ROW_EVERY_HOPS)).then(|| DeliveryRecord {
            id: DeliveryId::derive(event.id, webhook),
            tenant: event.tenant.clone(),
            webhook,
            event: event.id,
            event_type: event.event_type.clone(),
            status: DeliveryStatus::Pending,
            status_code: None,
            response_time_ms: None,
            failure: Some(FailureCode::WEBHOOK_UNREADABLE),
            error_message: Some(REASON.to_owned()),
            attempt_count: 0,
            run_start: 0,
            next_retry_at: Some(due),
            created_at: event.id.time(),
            delivered_at: None,
        });
        let again = HandOver {
            event,
            webhook,
            attempt,
            hop: hop.saturating_add(1),
            run_start,
            // It takes a moment when it can go.
            rate_slot: None,
            due: Some(due),
            not_before: None,
            cause: if undecided {
                Cause::Undecided(share.stream_sequence())
            } else {
                Cause::Claim(share.stream_sequence())
            },
            trace: spans::to_hand_over(&share, attempt_before.as_ref()),
        };
        let follow_up = FollowUp::Again(Box::new(again));
        let entry = Entry {
            turn,
            ..Entry::of_delivery(row, seen, share, follow_up)
        };
        self.dispatcher.enter(entry).await;
    }
}

/// A time between half of `longest` and all of it. Replicas ask for messages in a rhythm of their own: what came back after
/// a fixed time would meet the same one each time.
fn chosen(longest: Duration, rng: &mut impl Rng) -> Duration {
    rng.random_range(longest / 2..=longest)
}

/// How long a delivery waits at most that was put off `hop` times before.
fn pause(hop: u32) -> Duration {
    let doublings = (hop / PAUSES_EQUAL).min(u32::BITS - 1);
    PAUSE_MIN
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(PAUSE_MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn no_two_deliveries_come_back_in_step() {
        let mut rng = StdRng::seed_from_u64(1);
        let waits: HashSet<_> = (0..100).map(|_| chosen(PAUSE_MIN, &mut rng)).collect();
        assert_eq!(waits.len(), 100);
        assert!(
            waits
                .iter()
                .all(|wait| *wait >= PAUSE_MIN / 2 && *wait <= PAUSE_MIN)
        );
    }

    #[test]
    fn it_comes_back_soon_at_first_and_never_rarely() {
        let seconds: Vec<u64> = (0..28).map(|hop| pause(hop).as_secs()).collect();
        assert_eq!(seconds[..12], [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 4, 4]);
        assert_eq!(seconds[20..], [16, 16, 16, 16, 16, 30, 30, 30]);
        // Nineteen chances in the first minute: one delivery of half a million misses all of them.
        assert!(seconds[..18].iter().sum::<u64>() < 60);
        assert_eq!(pause(u32::MAX), PAUSE_MAX);
    }
}
