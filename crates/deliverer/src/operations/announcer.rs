use std::sync::Arc;

use posthorn_bus::{Accepted, Bus, DeadLetter, PublishError};
use posthorn_domain::{
    AttemptFacts, Clock, DeliveryId, DisabledReason, Event, EventId, OperationalEvent, TenantId,
    Timestamp, Webhook,
};
use posthorn_service::randomness::SharedRng;
use posthorn_store::{Store, StoreError};
use tracing::{info, warn};

use crate::{patience::Patience, refresh::Webhooks};

/// Publishes operational events, and disables webhooks.
pub(crate) struct Announcer {
    pub(crate) bus: Bus,
    pub(crate) store: Store,
    /// Where names come from.
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<SharedRng>,
}

/// That a delivery failed for good, ready to be published.
pub(crate) struct Exhausted {
    event: Event,
    /// Saying it again has no effect within the window of duplicates.
    occurrence: String,
}

impl Exhausted {
    pub(crate) async fn publish(
        &self,
        bus: &Bus,
        now: Timestamp,
    ) -> Result<Accepted, PublishError> {
        bus.publish_operational(&self.event, &self.occurrence, now)
            .await
    }
}

impl Announcer {
    /// The event to publish.
    pub(crate) fn event(&self, tenant: &TenantId, happened: OperationalEvent) -> Event {
        let id = self.rng.with(|rng| EventId::generate(&*self.clock, rng));
        happened.into_event(id, tenant.clone(), self.clock.now())
    }

    /// What is to be said of a delivery that failed for good; nothing of what is not announced.
    pub(crate) fn exhausted(&self, letter: &DeadLetter) -> Option<Exhausted> {
        let (event, facts) = self.ended_as(letter)?;
        Some(Exhausted {
            occurrence: format!("exhausted.{}.{}", facts.delivery_id, facts.attempt_count),
            event: self.event(&event.tenant, OperationalEvent::DeliveryExhausted(facts)),
        })
    }

    /// Disables the webhook whose endpoint said that it is gone.
    pub(crate) async fn disable_gone(&self, webhook: &Webhook, letter: &DeadLetter) {
        let announcement = self.ended_as(letter).map(|(event, attempt)| {
            let disabled = OperationalEvent::WebhookDisabled {
                attempt,
                reason: DisabledReason::Gone,
                failing_since: None,
            };
            self.event(&event.tenant, disabled)
        });
        self.disable(webhook, DisabledReason::Gone, announcement)
            .await;
    }

    /// Disables a webhook, however long the database is away. If somebody else did, or if it has another URL by now,
    /// nothing happens: what was found out is about the URL that `webhook` had when it was sent to.
    pub(crate) async fn disable(
        &self,
        webhook: &Webhook,
        reason: DisabledReason,
        announcement: Option<Event>,
    ) {
        let url = &webhook.settings.url;
        let webhook = webhook.id;
        let mut patience = Patience::new(&self.rng);
        loop {
            let disabled =
                self.store
                    .disable_webhook_for(webhook, url, reason, announcement.as_ref());
            match disabled.await {
                Ok(true) => {
                    info!(webhook.id = %webhook, "Disabled webhook {webhook}: {reason}");
                    break;
                }
                Ok(false) => return,
                Err(error @ StoreError::Unavailable(_)) => {
                    let why = format!("Waiting to disable webhook {webhook}: {error}");
                    patience.wait_out(&why).await;
                }
                Err(error) => {
                    return warn!(webhook.id = %webhook, "Could not disable webhook {webhook}: {error}");
                }
            }
        }
        if let Some(event) = announcement {
            self.publish_kept(&[event]).await;
        }
    }

    /// Publishes announcements that the database keeps. They are forgotten when they are stored, or larger than NATS
    /// takes; what cannot be published now is left there for the next round.
    pub(crate) async fn publish_kept(&self, events: &[Event]) {
        for event in events {
            match self
                .bus
                .publish_operational(event, &event.id.to_string(), self.clock.now())
                .await
            {
                Ok(_) => {}
                Err(error @ PublishError::TooLarge) => {
                    warn!(event.id = %event.id, "Could not announce {} in tenant {}: {error}", event.event_type, event.tenant);
                }
                Err(error @ (PublishError::Unavailable(_) | PublishError::Refused(_))) => {
                    return warn!("Leaving an announcement to the next round: {error}");
                }
            }
            // Published again if this fails, under the same id.
            if let Err(error) = self.store.forget_announcement(event.id).await {
                return warn!("Leaving an announcement to the next round: {error}");
            }
        }
    }

    /// The event of a dead letter and how it ended. `None` for what is not to be announced: a message that was no
    /// event, a delivery of an operational event, and one whose webhook is deleted.
    fn ended_as<'a>(&self, letter: &'a DeadLetter) -> Option<(&'a Event, AttemptFacts)> {
        let DeadLetter::Delivery {
            event,
            webhook,
            attempts,
            last_status,
            reason,
            ..
        } = letter
        else {
            return None;
        };
        if event.is_operational() {
            return None;
        }
        let facts = AttemptFacts {
            webhook_id: *webhook,
            webhook_name: self.webhooks.name(*webhook)?,
            delivery_id: DeliveryId::derive(event.id, *webhook),
            event_id: event.id,
            event_type: event.event_type.clone(),
            attempt_count: *attempts,
            status_code: *last_status,
            error_message: Some(reason.clone()),
        };
        Some((event, facts))
    }
}
