//! What very many webhooks cost an event that few of them want, and one that all of them want.
//!
//! `cargo build --release --workspace --bins && cargo run --release -p posthorn-deliverer --example webhook_figures`
//! with the variables of `deploy/local/services env --instance test`. Arguments: how many webhooks want something
//! else (100000), and how many want one event together (10000). Prints, and judges nothing.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measuring tool that a developer watches"
)]

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use posthorn_bus::{Bus, BusConfig, OutgoingEvent};
use posthorn_domain::{
    Clock, Event, EventId, JsonText, SigningSecret, SystemClock, UrlPolicy, WebhookId, WebhookInput,
};
use posthorn_store::{NewWebhook, Store, StoreConfig};
use posthorn_testkit::{Receiver, Service, TestDatabase, TestNats, eventually};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use tokio::time::Instant;

const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const EVENTS: u64 = 5_000;
const CHANGES: u64 = 200;
/// Longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(600);

struct World {
    bus: Bus,
    store: Store,
    receiver: Receiver,
    deliverer: Service,
    rng: StdRng,
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse().unwrap());
    let irrelevant = arguments.next().unwrap_or(100_000);
    let wide = arguments.next().unwrap_or(10_000);
    let (nats, database) = (TestNats::start().await, TestDatabase::create().await);
    let mut world = World::start(&nats, &database).await;

    world.webhook("default", &["narrow.event"], "/narrow").await;
    world.publish("warm.up", "narrow.event", 500).await;
    world
        .publish("no other webhook", "narrow.event", EVENTS)
        .await;

    let begun = Instant::now();
    world.irrelevant(irrelevant).await;
    println!("created {irrelevant} webhooks in {:.1?}", begun.elapsed());
    let (begun, cpu) = (Instant::now(), world.cpu());
    world
        .publish("the first event after them", "narrow.event", 1)
        .await;
    println!(
        "  loaded in {:.1?}, {:.1?} of processor time",
        begun.elapsed(),
        world.cpu() - cpu
    );
    world
        .publish(&format!("{irrelevant} others"), "narrow.event", EVENTS)
        .await;
    world.changes().await;

    world.deliverer.restart().await;
    let (begun, cpu) = (Instant::now(), world.cpu());
    world
        .publish("the first event of a new process", "narrow.event", 1)
        .await;
    println!(
        "  started in {:.1?}, {:.1?} of processor time",
        begun.elapsed(),
        world.cpu() - cpu
    );

    world.wide(wide).await;
}

impl World {
    async fn start(nats: &TestNats, database: &TestDatabase) -> Self {
        let bus = Bus::connect(BusConfig {
            servers: vec![nats.url()],
            ..BusConfig::default()
        });
        let config = StoreConfig {
            database_url: database.url().into(),
            max_connections: 8,
            master_keys: MASTER_KEY.parse().unwrap(),
            url_policy: UrlPolicy::HttpAllowed,
        };
        Self {
            bus: bus.await.unwrap(),
            store: Store::open(config, Arc::new(SystemClock)).unwrap(),
            receiver: Receiver::start().await,
            deliverer: Service::deliverer()
                .env("POSTHORN_NATS_URL", nats.url())
                .env("POSTHORN_DATABASE_URL", database.url())
                .env("POSTHORN_MASTER_KEY", MASTER_KEY)
                .env("POSTHORN_ALLOW_HTTP", "true")
                .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8")
                .start()
                .await,
            rng: StdRng::seed_from_u64(1),
        }
    }

    fn new_webhook(&mut self, tenant: &str, event_types: &[&str], path: &str) -> NewWebhook {
        let input: WebhookInput = serde_json::from_value(json!({
            "name": "figures",
            "url": self.receiver.url_of(path),
            "event_types": event_types,
        }))
        .unwrap();
        NewWebhook {
            id: WebhookId::generate(&SystemClock, &mut self.rng),
            tenant: tenant.parse().unwrap(),
            settings: input.validate(UrlPolicy::HttpAllowed).unwrap(),
            input,
            secret: SigningSecret::generate(&mut self.rng),
            actor: "figures".to_owned(),
            made_after: None,
            webhooks_max: u32::MAX,
        }
    }

    async fn webhook(&mut self, tenant: &str, event_types: &[&str], path: &str) {
        let new = self.new_webhook(tenant, event_types, path);
        self.store.create_webhook(new, &mut self.rng).await.unwrap();
    }

    /// Half of them in the tenant of the event, with a thousand types; half in a thousand tenants, for everything.
    async fn irrelevant(&mut self, count: u64) {
        let new: Vec<_> = (0..count)
            .map(|n| match n % 2 {
                0 => {
                    let (exact, prefix) =
                        (format!("other{}.event", n % 1_000), format!("more{n}.*"));
                    self.new_webhook("default", &[&exact, &prefix], "/other")
                }
                _ => self.new_webhook(&format!("tenant{}", n % 1_000), &["*"], "/other"),
            })
            .collect();
        self.create(new).await;
    }

