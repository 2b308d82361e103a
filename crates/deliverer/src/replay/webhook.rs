use std::sync::Arc;

use posthorn_domain::{DeliveryId, DeliveryStatus, EventId, EventType, Webhook, WebhookId};
use posthorn_store::{HeldReplay, ReplayOnly, ReplayPageDone, ReplayRange, Standing};
use tracing::warn;

use super::{PAGE, Page, Replayer, Trouble, hand_over::Candidate, unreadable};
use crate::snapshot::Known;

/// Events that are looked at together: their types and deliveries, without payloads.
const EVENTS_LOOKED_AT: u32 = 500;

impl Replayer {
    /// The events of a range that one webhook wants, oldest first.
    pub(super) async fn webhook_page(
        &self,
        held: &HeldReplay,
        webhook: WebhookId,
        range: &ReplayRange,
    ) -> Result<Page, Trouble> {
        let replay = &held.replay;
        let moments = (range.since, range.until);
        let snapshot = self.webhooks.fresh().await;
        let webhook = match snapshot.known(webhook) {
            None => return Err(Trouble::Never("the webhook was deleted".to_owned())),
            Some(known) if !known.enabled() => {
                return Err(Trouble::Never("the webhook is disabled".to_owned()));
            }
            Some(Known::Unreadable(webhook)) => return Err(unreadable(webhook.id)),
            Some(Known::Readable(webhook)) => webhook,
        };
        if held.cursor.is_none()
            && let Some(total) = self.store.count_events(&replay.tenant, moments).await?
        {
            self.store.note_replay_total(replay.id, total).await?;
        }
        let after = held.cursor.map(EventId::from_uuid);
        let found = self
            .store
            .events_to_replay(&replay.tenant, after, moments, EVENTS_LOOKED_AT)
            .await?;
        let all_looked_at = found.len() < usize::try_from(EVENTS_LOOKED_AT).unwrap_or(0);

        let chosen = self.choose(webhook, range, &found).await?;
        // The page ends with its last delivery; what is behind that is looked at again.
        let full = chosen.len() == PAGE;
        let last = match chosen.last() {
            Some((event, _)) if full => Some(*event),
            _ => found.last().map(|(event, _)| *event),
        };
        let looked_at = found
            .iter()
            .take_while(|(event, _)| last.is_some_and(|last| *event <= last))
            .count();
        let candidates = self.candidates(held, webhook, chosen).await?;
        let handed_over = self.hand_over(replay.id, candidates).await?;
        let looked_at_all = u64::try_from(looked_at).unwrap_or(u64::MAX);
        Ok(Page {
            done: ReplayPageDone {
                cursor: last.map(EventId::as_uuid),
                handed_over,
                skipped: looked_at_all - handed_over,
            },
            more: !all_looked_at || looked_at < found.len(),
        })
    }

    /// At most a page of events, by their types and by how their deliveries stand.
    async fn choose(
        &self,
        webhook: &Webhook,
        range: &ReplayRange,
        found: &[(EventId, EventType)],
    ) -> Result<Vec<(EventId, Option<Standing>)>, Trouble> {
        let wanted: Vec<EventId> = found
            .iter()
            .filter(|(_, event_type)| wants(webhook, range, event_type))
            .map(|(event, _)| *event)
            .collect();
        let delivery = |event: EventId| DeliveryId::derive(event, webhook.id);
        let ids: Vec<DeliveryId> = wanted.iter().map(|event| delivery(*event)).collect();
        let mut standings = self.store.standings(&ids).await?;
        Ok(wanted
            .into_iter()
            .map(|event| (event, standings.remove(&delivery(event))))
            .filter(|(_, standing)| is_meant(range.only, standing.as_ref()))
            .take(PAGE)
            .collect())
    }

    /// The chosen events with their payloads, without those that the webhook's filter holds back.
    async fn candidates(
        &self,
        held: &HeldReplay,
        webhook: &Webhook,
        chosen: Vec<(EventId, Option<Standing>)>,
    ) -> Result<Vec<Candidate>, Trouble> {
        let ids: Vec<EventId> = chosen.iter().map(|(event, _)| *event).collect();
        let mut events = self.store.events_by_id(&held.replay.tenant, &ids).await?;
        let mut candidates = Vec::with_capacity(chosen.len());
        for (id, standing) in chosen {
            let Some(stored) = events.remove(&id) else {
                continue; // dropped by retention meanwhile
            };
            match webhook.settings.filter_passes(&stored.event, &mut None) {
                Ok(true) => candidates.push(Candidate {
                    event: Arc::new(stored.event),
                    webhook: webhook.id,
                    standing,
                    attempts: 0,
                }),
                Ok(false) => {}
                Err(error) => {
                    warn!(webhook.id = %webhook.id, event.id = %id, "Left event {id} out of a replay: {error}");
                }
            }
        }
        Ok(candidates)
    }
}

fn wants(webhook: &Webhook, range: &ReplayRange, event_type: &EventType) -> bool {
    webhook.settings.wants_type(event_type)
        && range
            .event_types
            .as_ref()
            .is_none_or(|patterns| patterns.iter().any(|pattern| pattern.matches(event_type)))
}

fn is_meant(only: ReplayOnly, standing: Option<&Standing>) -> bool {
    let status = standing.map(|standing| standing.delivery.status);
    match only {
        ReplayOnly::All => true,
        ReplayOnly::Undelivered => status != Some(DeliveryStatus::Success),
        ReplayOnly::Failed => status == Some(DeliveryStatus::Failed),
    }
}
