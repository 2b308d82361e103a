//! Whether a webhook may be sent to now.
//!
//! The gate comes before the process's own slots, so a webhook that is slow, silent, limited or down holds none of
//! them while it waits: its deliveries are scheduled for the moment they may go. Where that is only milliseconds away,
//! because a receiver that answers quickly has its hands full, they wait in memory and are called.
//!
//! | reason | who decides | a delivery comes back |
//! | --- | --- | --- |
//! | `saturated` | this process: requests in flight | at its place in the webhook's line, which moves as fast as requests end |
//! | `share` | this process: slots and bytes that others need ([`share`]) | the same |
//! | `silent` | the receiver, by `Retry-After`; replicas tell each other | when the silence is over, at its place |
//! | `open` | the breaker ([`posthorn_domain::Breaker`]); replicas tell each other | when probes may go, at its place |
//! | `rate` | the database, for all replicas together ([`slots`]) | at the moment that was reserved for it |
//!
//! | module | one idea |
//! | --- | --- |
//! | `lane` | all that is known of one webhook's receiver |
//! | `waiting` | deliveries that wait in memory for a moment, to be called |
//! | `line` | where a delivery that cannot go now stands |
//! | `totals`, `share` | what is in flight altogether, and what one of many may hold of it |
//! | `pass` | one request that was let through, and what it found out |
//! | `slots` | moments reserved under a rate limit |
//! | `replicas` | what replicas tell each other, by way of the database |
//!
//! What a healthy webhook costs is one look under a lock before its request and one after it. The database is asked
//! only about webhooks with a rate limit, about breakers that are about to close, and once a second about what
//! others found out; while it is away nothing is delivered anyway.

mod lane;
mod line;
mod pass;
mod replicas;
mod share;
mod slots;
#[cfg(test)]
mod tests;
mod totals;
mod waiting;

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use posthorn_domain::{Passage, TenantId, Webhook, WebhookId};
use tokio::{
    sync::{Notify, oneshot},
    time::Instant,
};

use self::{
    lane::{Lane, TenantInFlight, in_flight_max},
    pass::probe_time_max,
    totals::Totals,
};
pub(crate) use self::{
    pass::Pass,
    replicas::Replicas,
    share::share,
    slots::{RateLimits, Reserved, put_off_for, still_counts, time_to},
    waiting::WAITED_MAX,
};

/// Webhooks that are looked through under one lock.
const PORTION: usize = 500;
/// While a probe is under way, others come back after this to see what it found out.
const PROBE_PATIENCE: Duration = Duration::from_secs(2);

/// Why a delivery was put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// So many requests to the webhook are in flight as may be.
    Saturated,
    /// Others need the slots that it would take.
    Share,
    /// The receiver asked to be left alone.
    Silent,
    /// The receiver is down.
    Open,
    /// Its moment under the webhook's rate limit is yet to come.
    Rate,
    /// Another replica attempts the same delivery: no business of the gate's.
    UnderWay,
    /// This process cannot read its webhook or its record. (Decided without the gate.)
    Unreadable,
    /// This process has no file descriptor, port or memory left to send with. (Found out behind the gate.)
    Exhausted,
}

impl Reason {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Saturated,
        Self::Share,
        Self::Silent,
        Self::Open,
        Self::Rate,
        Self::UnderWay,
        Self::Unreadable,
        Self::Exhausted,
    ];

    /// Its name in metrics.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Saturated => "saturated",
            Self::Share => "share",
            Self::Silent => "silent",
            Self::Open => "open",
            Self::Rate => "rate",
            Self::UnderWay => "under_way",
            Self::Unreadable => "unreadable",
            Self::Exhausted => "exhausted",
        }
    }
}

