use std::sync::Arc;

use posthorn_domain::{DeliveryId, EventId, Timestamp, WebhookId};
use posthorn_store::{HeldReplay, ReplayPageDone, StoreError};

use super::{PAGE, Page, PageNext, Replayer, Trouble, hand_over::Candidate, unreadable};
use crate::snapshot::Known;

impl Replayer {
    /// One event, to the webhooks that are named or to all that want it now; page by page of their ids.
    pub(super) async fn event_page(
        &self,
        held: &HeldReplay,
        event: EventId,
        named: Option<&[WebhookId]>,
    ) -> Result<Page, Trouble> {
        let replay = &held.replay;
        let stored = match self.store.get_event(&replay.tenant, event).await {
            Ok(stored) if stored.erased_at.is_some() => {
                return Err(Trouble::Never("the event was erased".to_owned()));
            }
            Ok(stored) => stored,
            Err(StoreError::NotFound) => {
                return Err(Trouble::Never("the event is no longer kept".to_owned()));
            }
            Err(error) => return Err(error.into()),
        };
        // Asked before the records are read: what is settled by then has its record.
        let settled = self.settled_through(replay.id).await?;
        let under_way = settled.may_be_under_way(&stored);
        let event = Arc::new(stored.event);
        let snapshot = self.webhooks.fresh().await;
        let mut webhooks: Vec<WebhookId> = match named {
            Some(named) => named.to_vec(),
            None => {
                let failures = &self.webhooks.filter_failures;
                // What cannot be read waits in the queue, once it is known that it is wanted.
                let found = snapshot.matching(&event, Timestamp::MAX_UTC, failures);
                if let Some(open) = found.unreadable.iter().find(|one| !one.decided) {
                    return Err(unreadable(open.webhook));
                }
                let wanting = found.wanted.iter().map(|webhook| webhook.id);
                wanting
                    .chain(found.unreadable.iter().map(|one| one.webhook))
                    .collect()
            }
        };
        webhooks.sort_unstable();
        webhooks.dedup();
        if held.cursor.is_none() {
            let total = u64::try_from(webhooks.len()).unwrap_or(u64::MAX);
            self.store.note_replay_total(replay.id, total).await?;
        }
        webhooks.retain(|id| held.cursor.is_none_or(|cursor| id.as_uuid() > cursor));
        let more = webhooks.len() > PAGE;
        webhooks.truncate(PAGE);

        let ids: Vec<_> = webhooks
            .iter()
            .map(|webhook| DeliveryId::derive(event.id, *webhook))
            .collect();
        let mut standings = self.store.standings(&ids).await?;
        if under_way && ids.iter().any(|delivery| !standings.contains_key(delivery)) {
            return Ok(Page {
                done: ReplayPageDone::default(),
                next: PageNext::Waits,
            });
        }
        let candidates: Vec<_> = webhooks
            .iter()
            .zip(&ids)
            .filter(|(webhook, _)| snapshot.known(**webhook).is_some_and(Known::enabled))
            .map(|(webhook, delivery)| Candidate {
                event: event.clone(),
                webhook: *webhook,
                standing: standings.remove(delivery),
                attempts: 0,
            })
            .collect();
        let looked_at = u64::try_from(webhooks.len()).unwrap_or(u64::MAX);
        let handed_over = self.hand_over(replay.id, candidates).await?.count;
        Ok(Page {
            done: ReplayPageDone {
                cursor: webhooks.last().map(|id| id.as_uuid()),
                handed_over,
                skipped: looked_at - handed_over,
            },
            next: PageNext::more(more),
        })
    }
}
