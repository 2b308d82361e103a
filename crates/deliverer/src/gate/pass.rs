use std::{sync::Arc, time::Duration};

use posthorn_domain::{Sign, Webhook, WebhookId};
use rand::Rng;
use tokio::time::Instant;

use super::{Gate, State, Unsaid, lane::in_flight_max};

/// What a probe may take beyond the webhook's timeout before another replica takes its place.
const PROBE_GRACE: Duration = Duration::from_secs(5);
/// A delivery whose webhook the gate has forgotten comes back after this.
const PUT_OFF_MIN: Duration = Duration::from_secs(1);
/// A silence is told to the other replicas when they know so much less of it.
const SILENCE_WORTH_TELLING: Duration = Duration::from_secs(1);

/// How long a probe is given before it is thought lost.
pub(crate) fn probe_time_max(webhook: &Webhook) -> Duration {
    webhook.settings.timeout + PROBE_GRACE
}

/// Permission for one request. Dropping it gives the place back.
#[derive(Debug)]
pub(crate) struct Pass {
    gate: Arc<Gate>,
    webhook: WebhookId,
    bytes: u64,
    since: Instant,
    is_probe: bool,
    /// Whether its place was given back.
    ended: bool,
}

impl Pass {
    pub(super) fn new(
        gate: Arc<Gate>,
        webhook: &Webhook,
        bytes: u64,
        since: Instant,
        is_probe: bool,
    ) -> Self {
        Self {
            gate,
            webhook: webhook.id,
            bytes,
            since,
            is_probe,
            ended: false,
        }
    }

    /// The request has ended: what it says of the receiver, and how long that asked to be left alone.
    pub(crate) fn end(mut self, sign: Sign, silence: Option<Duration>, rng: &mut impl Rng) {
        self.ended = true;
        let now = Instant::now();
        let mut state = self.gate.lock();
        let State {
            lanes,
            totals,
            unsaid: to_tell,
            ..
        } = &mut *state;
        let Some(lane) = lanes.get_mut(&self.webhook) else {
            return;
        };
        totals.end(lane, self.bytes);
        lane.took(now - self.since, sign == Sign::Alive, now);
        let mut unsaid = Unsaid::default();
        if let Some(failures_max) = self.gate.breaker_failures {
            let span = (self.since.into_std(), now.into_std());
            unsaid.breaker = lane
                .breaker
                .note(sign, self.is_probe, failures_max, span, rng);
            unsaid.probe_given_up = self.is_probe && !unsaid.breaker;
        }
        if let Some(asked) = silence {
            lane.silent_until = lane.silent_until.max(now + asked);
            if lane.silent_until >= lane.silent_said + SILENCE_WORTH_TELLING {
                lane.silent_said = lane.silent_until;
                unsaid.silence = true;
            }
        }
        if unsaid.breaker || unsaid.silence || unsaid.probe_given_up {
            to_tell.entry(self.webhook).or_default().and(unsaid);
            drop(state);
            self.gate.unsaid.notify_one();
        }
    }

    /// A template made the request's body, which weighs so much: so will, more or less, the next one.
    pub(crate) fn weigh(&mut self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let State { lanes, totals, .. } = &mut *self.gate.lock();
        if let Some(lane) = lanes.get_mut(&self.webhook) {
            lane.made_bytes = bytes;
            totals.weigh(lane, self.bytes, bytes);
            self.bytes = bytes;
        }
    }

    /// The request cannot be made for want of memory; how long its delivery waits that was put off `hop` times before.
    pub(crate) fn put_off(self, webhook: &Webhook, hop: u32) -> Duration {
        let now = Instant::now();
        let wait = self.gate.lock().lanes.get_mut(&self.webhook).map(|lane| {
            let spacing = lane.spacing(in_flight_max(webhook), now);
            lane.line.place(now, now, hop, spacing)
        });
        if self.is_probe {
            self.gate.say_later(
                self.webhook,
                Unsaid {
                    probe_given_up: true,
                    ..Unsaid::default()
                },
            );
            self.gate.unsaid.notify_one();
        }
        self.give_back();
        wait.unwrap_or(PUT_OFF_MIN)
    }

    /// The request was not made: another replica probes, or nobody knows.
    pub(crate) fn give_back(self) {
        if self.is_probe
            && let Some(lane) = self.gate.lock().lanes.get_mut(&self.webhook)
        {
            lane.breaker.end_probe();
        }
    }
}

impl Unsaid {
    pub(super) fn and(&mut self, other: Self) {
        self.breaker |= other.breaker;
        self.silence |= other.silence;
        self.probe_given_up |= other.probe_given_up;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let State { lanes, totals, .. } = &mut *self.gate.lock();
        if let Some(lane) = lanes.get_mut(&self.webhook) {
            totals.end(lane, self.bytes);
        }
    }
}
