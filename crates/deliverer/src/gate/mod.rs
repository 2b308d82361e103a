//! Whether a webhook may be sent to now.
//!
//! The gate comes before the process's own slots, so a webhook that is slow, throttled or limited holds
//! none of them while it waits: its deliveries are scheduled for the moment they may go. That moment is
//! *reserved*: each deferred delivery moves the webhook's next free place forward, so a backlog of n costs
//! about n schedules and does not come back all at once.
//!
//! Bounds are kept for each process. `rate_limit_per_second` is paced here by each replica on its own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use posthorn_domain::{Webhook, WebhookId};
use tokio::time::Instant;

/// Requests in flight for one webhook in one process, unless it says otherwise.
const IN_FLIGHT_DEFAULT: u32 = 32;
/// What a webhook's answers are assumed to take before the first has come.
const RESPONSE_TIME_ASSUMED: Duration = Duration::from_millis(100);
/// A deferral is at least this long, so that a hand-over is worth its messages.
const DEFERRAL_MIN: Duration = Duration::from_millis(50);
/// A saturated webhook's delivery comes back after this at the latest, to see whether its receiver has
/// recovered: what it took so far says little about an hour from now.
const DEFERRAL_MAX: Duration = Duration::from_secs(60);
/// How much of the average each new answer time makes up: one part in this many.
const AVERAGE_OVER: u32 = 8;

/// May this delivery go?
#[derive(Debug)]
pub(crate) enum Admission {
    /// Now; the pass is given back when the request has ended.
    Go(Pass),
    /// Not before this much time has passed.
    Later(Duration),
}

/// The state of all webhooks that this process sends to.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    webhooks: Mutex<HashMap<WebhookId, Lane>>,
}

#[derive(Debug)]
struct Lane {
    in_flight: u32,
    response_time: Duration,
    /// When the next deferred delivery may go.
    next_place: Instant,
    /// When the rate limit allows the next request.
    next_by_rate: Instant,
    /// The receiver asked for silence until then.
    silent_until: Instant,
}

impl Lane {
    fn new(now: Instant) -> Self {
        Self {
            in_flight: 0,
            response_time: RESPONSE_TIME_ASSUMED,
            next_place: now,
            next_by_rate: now,
            silent_until: now,
        }
    }

    /// A lane that would be made anew in the same state.
    fn is_idle(&self, now: Instant) -> bool {
        self.in_flight == 0
            && self.next_place <= now
            && self.next_by_rate <= now
            && self.silent_until <= now
    }
}

/// Permission for one request. Dropping it gives the place back and notes how long the request took.
#[derive(Debug)]
pub(crate) struct Pass {
    gate: Arc<Gate>,
    webhook: WebhookId,
    since: Instant,
}

impl Gate {
    fn lanes(&self) -> MutexGuard<'_, HashMap<WebhookId, Lane>> {
        self.webhooks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a pass. `reserved` deliveries were deferred before and come in the place they were given.
    pub(crate) fn admit(self: &Arc<Self>, webhook: &Webhook, reserved: bool) -> Admission {
        let now = Instant::now();
        let mut lanes = self.lanes();
        let lane = lanes.entry(webhook.id).or_insert_with(|| Lane::new(now));
        let in_flight_max = webhook
            .settings
            .max_in_flight
            .map_or(IN_FLIGHT_DEFAULT, std::num::NonZeroU32::get);

        if lane.silent_until > now || lane.in_flight >= in_flight_max {
            let latest = lane.silent_until.max(now + DEFERRAL_MAX);
            let place = lane
                .next_place
                .max(lane.silent_until)
                .max(now + DEFERRAL_MIN);
            let place = place.min(latest);
            lane.next_place = place + lane.response_time / in_flight_max;
            return Admission::Later(place - now);
        }
        if let Some(rate) = webhook.settings.rate_limit_per_second
            && !reserved
        {
            let place = lane.next_by_rate.max(now);
            lane.next_by_rate = place + Duration::from_secs(1) / rate.get();
            if place > now {
                return Admission::Later((place - now).max(DEFERRAL_MIN));
            }
        }
        lane.in_flight += 1;
        Admission::Go(Pass {
            gate: self.clone(),
            webhook: webhook.id,
            since: now,
        })
    }

