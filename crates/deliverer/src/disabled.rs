//! Deliveries of a webhook that is disabled: they end as dead letters, whatever they wait for.
//!
//! Four ways lead here: a message that is due, an event that was accepted while the webhook was still enabled, a retry that
//! is about to be handed over ([`crate::settle`]), and those that wait in the queue ([`crate::replay`]).

use std::sync::Arc;

use posthorn_domain::{DeliveryId, DeliveryStatus, Webhook};
use posthorn_store::{DeliveryRecord, DeliveryState, DeliveryStates};

use crate::{
    burial::Burial,
    conclude::FollowUp,
    ended::Ended,
    intake::{Intake, Matched},
    recorder::Entry,
    work::Work,
};

impl Intake {
    /// Ends the delivery of an event to a webhook that wanted it, and was disabled since.
    pub(crate) async fn end_disabled(
        &self,
        matched: &Matched,
        webhook: Arc<Webhook>,
        states: &DeliveryStates,
    ) {
        let delivery = DeliveryId::derive(matched.event.id, webhook.id);
        if states.is_unreadable(&delivery) {
            return self
                .put_off_unreadable(matched.unreadable(webhook.id))
                .await;
        }
        let work = matched.first_attempt(webhook, None);
        self.give_up_on_disabled(work, states.get(&delivery), matched.redelivered)
            .await;
    }

    /// Disabling a webhook cancels its waiting retries: they become dead letters.
    pub(crate) async fn give_up_on_disabled(
        &self,
        mut work: Work,
        record: Option<&DeliveryState>,
        redelivered: bool,
    ) {
        if let Some(record) = record.filter(|record| record.status.is_settled()) {
            // It was brought to its end before; a process that died may not have stored its dead letter.
            let missing = record.status == DeliveryStatus::Failed && !record.buried;
            if redelivered && missing && record.attempt_count >= work.attempt {
                let letter = work.dead_letter_again(record);
                let follow_up = FollowUp::Bury(Burial::Repeated, letter);
                return self.settler.settle(work.share, follow_up).await;
            }
            return self.settler.settle(work.share, FollowUp::Nothing).await;
        }
        let attempts = record.map_or(0, |record| record.attempt_count);
        work.run.start = record.map_or(work.run.start, |record| record.run_start);
        let reason = Ended::Disabled.reason().to_owned();
        let row = DeliveryRecord {
            status: DeliveryStatus::Failed,
            error_message: Some(reason.clone()),
            attempt_count: attempts,
            ..work.pending_record(None)
        };
        let letter = work.dead_letter(attempts, None, reason);
        let follow_up = FollowUp::Bury(Burial::Disabled, Box::new(letter));
        self.dispatcher
            .enter(Entry::of_delivery(Some(row), true, work.share, follow_up))
            .await;
    }
}