/// May this delivery go?
#[derive(Debug)]
pub(crate) enum Admission {
    /// Now; the pass is given back when the request has ended.
    Go(Pass),
    /// Now, to see how the receiver is, if no other replica does that already.
    Probe(Pass),
    /// Soon: it is worth waiting in memory to be called, for [`WAITED_MAX`] at most.
    Wait(oneshot::Receiver<()>),
    /// Not before this much time has passed.
    Later(Duration, Reason),
}

/// What a delivery asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    /// How often it was put off before.
    pub(crate) hop: u32,
    /// Its event's data, in bytes.
    pub(crate) bytes: usize,
    /// Whether a template makes its body, so that it weighs what the webhook's last one did.
    pub(crate) has_template: bool,
    /// Whether a moment was reserved for it under the webhook's rate limit.
    pub(crate) has_rate_slot: bool,
    /// Whether it may wait in memory.
    pub(crate) may_wait: bool,
    /// Whether it has waited in memory, so that it comes before those that still do.
    pub(crate) was_called: bool,
}

/// The state of all webhooks that this process sends to.
#[derive(Debug)]
pub(crate) struct Gate {
    state: Mutex<State>,
    slots: u64,
    /// So many failures in a row open a breaker; `None`: there are none.
    breaker_failures: Option<NonZeroU32>,
    /// Something is to be told to the other replicas.
    unsaid: Notify,
}

#[derive(Debug, Default)]
struct State {
    lanes: HashMap<WebhookId, Lane>,
    tenants: HashMap<TenantId, TenantInFlight>,
    totals: Totals,
    unsaid: HashMap<WebhookId, Unsaid>,
}

/// What is to be told of one webhook.
#[derive(Debug, Default, Clone, Copy)]
struct Unsaid {
    breaker: bool,
    silence: bool,
    probe_given_up: bool,
}

