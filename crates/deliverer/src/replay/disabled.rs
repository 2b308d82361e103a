use std::sync::Arc;

use posthorn_bus::{Cause, HandOver, PublishError};
use posthorn_domain::{DeliveryId, EventId, WebhookId};
use posthorn_store::{HeldReplay, ReplayPageDone};

use super::{PAGE, Page, PageNext, Replayer, Trouble};
use crate::{ended::Ended, settle::Later, snapshot::Known};

impl Replayer {
    /// Retries that wait for a webhook that was disabled: each is brought forward to now, and whoever claims it
    /// finds the webhook disabled and makes a dead letter of it. An end as any other, only sooner.
    pub(super) async fn disabled_page(
        &self,
        held: &HeldReplay,
        webhook: WebhookId,
    ) -> Result<Page, Trouble> {
        let nothing_left = Page {
            done: ReplayPageDone::default(),
            next: PageNext::End,
        };
        let snapshot = self.webhooks.fresh().await;
        if snapshot.known(webhook).is_none_or(Known::enabled) {
            return Ok(nothing_left);
        }
        let after = held.cursor.map(DeliveryId::from_uuid);
        let limit = u32::try_from(PAGE).unwrap_or(u32::MAX);
        let waiting = self.store.waiting_deliveries(webhook, after, limit).await?;
        let Some(last) = waiting.last().map(|standing| standing.delivery.id) else {
            return Ok(nothing_left);
        };
        let ids: Vec<EventId> = waiting.iter().map(|s| s.delivery.event).collect();
        let mut events = self.store.events_by_id(&held.replay.tenant, &ids).await?;
        let now = self.clock.now();
        let mut handed_over = 0;
        for standing in &waiting {
            let Some(stored) = events.remove(&standing.delivery.event) else {
                continue;
            };
            let hand_over = HandOver {
                event: Arc::new(stored.event),
                webhook,
                attempt: standing.delivery.attempt_count.saturating_add(1),
                hop: 0,
                run_start: (standing.run_start > 0).then_some(standing.run_start),
                rate_slot: None,
                not_before: None,
                due: Some(now),
                cause: Cause::Replay(held.replay.id),
                trace: None,
            };
            match self.bus.hand_over(&hand_over).await {
                Ok(_) => {}
                // It is ended here and now, so that it holds up none of the others.
                Err(PublishError::TooLarge) => {
                    let ended = self.settler.end(&hand_over, Ended::Disabled).await;
                    let later = |Later| Trouble::Later("NATS takes no dead letters".to_owned());
                    ended.map_err(later)?;
                }
                Err(error) => return Err(error.into()),
            }
            handed_over += 1;
        }
        Ok(Page {
            done: ReplayPageDone {
                cursor: Some(last.as_uuid()),
                handed_over,
                skipped: u64::try_from(waiting.len()).unwrap_or(u64::MAX) - handed_over,
            },
            next: PageNext::more(waiting.len() == PAGE),
        })
    }
}
