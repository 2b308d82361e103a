use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use posthorn_domain::{Clock as _, Sign};
use posthorn_store::SharedGate;
use posthorn_testkit::TestClock;

use super::*;
use crate::{shared_clock::SharedClock, tests_support::webhook};

const SECOND: Duration = Duration::from_secs(1);
const SLOTS: usize = 1_024;

/// A gate before slots.
struct Trial {
    gate: Arc<Gate>,
    rng: StdRng,
}

fn trial() -> Trial {
    Trial {
        gate: Arc::new(Gate::new(SLOTS, 20)),
        rng: StdRng::seed_from_u64(1),
    }
}

fn hook(number: u128, settings: &Value) -> Webhook {
    webhook(number, "a", settings)
}

impl Trial {
    fn ask(&self, webhook: &Webhook) -> Admission {
        self.ask_with(webhook, 100, 0)
    }

    fn ask_with(&self, webhook: &Webhook, bytes: usize, hop: u32) -> Admission {
        let demand = Demand {
            hop,
            bytes,
            has_template: false,
            has_rate_slot: false,
            may_wait: false,
            was_called: false,
        };
        self.gate.admit(webhook, demand)
    }

    #[track_caller]
    fn go(&self, webhook: &Webhook) -> Pass {
        match self.ask(webhook) {
            Admission::Go(pass) => pass,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn go_called(&self, webhook: &Webhook) -> Pass {
        let demand = Demand {
            hop: 0,
            bytes: 1,
            has_template: false,
            has_rate_slot: false,
            may_wait: false,
            was_called: true,
        };
        match self.gate.admit(webhook, demand) {
            Admission::Go(pass) => pass,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn later(&self, webhook: &Webhook, expected: Reason) -> Duration {
        match self.ask(webhook) {
            Admission::Later(wait, reason) if reason == expected => wait,
            other => panic!("{other:?}"),
        }
    }

    /// Passes for as many requests as may go, up to `most`.
    fn as_many_as_may(&self, webhook: &Webhook, most: usize) -> Vec<Pass> {
        let asked = (0..most).map_while(|_| match self.ask(webhook) {
            Admission::Go(pass) => Some(pass),
            _ => None,
        });
        asked.collect()
    }

    fn end(&mut self, pass: Pass, sign: Sign) {
        pass.end(sign, None, &mut self.rng);
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_webhook_puts_the_rest_off_to_places_of_their_own() {
    let it = trial();
    let full = hook(1, &json!({"max_in_flight": 2}));
    let passes = [it.go(&full), it.go(&full)];
    let waits: Vec<_> = (0..100)
        .map(|_| it.later(&full, Reason::Saturated))
        .collect();
    assert!(
        waits.is_sorted() && waits[99] > waits[0] + SECOND,
        "{waits:?}"
    );
    let _unhindered = it.go(&hook(2, &json!({})));
    drop(passes);
    let _free_again = it.go(&full);
}

#[tokio::test(start_paused = true)]
async fn the_line_of_a_receiver_that_does_not_answer_moves_ever_slower() {
    let it = trial();
    let hangs = hook(1, &json!({"max_in_flight": 1}));
    let _pass = it.go(&hangs);
    let step = |it: &Trial| {
        let first = it.later(&hangs, Reason::Saturated);
        it.later(&hangs, Reason::Saturated) - first
    };
    let at_first = step(&it);
    tokio::time::advance(20 * SECOND).await;
    assert!(at_first < SECOND && step(&it) >= 20 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_asks_for_silence_gets_it() {
    let mut it = trial();
    let webhook = hook(1, &json!({}));
    let pass = it.go(&webhook);
    pass.end(Sign::Alive, Some(60 * SECOND), &mut it.rng);
    it.gate.sweep();
    assert!(it.gate.is_shut(webhook.id));
    assert!(it.later(&webhook, Reason::Silent) >= 60 * SECOND);
    tokio::time::advance(61 * SECOND).await;
    let _after = it.go(&webhook);
}

/// As when its webhook gets a new URL.
#[tokio::test(start_paused = true)]
async fn nobody_waits_for_the_end_of_a_silence_that_was_lifted() {
    let it = trial();
    let webhook = hook(1, &json!({"max_in_flight": 1}));
    let told = |second: i64, silent| SharedGate {
        webhook: webhook.id,
        tenant: webhook.tenant.clone(),
        open: None,
        silent,
        changed_at: posthorn_domain::Timestamp::UNIX_EPOCH + chrono::TimeDelta::seconds(second),
    };
    it.gate.adopt(&told(1, Some(86_400 * SECOND)));
    assert!(it.later(&webhook, Reason::Silent) >= 86_400 * SECOND);
    it.gate.adopt(&told(2, None));
    let _pass = it.go(&webhook);
    let wait = it.later(&webhook, Reason::Saturated);
    assert!(wait < SECOND, "{wait:?}");
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_is_down_gets_one_probe_and_then_what_waited() {
    let mut it = trial();
    let webhook = hook(1, &json!({}));
    for _ in 0..20 {
        let pass = it.go(&webhook);
        tokio::time::advance(SECOND).await;
        it.end(pass, Sign::Down);
    }
    let waits: Vec<_> = (0..1_000)
        .map(|_| it.later(&webhook, Reason::Open))
        .collect();
    assert!(waits.is_sorted() && waits[0] > 8 * SECOND, "{waits:?}");
    assert!(waits[999] > waits[0] + 2 * SECOND, "not all at once");

    tokio::time::advance(waits[0]).await;
    let Admission::Probe(probe) = it.ask(&webhook) else {
        panic!("no probe")
    };
    for _ in 0..10 {
        it.later(&webhook, Reason::Open);
    }
    it.end(probe, Sign::Down);
    assert!(it.later(&webhook, Reason::Open) > 15 * SECOND);

    tokio::time::advance(25 * SECOND).await;
    let Admission::Probe(refused) = it.ask(&webhook) else {
        panic!("no probe")
    };
    refused.give_back();
    let Admission::Probe(probe) = it.ask(&webhook) else {
        panic!("no probe after one that did not go out")
    };
    it.end(probe, Sign::Alive);
    let _all = it.as_many_as_may(&webhook, 32);
    assert_eq!(it.gate.in_flight(), 32);
}

#[tokio::test(start_paused = true)]
async fn without_breakers_nothing_opens() {
    let mut it = Trial {
        gate: Arc::new(Gate::new(SLOTS, 0)),
        ..trial()
    };
    let webhook = hook(1, &json!({}));
    for _ in 0..100 {
        let pass = it.go(&webhook);
        tokio::time::advance(SECOND).await;
        it.end(pass, Sign::Down);
    }
}

#[tokio::test(start_paused = true)]
async fn webhooks_that_hang_leave_slots_for_the_others() {
    let it = trial();
    let hanging: Vec<_> = (0..100)
        .flat_map(|n| it.as_many_as_may(&hook(n, &json!({})), 32))
        .collect();
    assert!(hanging.len() < SLOTS - 50, "{} slots taken", hanging.len());
    assert!(hanging.len() > SLOTS / 2);
    let _healthy = it.go(&hook(1_000, &json!({})));
    it.later(&hook(99, &json!({})), Reason::Share);
}

#[tokio::test(start_paused = true)]
async fn one_tenants_flood_leaves_slots_for_the_others() {
    let it = trial();
    let _other = it.go(&webhook(1, "b", &json!({})));
    let flood: Vec<_> = (10..1_000)
        .flat_map(|n| it.as_many_as_may(&hook(n, &json!({})), 32))
        .collect();
    assert!(flood.len() <= SLOTS / 2, "{} slots taken", flood.len());
    let others: Vec<_> = (2_000..2_010)
        .flat_map(|n| it.as_many_as_may(&webhook(n, "b", &json!({})), 10))
        .collect();
    assert_eq!(others.len(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_alone_may_have_nearly_all() {
    let it = trial();
    let all: Vec<_> = (0..500)
        .flat_map(|n| it.as_many_as_may(&hook(n, &json!({})), 2))
        .collect();
    assert!(all.len() > SLOTS * 7 / 10, "{} slots taken", all.len());
}

#[tokio::test(start_paused = true)]
async fn large_events_of_receivers_that_hang_leave_room_for_the_others() {
    let it = trial();
    let mut hanging = Vec::new();
    for n in 0..50 {
        let webhook = hook(n, &json!({}));
        while let Admission::Go(pass) = it.ask_with(&webhook, 256 * 1024, 0) {
            hanging.push(pass);
        }
    }
    let mib = hanging.len() / 4;
    assert!((8..16 + 13).contains(&mib), "{mib} MiB in flight");
    let _healthy = it.go(&hook(1_000, &json!({})));
}

#[tokio::test(start_paused = true)]
async fn a_limited_webhook_is_sent_to_only_in_its_reserved_moments() {
    let it = trial();
    let limited = hook(1, &json!({"rate_limit_per_second": 10}));
    it.later(&limited, Reason::Rate);
    let demand = Demand {
        hop: 0,
        bytes: 1,
        has_template: false,
        has_rate_slot: true,
        may_wait: false,
        was_called: false,
    };
    assert!(matches!(it.gate.admit(&limited, demand), Admission::Go(_)));
}

#[test]
fn moments_are_those_of_the_databases_clock() {
    let ours: posthorn_domain::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let clock = SharedClock::new(Arc::new(TestClock::at(ours)));
    clock.heard(ours + chrono::TimeDelta::seconds(3_600), ours);
    let slot = |text: &str| format!("{text} 10").parse().unwrap();
    let now = clock.now();
    assert_eq!(time_to(slot("2026-01-01T01:00:05Z"), now), 5 * SECOND);
    assert_eq!(time_to(slot("2026-01-01T00:59:59Z"), now), Duration::ZERO);
    let limited = |settings| hook(1, &settings);
    let ten = limited(json!({"rate_limit_per_second": 10}));
    assert!(still_counts(slot("2026-01-01T00:59:59Z"), &ten, now));
    assert!(!still_counts(slot("2026-01-01T00:59:58Z"), &ten, now));
}

/// Whatever moment it waits for.
#[test]
fn a_limit_that_was_raised_or_removed_makes_nobody_wait_for_a_moment_of_the_old_one() {
    let now: posthorn_domain::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let slot = "2026-01-01T10:00:00Z 10".parse().unwrap();
    for (limit, counts) in [(json!(10), true), (json!(100), false), (Value::Null, false)] {
        let webhook = hook(1, &json!({"rate_limit_per_second": limit}));
        assert_eq!(still_counts(slot, &webhook, now), counts, "{limit}");
    }
    // So those that wait for one come back to see.
    let wait = time_to(slot, now);
    assert_eq!(put_off_for(wait, 0), 60 * SECOND);
    assert_eq!(put_off_for(wait, 100), 3_600 * SECOND);
    let soon = put_off_for(5 * SECOND, 0);
    assert!((4 * SECOND..5 * SECOND).contains(&soon), "{soon:?}");
}

#[tokio::test(start_paused = true)]
async fn idle_webhooks_are_forgotten() {
    let it = trial();
    let pass = it.go(&hook(1, &json!({})));
    it.gate.sweep();
    assert_eq!(it.gate.in_flight(), 1);
    drop(pass);
    it.gate.sweep();
    assert!(it.gate.lock().lanes.is_empty() && it.gate.lock().tenants.is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_finds_a_quick_receiver_full_waits_in_memory_and_is_called_in_turn() {
    let mut it = trial();
    let full = hook(1, &json!({"max_in_flight": 1}));
    let ask = |it: &Trial, was_called| {
        let demand = Demand {
            hop: 0,
            bytes: 1,
            has_template: false,
            has_rate_slot: false,
            may_wait: true,
            was_called,
        };
        it.gate.admit(&full, demand)
    };
    let wait = |it: &Trial| match ask(it, false) {
        Admission::Wait(turn) => turn,
        other => panic!("{other:?}"),
    };
    for _ in 0..20 {
        let quick = it.go(&full);
        it.end(quick, Sign::Alive);
    }
    let pass = it.go(&full);
    let (mut first, gone, mut second) = (wait(&it), wait(&it), wait(&it));
    assert!(first.try_recv().is_err());
    it.end(pass, Sign::Alive);
    assert!(first.try_recv().is_ok() && second.try_recv().is_err());
    let Admission::Go(pass) = ask(&it, true) else {
        panic!("called and not let through");
    };
    // Who comes now is behind who waits, and who does not wait any more is passed over.
    let _third = wait(&it);
    drop(gone);
    drop(pass);
    assert!(second.try_recv().is_ok());
    let Admission::Go(pass) = ask(&it, true) else {
        panic!("called and not let through");
    };

    // A receiver that is known to be slow is not worth waiting for.
    tokio::time::advance(10 * SECOND).await;
    it.end(pass, Sign::Alive);
    let _pass = it.go_called(&full);
    assert!(matches!(
        ask(&it, false),
        Admission::Later(_, Reason::Saturated)
    ));
}

#[tokio::test(start_paused = true)]
async fn what_a_template_makes_of_a_small_event_is_weighed() {
    let it = trial();
    let mut passes = Vec::new();
    let ask = |webhook: &Webhook| {
        let demand = Demand {
            hop: 0,
            bytes: 2,
            has_template: true,
            has_rate_slot: false,
            may_wait: false,
            was_called: false,
        };
        it.gate.admit(webhook, demand)
    };
    let greedy = hook(1, &json!({"max_in_flight": 1_000}));
    while let Admission::Go(mut pass) = ask(&greedy) {
        pass.weigh(900_000);
        passes.push(pass);
    }
    // Half of 16 MiB, and its part of the other half.
    assert!((9..=12).contains(&passes.len()), "{}", passes.len());
    let wait = passes.remove(0).put_off(&greedy, 0);
    assert!(wait > Duration::ZERO);
    // One without a template is weighed by its event, whatever the other one made.
    let _other = it.go(&hook(2, &json!({})));
    drop(passes);
    // What it has learnt stays: of two such bodies the second still counts for what the first was.
    assert!(matches!(ask(&greedy), Admission::Go(_)));
}

/// The first requests to a receiver are still open, so nothing is known of it but that.
#[tokio::test(start_paused = true)]
async fn a_receiver_that_has_not_answered_yet_soon_makes_nobody_wait_in_memory() {
    let it = trial();
    let new = hook(1, &json!({"max_in_flight": 32}));
    let ask = || {
        let demand = Demand {
            hop: 0,
            bytes: 1,
            has_template: false,
            has_rate_slot: false,
            may_wait: true,
            was_called: false,
        };
        it.gate.admit(&new, demand)
    };
    let _open: Vec<_> = (0..32).map(|_| it.go(&new)).collect();
    // A burst for one that answers at once is taken as it comes.
    let waiting: Vec<_> = (0..100).map(|_| ask()).collect();
    assert!(waiting.iter().all(|one| matches!(one, Admission::Wait(_))));
    tokio::time::advance(SECOND).await;
    let after: Vec<_> = (0..1_000).map(|_| ask()).collect();
    let waits = |one: &&Admission| matches!(one, Admission::Wait(_));
    assert_eq!(after.iter().filter(waits).count(), 0);
}