    /// The receiver asked every sender to slow down.
    pub(crate) fn silence(&self, webhook: WebhookId, asked: Duration) {
        let until = Instant::now() + asked;
        if let Some(lane) = self.lanes().get_mut(&webhook) {
            lane.silent_until = lane.silent_until.max(until);
        }
    }

    /// Forgets webhooks that have nothing going on.
    pub(crate) fn sweep(&self) {
        let now = Instant::now();
        self.lanes().retain(|_, lane| !lane.is_idle(now));
    }

    /// Requests in flight, of all webhooks.
    pub(crate) fn in_flight(&self) -> u64 {
        self.lanes()
            .values()
            .map(|lane| u64::from(lane.in_flight))
            .sum()
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        if let Some(lane) = self.gate.lanes().get_mut(&self.webhook) {
            lane.in_flight = lane.in_flight.saturating_sub(1);
            lane.response_time = (lane.response_time * (AVERAGE_OVER - 1) + took) / AVERAGE_OVER;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests_support::webhook;

    fn go(gate: &Arc<Gate>, webhook: &Webhook) -> Pass {
        match gate.admit(webhook, false) {
            Admission::Go(pass) => pass,
            Admission::Later(delay) => panic!("put off by {delay:?}"),
        }
    }

    fn later(gate: &Arc<Gate>, webhook: &Webhook) -> Duration {
        match gate.admit(webhook, false) {
            Admission::Go(_) => panic!("let through"),
            Admission::Later(delay) => delay,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_webhook_puts_the_rest_off_to_places_of_their_own() {
        let gate = Arc::new(Gate::default());
        let (full, other) = (
            webhook(1, "a", &json!({"max_in_flight": 2})),
            webhook(2, "a", &json!({})),
        );
        let passes = [go(&gate, &full), go(&gate, &full)];
        let delays: Vec<_> = (0..100).map(|_| later(&gate, &full)).collect();
        assert!(
            delays.is_sorted() && delays[99] > delays[0] + Duration::from_secs(1),
            "{delays:?}"
        );
        let _unhindered = go(&gate, &other);
        drop(passes);
        let _free_again = go(&gate, &full);
    }

    #[tokio::test(start_paused = true)]
    async fn a_backlog_comes_back_within_a_minute_however_slow_the_receiver_was() {
        let gate = Arc::new(Gate::default());
        let slow = webhook(1, "a", &json!({"max_in_flight": 1}));
        let pass = go(&gate, &slow);
        tokio::time::advance(Duration::from_secs(120)).await;
        drop(pass);
        let _still_slow = go(&gate, &slow);
        let delays: Vec<_> = (0..100).map(|_| later(&gate, &slow)).collect();
        assert!(
            delays.iter().all(|delay| *delay <= DEFERRAL_MAX),
            "{delays:?}"
        );
        assert!(delays[10] > delays[0], "{delays:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_receiver_that_asks_for_silence_gets_it() {
        let gate = Arc::new(Gate::default());
        let webhook = webhook(1, "a", &json!({}));
        let pass = go(&gate, &webhook);
        gate.silence(webhook.id, Duration::from_secs(60));
        drop(pass);
        gate.sweep();
        assert!(later(&gate, &webhook) >= Duration::from_secs(60));
        tokio::time::advance(Duration::from_secs(61)).await;
        let _after = go(&gate, &webhook);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_limit_gives_each_request_its_own_moment() {
        let gate = Arc::new(Gate::default());
        let webhook = webhook(1, "a", &json!({"rate_limit_per_second": 10}));
        let _first = go(&gate, &webhook);
        let delays: Vec<_> = (0..10)
            .map(|_| later(&gate, &webhook).as_millis())
            .collect();
        assert_eq!(delays, [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
        // It comes in its place, and is not sent to the end of the line again.
        tokio::time::advance(Duration::from_millis(100)).await;
        assert!(matches!(gate.admit(&webhook, true), Admission::Go(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn idle_webhooks_are_forgotten() {
        let gate = Arc::new(Gate::default());
        let pass = go(&gate, &webhook(1, "a", &json!({})));
        gate.sweep();
        assert_eq!(gate.in_flight(), 1);
        drop(pass);
        gate.sweep();
        assert!(gate.lanes().is_empty());
    }
}