impl Gate {
    /// A gate before `slots` slots, with breakers that open after `breaker_failures` failures in a row (0: never).
    pub(crate) fn new(slots: usize, breaker_failures: u32) -> Self {
        Self {
            state: Mutex::default(),
            slots: u64::try_from(slots).unwrap_or(u64::MAX),
            breaker_failures: NonZeroU32::new(breaker_failures),
            unsaid: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a pass.
    pub(crate) fn admit(self: &Arc<Self>, webhook: &Webhook, demand: Demand) -> Admission {
        let now = Instant::now();
        let mut state = self.lock();
        let state = &mut *state;
        let bytes = u64::try_from(demand.bytes).unwrap_or(u64::MAX);
        let in_flight_max = in_flight_max(webhook);
        let lane = lane_of(
            &mut state.lanes,
            &mut state.tenants,
            (webhook.id, &webhook.tenant),
            now,
        );

        let bytes = if demand.has_template {
            bytes.max(lane.made_bytes)
        } else {
            bytes
        };
        let rested = lane.spacing_after_rest(in_flight_max);
        if lane.silent_until > now {
            let wait = lane.line.place(now, lane.silent_until, demand.hop, rested);
            return Admission::Later(wait, Reason::Silent);
        }
        let shut_until = match lane.breaker.passage(now.into_std()) {
            Passage::Free | Passage::Probe => None,
            Passage::Shut(until) => Some(Instant::from_std(until)),
            Passage::Probing(until) => Some(Instant::from_std(until).min(now + PROBE_PATIENCE)),
        };
        if let Some(until) = shut_until {
            let wait = lane.line.place(now, until, demand.hop, rested);
            return Admission::Later(wait, Reason::Open);
        }
        let several_tenants = state.tenants.len() > 1;
        let shares = state.totals.shares(lane, self.slots, several_tenants);
        let others_first = !demand.was_called && lane.in_flight > 0 && lane.waiting.is_anybody();
        let refused = if lane.in_flight >= in_flight_max || others_first {
            Some(Reason::Saturated)
        } else if shares.refuse(lane, bytes) {
            Some(Reason::Share)
        } else {
            None
        };
        if let Some(reason) = refused {
            let soon = lane.spacing_in_memory(in_flight_max, now);
            if demand.may_wait && lane.waiting.is_short(soon) {
                return Admission::Wait(lane.waiting.join());
            }
            let spacing = lane.spacing(in_flight_max, now);
            return Admission::Later(lane.line.place(now, now, demand.hop, spacing), reason);
        }
        let is_probe = lane.breaker.opening().is_some();
        if is_probe {
            let at_most = probe_time_max(webhook);
            lane.breaker.begin_probe(now.into_std(), at_most);
        } else if webhook.settings.rate_limit_per_second.is_some() && !demand.has_rate_slot {
            // It was not worth a moment when moments were reserved; next time it is.
            let wait = lane.line.place(now, now, demand.hop, Duration::ZERO);
            return Admission::Later(wait, Reason::Rate);
        }
        state.totals.begin(lane, bytes, now);
        let pass = Pass::new(self.clone(), webhook, bytes, now, is_probe);
        if is_probe {
            Admission::Probe(pass)
        } else {
            Admission::Go(pass)
        }
    }

    /// Whether whatever is sent to this webhook now would be put off for a while: by the breaker, or by the receiver.
    pub(crate) fn is_shut(&self, webhook: WebhookId) -> bool {
        let now = Instant::now();
        self.lock().lanes.get(&webhook).is_some_and(|lane| {
            let passage = lane.breaker.passage(now.into_std());
            lane.silent_until > now || matches!(passage, Passage::Shut(_) | Passage::Probing(_))
        })
    }

    /// Forgets webhooks that have nothing going on.
    pub(crate) fn sweep(&self) {
        let now = Instant::now();
        self.for_portions(|state, webhooks| {
            let State { lanes, unsaid, .. } = state;
            for id in webhooks {
                let is_idle = |lane: &Lane| !unsaid.contains_key(id) && lane.is_idle(now);
                if lanes.get(id).is_some_and(is_idle) {
                    lanes.remove(id);
                }
            }
        });
        let tenants = &mut self.lock().tenants;
        tenants.retain(|_, tenant| Arc::strong_count(tenant) > 1);
    }

    /// Does something for all webhooks, some at a time: whoever asks for a pass meanwhile waits no longer than for
    /// these.
    fn for_portions(&self, mut step: impl FnMut(&mut State, &[WebhookId])) {
        let all: Vec<WebhookId> = self.lock().lanes.keys().copied().collect();
        for portion in all.chunks(PORTION) {
            step(&mut self.lock(), portion);
        }
    }

    /// Requests in flight, of all webhooks.
    pub(crate) fn in_flight(&self) -> u64 {
        self.lock().totals.in_flight()
    }

    /// Webhooks whose breaker is open, and those whose breaker waits for a probe or for what it finds out.
    pub(crate) fn breakers(&self) -> (u64, u64) {
        let now = Instant::now().into_std();
        let (mut open, mut half_open) = (0, 0);
        self.for_portions(|state, webhooks| {
            for lane in webhooks.iter().filter_map(|id| state.lanes.get(id)) {
                match lane.breaker.passage(now) {
                    Passage::Free => {}
                    Passage::Shut(_) => open += 1,
                    Passage::Probe | Passage::Probing(_) => half_open += 1,
                }
            }
        });
        (open, half_open)
    }
}

fn lane_of<'a>(
    lanes: &'a mut HashMap<WebhookId, Lane>,
    tenants: &mut HashMap<TenantId, TenantInFlight>,
    (webhook, tenant): (WebhookId, &TenantId),
    now: Instant,
) -> &'a mut Lane {
    lanes.entry(webhook).or_insert_with(|| {
        // Not by `entry`, which would want a copy of the name each time.
        let in_flight = match tenants.get(tenant) {
            Some(in_flight) => in_flight.clone(),
            None => {
                let in_flight = TenantInFlight::default();
                tenants.insert(tenant.clone(), in_flight.clone());
                in_flight
            }
        };
        Lane::new(in_flight, now)
    })
}
