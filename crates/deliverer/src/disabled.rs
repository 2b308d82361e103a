//! Deliveries of a webhook that is disabled: they end as dead letters, whatever they wait for.
//!
//! Four ways lead here: a message that is due, an event that was accepted while the webhook was still enabled, a retry that
//! is about to be handed over ([`crate::settle`]), and those that wait in the queue ([`crate::replay`]).

use posthorn_domain::DeliveryStatus;
use posthorn_store::{DeliveryRecord, DeliveryState};

use crate::{
    burial::Burial, conclude::FollowUp, ended::Ended, intake::Intake, recorder::Entry, work::Work,
};

impl Intake {
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
            let follow_up = if redelivered && missing {
                FollowUp::Bury(Burial::Repeated, work.dead_letter_again(record))
            } else {
                FollowUp::Nothing
            };
            return self.end(work, follow_up).await;
        }
        let attempts = record.map_or(0, |record| record.attempt_count);
        work.run.start = record.map_or(work.run.start, |record| record.run_start);
        let reason = Ended::Disabled.reason().to_owned();
        let row = DeliveryRecord {
            status: DeliveryStatus::Failed,
            failure: Some(Ended::Disabled.failure()),
            error_message: Some(reason.clone()),
            attempt_count: attempts,
            ..work.pending_record(None)
        };
        let letter = work.dead_letter(attempts, None, reason);
        let follow_up = FollowUp::Bury(Burial::Disabled, Box::new(letter));
        let entry = Entry {
            turn: work.turn,
            ..Entry::of_delivery(Some(row), true, work.share, follow_up)
        };
        self.dispatcher.enter(entry).await;
    }
}