    async fn create(&self, new: Vec<NewWebhook>) {
        let created = stream::iter(new.into_iter().enumerate()).map(async |(n, new)| {
            let mut rng = StdRng::seed_from_u64(n as u64);
            self.store.create_webhook(new, &mut rng).await.unwrap();
        });
        created.buffer_unordered(8).for_each(async |()| {}).await;
    }

    /// Publishes events and waits until all have arrived.
    async fn publish(&mut self, what: &str, event_type: &str, count: u64) {
        self.receiver.clear();
        let events: Vec<_> = (0..count).map(|_| self.event(event_type)).collect();
        let (begun, cpu) = (Instant::now(), self.cpu());
        for events in events.chunks(500) {
            self.bus.publish_events(events).await.unwrap();
        }
        self.arrived(count).await;
        let each = (self.cpu() - cpu).as_secs_f64() * 1e6 / count as f64;
        println!(
            "{what}: {count} events in {:.1?}, {each:.0} µs of the deliverer's processor time each; resident {} MiB",
            begun.elapsed(),
            self.resident_mib()
        );
    }

    /// Each change of a webhook is followed by an event, so that it is taken in.
    async fn changes(&mut self) {
        let (begun, cpu) = (Instant::now(), self.cpu());
        for n in 0..CHANGES {
            self.receiver.clear();
            self.webhook("default", &[&format!("changed{n}.event")], "/other")
                .await;
            let event = self.event("narrow.event");
            self.bus.publish_event(&event).await.unwrap();
            self.arrived(1).await;
        }
        let each = |total: Duration| total.as_secs_f64() * 1e6 / CHANGES as f64;
        println!(
            "{CHANGES} times a new webhook and an event: {:.0} µs, {:.0} µs of the deliverer's processor time each",
            each(begun.elapsed()),
            each(self.cpu() - cpu)
        );
    }

    async fn wide(&mut self, count: u64) {
        let new =
            (0..count).map(|n| self.new_webhook("default", &["wide.event"], &format!("/wide/{n}")));
        let new: Vec<_> = new.collect();
        self.create(new).await;
        self.publish("(loading them)", "narrow.event", 1).await;
        self.receiver.clear();
        let (begun, cpu) = (Instant::now(), self.cpu());
        let event = self.event("wide.event");
        self.bus.publish_event(&event).await.unwrap();
        self.arrived(1).await;
        let first = begun.elapsed();
        let event = self.event("narrow.event");
        self.bus.publish_event(&event).await.unwrap();
        let published = Instant::now();
        let mut known = 0;
        eventually(DEADLINE, async || {
            let come = self.receiver.requests_after(known);
            known += come.len();
            if come.iter().any(|request| request.target == "/narrow") {
                Ok(())
            } else {
                Err(())
            }
        })
        .await;
        let narrow = published.elapsed();
        self.arrived(count + 1).await;
        println!(
            "one event for {count} webhooks: the first after {first:.1?}, all after {:.1?}, {:.0} µs of the deliverer's \
             processor time each; an event behind it took {narrow:.1?}; resident {} MiB",
            begun.elapsed(),
            (self.cpu() - cpu).as_secs_f64() * 1e6 / count as f64,
            self.resident_mib()
        );
    }

    fn event(&mut self, event_type: &str) -> OutgoingEvent {
        let event = Event {
            id: EventId::generate(&SystemClock, &mut self.rng),
            tenant: "default".parse().unwrap(),
            event_type: event_type.parse().unwrap(),
            timestamp: SystemClock.now(),
            data: JsonText::parse("{\"n\":1}".into()).unwrap(),
            cloud_event: None,
            trace: None,
        };
        OutgoingEvent {
            request_id: None,
            event,
            idempotency_key: None,
        }
    }

    async fn arrived(&self, count: u64) {
        eventually(DEADLINE, async || {
            let arrived = self.receiver.count() as u64;
            if arrived >= count {
                Ok(())
            } else {
                Err(arrived)
            }
        })
        .await;
    }

    /// Processor time of the deliverer so far.
    fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.deliverer.id())).unwrap();
        let fields: Vec<_> = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        let ticks: u64 = fields[11..13]
            .iter()
            .map(|field| field.parse::<u64>().unwrap())
            .sum();
        Duration::from_millis(ticks * 10)
    }

    fn resident_mib(&self) -> u64 {
        let statm =
            std::fs::read_to_string(format!("/proc/{}/statm", self.deliverer.id())).unwrap();
        statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4 / 1024
    }
}
