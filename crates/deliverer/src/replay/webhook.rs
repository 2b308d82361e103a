use std::sync::Arc;

use posthorn_domain::{DeliveryId, DeliveryStatus, EventId, EventType, Webhook, WebhookId};
use posthorn_store::{HeldReplay, ReplayOnly, ReplayPageDone, ReplayRange, Standing};

use super::{
    PAGE, Page, PageNext, Replayer, Trouble, first_attempts::SettledThrough, hand_over::Candidate,
    unreadable,
};
use crate::snapshot::Known;

/// What a page hands over.
struct Chosen {
    candidates: Vec<Candidate>,
    /// The first event whose delivery may be under way without a record.
    under_way: Option<EventId>,
}

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

        // Asked before the records are read: what is settled by then has its record.
        let settled = self.settled_through(replay.id).await?;
        let chosen = self.choose(webhook, range, &found).await?;
        // The page ends with its last delivery; what is behind that is looked at again.
        let full = chosen.len() == PAGE;
        let mut last = match chosen.last() {
            Some((event, _)) if full => Some(*event),
            _ => found.last().map(|(event, _)| *event),
        };
        let Chosen {
            candidates,
            under_way,
        } = self.candidates(held, webhook, chosen, settled).await?;
        if let Some(under_way) = under_way {
            // Or before the first event that may be under way.
            let before = found.iter().rev().map(|(event, _)| *event);
            last = before.into_iter().find(|event| *event < under_way);
        }
        let looked_at = found
            .iter()
            .take_while(|(event, _)| last.is_some_and(|last| *event <= last))
            .count();
        let handed_over = self.hand_over(replay.id, candidates).await?.count;
        let looked_at_all = u64::try_from(looked_at).unwrap_or(u64::MAX);
        Ok(Page {
            done: ReplayPageDone {
                cursor: last.map(EventId::as_uuid),
                handed_over,
                skipped: looked_at_all - handed_over,
            },
            next: match under_way {
                Some(_) => PageNext::Waits,
                None => PageNext::more(!all_looked_at || looked_at < found.len()),
            },
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

    /// The chosen events with their payloads, without those that the webhook's filter holds back, up to the first that
    /// may be under way.
    async fn candidates(
        &self,
        held: &HeldReplay,
        webhook: &Webhook,
        chosen: Vec<(EventId, Option<Standing>)>,
        settled: SettledThrough,
    ) -> Result<Chosen, Trouble> {
        let ids: Vec<EventId> = chosen.iter().map(|(event, _)| *event).collect();
        let mut events = self.store.events_by_id(&held.replay.tenant, &ids).await?;
        let mut candidates = Vec::with_capacity(chosen.len());
        for (id, standing) in chosen {
            let Some(stored) = events.remove(&id) else {
                continue; // dropped by retention meanwhile
            };
            if standing.is_none() && settled.may_be_under_way(&stored) {
                let under_way = Some(id);
                return Ok(Chosen {
                    candidates,
                    under_way,
                });
            }
            match webhook.settings.filter_passes(&stored.event, &mut None) {
                Ok(true) => candidates.push(Candidate {
                    event: Arc::new(stored.event),
                    webhook: webhook.id,
                    standing,
                    attempts: 0,
                }),
                Ok(false) => {}
                Err(error) => self.webhooks.filter_failures.note(webhook.id, id, &error),
            }
        }
        Ok(Chosen {
            candidates,
            under_way: None,
        })
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
