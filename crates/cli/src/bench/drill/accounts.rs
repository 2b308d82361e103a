//! What was accepted, beside what arrived and what was given up: webhook by webhook, event by event.

use std::collections::{BTreeMap, HashMap, HashSet};

use hdrhistogram::Histogram;
use posthorn_domain::EventId;
use serde_json::{Value, json};

use super::{
    letters,
    phases::Phases,
    publisher::{Accepted, Published},
    subscribers::Subscriber,
};
use crate::{
    bench::{
        api::Api,
        receiver::{Arrival, histogram},
    },
    show,
};

/// So many ids of lost events are told.
const LOST_SHOWN: usize = 20;

/// The accounts of all webhooks.
#[derive(Debug)]
pub(super) struct Accounts {
    accepted: Vec<Accepted>,
    webhooks: Vec<Account>,
}

/// The account of one.
#[derive(Debug, Default)]
struct Account {
    /// Dead letters, as far as they are known.
    dead: HashSet<EventId>,
    missing: Vec<EventId>,
}

impl Accounts {
    pub(super) fn new(published: &Published) -> Self {
        Self {
            accepted: published.accepted.clone(),
            webhooks: Vec::new(),
        }
    }

    /// Looks again; how many deliveries are neither made nor given up.
    pub(super) async fn look(&mut self, subscribers: &[Subscriber], api: &Api) -> u64 {
        self.webhooks
            .resize_with(subscribers.len(), Account::default);
        let mut missing = 0;
        for (subscriber, account) in subscribers.iter().zip(&mut self.webhooks) {
            let arrived: HashSet<_> = subscriber.route.journal().iter().map(|a| a.event).collect();
            account.missing = self
                .accepted
                .iter()
                .filter(|event| subscriber.wants(event.n))
                .map(|event| event.id)
                .filter(|id| !arrived.contains(id) && !account.dead.contains(id))
                .collect();
            if account.missing.is_empty() {
                continue;
            }
            match letters::of_webhook(api, &subscriber.webhook).await {
                Ok(dead) => account.dead = dead,
                Err(failure) => show::notice(&format!("dead letters: {failure}")),
            }
            let dead = &account.dead;
            account.missing.retain(|id| !dead.contains(id));
            missing += u64::try_from(account.missing.len()).unwrap_or(u64::MAX);
        }
        missing
    }

    pub(super) fn report(
        &self,
        published: &Published,
        subscribers: &[Subscriber],
        phases: &Phases,
    ) -> Value {
        let known: HashMap<_, _> = self
            .accepted
            .iter()
            .map(|event| (event.id, event))
            .collect();
        let mut figures: Vec<_> = phases.each().iter().map(|_| Figures::new()).collect();
        for event in &self.accepted {
            if let Some(of_phase) = figures.get_mut(phases.of(event.due_us)) {
                of_phase.accept(event);
            }
        }
        for refusal in &published.refusals {
            if let Some(of_phase) = figures.get_mut(phases.of(refusal.at_us)) {
                let kind = refusal
                    .status
                    .map_or("connection".to_owned(), |s| s.to_string());
                *of_phase.refusals.entry(kind).or_default() += 1;
            }
        }
        let webhooks: Vec<_> = subscribers
            .iter()
            .zip(&self.webhooks)
            .map(|(subscriber, account)| {
                let journal = subscriber.route.journal();
                let tally = arrivals(&journal, &known, phases, &mut figures);
                let wanted = self.accepted.iter().filter(|event| subscriber.wants(event.n));
                let lost: Vec<_> = account.missing.iter().take(LOST_SHOWN).collect();
                json!({
                    "name": subscriber.name, "id": subscriber.webhook, "accepted": wanted.count(),
                    "delivered": tally.delivered,
                    "dead": account.dead.iter().filter(|id| known.contains_key(*id) && !tally.seen.contains(*id)).count(),
                    "delivered_and_dead": account.dead.intersection(&tally.seen).count(),
                    "duplicates": tally.duplicates, "never_acknowledged": tally.unknown,
                    "lost": account.missing.len(), "lost_ids": lost,
                })
            })
            .collect();
        let phases: Vec<_> = phases
            .each()
            .iter()
            .zip(&figures)
            .map(|((name, from_us), figures)| figures.report(name, *from_us))
            .collect();
        let ids: HashSet<_> = self.accepted.iter().map(|event| event.id).collect();
        json!({"accounts": {
            "due": published.due, "accepted": self.accepted.len(), "given_up": published.given_up.len(),
            "accepted_ids": ids.len(), "webhooks": webhooks, "phases": phases,
        }})
    }
}

