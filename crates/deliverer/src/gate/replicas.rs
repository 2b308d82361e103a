use std::{sync::Arc, time::Duration};

use posthorn_domain::{Webhook, WebhookId};
use posthorn_store::{OpenBreaker, SharedGate, Store, StoreError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::{Gate, State, Unsaid, lane_of, pass::probe_time_max};
use crate::shared_clock::SharedClock;

/// How soon a process learns what others found out about a receiver.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What replicas tell each other about receivers, by way of the database.
///
/// A process that opens or closes a breaker, or is asked for silence, acts on it at once and writes it down; the
/// others read it within a second. Whoever changed a row last is right. The right to probe is claimed in the
/// database, so normally one probe is under way for all replicas, and never more than one of each.
#[derive(Clone)]
pub(crate) struct Replicas {
    pub(crate) gate: Arc<Gate>,
    pub(crate) store: Store,
    pub(crate) clock: Arc<SharedClock>,
}

/// What is to be written of one webhook.
enum Saying {
    Shut(Option<OpenBreaker>, Option<Duration>),
    Closed,
    ProbeGivenUp,
}

impl Replicas {
    /// Works until told to stop, and then tells what is left.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut looked_at: Option<Instant> = None;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = looks.tick() => {
                    self.tell().await;
                    self.look(&mut looked_at).await;
                }
                () = self.gate.unsaid.notified() => self.tell().await,
            }
        }
        self.tell().await;
    }

    /// Asks for the right to probe; the answer is taken over. Without one, nobody probes.
    pub(crate) async fn may_probe(&self, webhook: &Webhook) -> bool {
        let at_most = probe_time_max(webhook);
        match self.store.claim_probe(webhook.id, at_most).await {
            // Nobody has heard of the opening, so nobody else probes.
            Ok(Err(None)) => true,
            Ok(Ok(ours)) => {
                self.gate.adopt(&ours);
                true
            }
            Ok(Err(Some(present))) => {
                self.gate.adopt(&present);
                false
            }
            Err(error) => {
                debug!("Probing later: {error}");
                false
            }
        }
    }

    async fn look(&self, looked_at: &mut Option<Instant>) {
        let now = Instant::now();
        let since = looked_at.map(|before| now - before);
        let asked = self.clock.own();
        match self.store.gate_changes(since).await {
            Ok(changes) => {
                *looked_at = Some(now);
                self.clock.heard(changes.now, asked);
                for shared in &changes.changed {
                    self.gate.adopt(shared);
                }
            }
            // The recorder, which has more to lose, says when the database is away.
            Err(error @ StoreError::Unavailable(_)) => debug!("Looking again later: {error}"),
            Err(error) => warn!("Could not read what other replicas know of receivers: {error}"),
        }
    }

    /// Tells everything that waits. What the database does not take now is told with the next round.
    async fn tell(&self) {
        for (webhook, unsaid) in self.gate.take_unsaid() {
            for saying in self.gate.sayings(webhook, unsaid) {
                let told = match saying {
                    Saying::Shut(open, silent) => self.store.shut_gate(webhook, open, silent).await,
                    Saying::Closed => self.store.close_breaker(webhook).await,
                    Saying::ProbeGivenUp => self.store.give_up_probe(webhook).await,
                };
                match told {
                    Ok(Some(shared)) => self.gate.adopt(&shared),
                    Ok(None) => {}
                    Err(error @ StoreError::Unavailable(_)) => {
                        debug!("Telling other replicas later: {error}");
                        self.gate.say_later(webhook, unsaid);
                        break;
                    }
                    Err(error) => {
                        warn!(webhook.id = %webhook, "Could not tell other replicas about the receiver of webhook {webhook}: {error}");
                    }
                }
            }
        }
    }
}

impl Gate {
    fn take_unsaid(&self) -> Vec<(WebhookId, Unsaid)> {
        self.lock().unsaid.drain().collect()
    }

    pub(super) fn say_later(&self, webhook: WebhookId, unsaid: Unsaid) {
        self.lock().unsaid.entry(webhook).or_default().and(unsaid);
    }

    fn sayings(&self, webhook: WebhookId, unsaid: Unsaid) -> Vec<Saying> {
        let now = Instant::now();
        let state = self.lock();
        let Some(lane) = state.lanes.get(&webhook) else {
            return Vec::new();
        };
        let mut sayings = Vec::new();
        let silent = (unsaid.silence && lane.silent_until > now).then(|| lane.silent_until - now);
        let opening = lane.breaker.opening();
        if unsaid.breaker && opening.is_none() {
            info!(webhook.id = %webhook, "The receiver of webhook {webhook} answers again: its breaker is closed");
            sayings.push(Saying::Closed);
        }
        let open = opening.filter(|_| unsaid.breaker).map(|opening| {
            let left = opening.until.saturating_duration_since(now.into_std());
            info!(
                webhook.id = %webhook,
                "The receiver of webhook {webhook} is down ({}): its breaker is open for {} s",
                opening.reason.as_str(),
                left.as_secs()
            );
            OpenBreaker {
                left,
                openings: opening.count,
                reason: opening.reason,
                probe_left: None,
            }
        });
        if open.is_some() || silent.is_some() {
            sayings.push(Saying::Shut(open, silent));
        }
        if unsaid.probe_given_up && opening.is_some() && open.is_none() {
            sayings.push(Saying::ProbeGivenUp);
        }
        sayings
    }

    /// Takes over what the database says, unless something newer is still to be told.
    pub(super) fn adopt(&self, shared: &SharedGate) {
        let now = Instant::now();
        let mut state = self.lock();
        let State {
            lanes,
            tenants,
            unsaid,
            ..
        } = &mut *state;
        if unsaid.contains_key(&shared.webhook) {
            return;
        }
        let breaker_on = self.breaker_failures.is_some();
        // A well receiver that nobody sends to needs no lane.
        let is_news = shared.open.is_some() || shared.silent.is_some();
        if is_news || lanes.contains_key(&shared.webhook) {
            let lane = lane_of(lanes, tenants, (shared.webhook, &shared.tenant), now);
            lane.adopt(shared, breaker_on, now);
        }
    }
}