/// What one webhook's journal says.
#[derive(Default)]
struct Tally {
    seen: HashSet<EventId>,
    delivered: u64,
    duplicates: u64,
    /// Of events that were never acknowledged to the publisher, and stored all the same.
    unknown: u64,
}

fn arrivals(
    journal: &[Arrival],
    known: &HashMap<EventId, &Accepted>,
    phases: &Phases,
    figures: &mut [Figures],
) -> Tally {
    let mut tally = Tally::default();
    let mut last_in = HashMap::new();
    for arrival in journal {
        tally.seen.insert(arrival.event);
        let phase = phases.of(arrival.at_us);
        if let Some(since) = last_in.insert(arrival.event, phase) {
            tally.duplicates += 1;
            if let Some(of_phase) = figures.get_mut(phase) {
                *of_phase.repeats.entry(since).or_default() += 1;
            }
        } else if let Some(event) = known.get(&arrival.event) {
            tally.delivered += 1;
            if let Some(of_phase) = figures.get_mut(phases.of(event.due_us)) {
                let us = arrival.at_us.saturating_sub(event.due_us);
                // It grows as it needs to, so it takes any value.
                let _ = of_phase.deliver_us.record(us);
            }
        } else {
            tally.unknown += 1;
        }
    }
    tally
}

/// The figures of one phase.
struct Figures {
    accept_us: Histogram<u64>,
    deliver_us: Histogram<u64>,
    refusals: HashMap<String, u64>,
    /// Requests that repeat another, by the phase of that one: whatever made them repeat happened in between.
    repeats: BTreeMap<usize, u64>,
}

impl Figures {
    fn new() -> Self {
        Self {
            accept_us: histogram(),
            deliver_us: histogram(),
            refusals: HashMap::new(),
            repeats: BTreeMap::new(),
        }
    }

    fn accept(&mut self, event: &Accepted) {
        let _ = self
            .accept_us
            .record(event.at_us.saturating_sub(event.due_us));
    }

    fn report(&self, name: &str, from_us: u64) -> Value {
        let ms = |histogram: &Histogram<u64>| {
            let at = |quantile| histogram.value_at_quantile(quantile) / 100;
            // Tenths of a millisecond, as a decimal.
            let text = |tenths: u64| format!("{}.{}", tenths / 10, tenths % 10);
            json!({"p50": text(at(0.5)), "p99": text(at(0.99)), "max": text(at(1.0))})
        };
        let repeats: Vec<_> = self
            .repeats
            .iter()
            .map(|(since, count)| json!({"since": since, "count": count}))
            .collect();
        json!({
            "name": name, "from_ms": from_us / 1_000, "accepted": self.accept_us.len(),
            "refusals": self.refusals, "duplicates": self.repeats.values().sum::<u64>(), "repeats": repeats,
            "accept_ms": ms(&self.accept_us), "deliver_ms": ms(&self.deliver_us),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrival_is_the_first_or_repeats_one_of_a_phase_before_it() {
        let id = |n| EventId::from_stream_position(1_700_000_000_000_000_000, n);
        let event = Accepted {
            n: 0,
            id: id(0),
            due_us: 5,
            at_us: 6,
        };
        let known = HashMap::from([(event.id, &event)]);
        let mut phases = Phases::begin(0);
        phases.next("fault".to_owned(), 100);
        let mut figures = [Figures::new(), Figures::new()];
        let journal = [(0, 50), (0, 150), (1, 160), (0, 170)].map(|(n, at_us)| Arrival {
            event: id(n),
            at_us,
        });
        let tally = arrivals(&journal, &known, &phases, &mut figures);
        assert_eq!(
            (tally.delivered, tally.duplicates, tally.unknown),
            (1, 2, 1)
        );
        assert!(figures[0].repeats.is_empty());
        assert_eq!(figures[1].repeats, BTreeMap::from([(0, 1), (1, 1)]));
        assert_eq!(
            [figures[0].deliver_us.max(), figures[1].deliver_us.len()],
            [45, 0]
        );
    }
}
