use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use posthorn_domain::{
    AuthInput, Clock, DeliveryId, DeliveryStatus, Event, EventId, JsonText, Phases, PlainFormat,
    SigningSecret, TenantId, UrlPolicy, Webhook, WebhookId, WebhookInput,
};
use posthorn_store::{
    AttemptRecord, DeliveryRecord, EventRecord, MasterKeys, NewWebhook, Page, Store, StoreConfig,
};
use posthorn_testkit::{TestClock, TestDatabase};
use rand::{SeedableRng, rngs::StdRng};
use sqlx::{Connection, PgConnection};

pub(crate) const NOW: &str = "2026-03-10T12:00:00Z";
pub(crate) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A store with a database of its own.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) rng: StdRng,
    pub(crate) database: TestDatabase,
    events: u64,
}

pub(crate) fn config(url: &str, keys: &str) -> StoreConfig {
    StoreConfig {
        database_url: url.into(),
        max_connections: 8,
        master_keys: keys.parse::<MasterKeys>().unwrap(),
        url_policy: UrlPolicy::HttpsOnly,
    }
}

impl World {
    /// An empty database.
    pub(crate) async fn empty() -> Self {
        Self::on(TestDatabase::create().await)
    }

    fn on(database: TestDatabase) -> Self {
        let clock = Arc::new(TestClock::at(NOW.parse().unwrap()));
        Self {
            store: Store::open(config(&database.url(), KEY), clock.clone()).unwrap(),
            clock,
            rng: StdRng::seed_from_u64(7),
            database,
            events: 0,
        }
    }

    /// A migrated database.
    pub(crate) async fn new() -> Self {
        let world = Self::on(TestDatabase::migrated().await);
        // The partitions of the test's own time.
        world.store.migrate().await.unwrap();
        world
    }

    /// Another store on the same database, as a second replica would have.
    pub(crate) fn replica(&self, keys: &str) -> Store {
        Store::open(config(&self.database.url(), keys), self.clock.clone()).unwrap()
    }

    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect(&self.database.url()).await.unwrap()
    }

    pub(crate) async fn count(&self, query: &str) -> i64 {
        self.database.number(query).await
    }

    pub(crate) fn new_webhook(&mut self, tenant: &str, extra: &str) -> NewWebhook {
        let input = input(extra);
        NewWebhook {
            id: WebhookId::generate(&*self.clock, &mut self.rng),
            tenant: tenant.parse().unwrap(),
            settings: input.validate(UrlPolicy::HttpAllowed).unwrap(),
            input,
            secret: SigningSecret::generate(&mut self.rng),
            actor: "ada".to_owned(),
            made_after: None,
            webhooks_max: 1_000,
        }
    }

    pub(crate) async fn webhook(&mut self, tenant: &str, extra: &str) -> Webhook {
        self.clock.advance(Duration::from_millis(1));
        let new = self.new_webhook(tenant, extra);
        self.store.create_webhook(new, &mut self.rng).await.unwrap()
    }

    /// An event of now.
    pub(crate) fn event(&mut self, tenant: &str, event_type: &str) -> EventRecord {
        self.events += 1;
        let now = self.clock.now();
        let ns = u64::try_from(now.timestamp_nanos_opt().unwrap()).unwrap();
        EventRecord {
            event: Arc::new(Event {
                id: EventId::from_stream_position(ns, self.events),
                tenant: tenant.parse().unwrap(),
                event_type: event_type.parse().unwrap(),
                timestamp: now,
                data: JsonText::parse(Bytes::from_static(b"{\"n\": 0.10}")).unwrap(),
                cloud_event: None,
                trace: None,
            }),
            accepted_at: now,
            stream_sequence: self.events,
        }
    }
}

pub(crate) fn input(extra: &str) -> WebhookInput {
    let mut document =
        serde_json::json!({"name": "n", "url": "https://example.com/", "event_types": ["*"]});
    let extra: serde_json::Map<String, serde_json::Value> = serde_json::from_str(extra).unwrap();
    document.as_object_mut().unwrap().extend(extra);
    serde_json::from_value(document).unwrap()
}

/// The first page of a list.
pub(crate) fn first<Id>(limit: u32) -> Page<Id> {
    Page {
        limit,
        offset: 0,
        before: None,
    }
}

pub(crate) fn tenant(name: &str) -> TenantId {
    name.parse().unwrap()
}

pub(crate) fn bearer(token: &str) -> AuthInput {
    AuthInput::Bearer {
        token: Some(token.to_owned()),
    }
}

/// A delivery in the given state.
pub(crate) fn delivery(
    event: &Event,
    webhook: WebhookId,
    attempt_count: u32,
    status: DeliveryStatus,
) -> DeliveryRecord {
    let at = event.timestamp;
    DeliveryRecord {
        id: DeliveryId::derive(event.id, webhook),
        tenant: event.tenant.clone(),
        webhook,
        event: event.id,
        event_type: event.event_type.clone(),
        status,
        status_code: (attempt_count > 0).then_some(if status == DeliveryStatus::Success {
            204
        } else {
            503
        }),
        response_time_ms: (attempt_count > 0).then_some(12),
        failure: None,
        error_message: (status == DeliveryStatus::Retrying)
            .then(|| "503 Service Unavailable".to_owned()),
        attempt_count,
        run_start: 0,
        next_retry_at: (status == DeliveryStatus::Retrying).then(|| at + Duration::from_secs(10)),
        created_at: at,
        delivered_at: (status == DeliveryStatus::Success).then_some(at),
    }
}

/// The attempt of that number.
pub(crate) fn attempt(delivery: &DeliveryRecord, number: u32) -> AttemptRecord {
    AttemptRecord {
        delivery: delivery.id,
        number,
        started_at: delivery.created_at + Duration::from_secs(number.into()),
        status_code: delivery.status_code,
        response_time_ms: delivery.response_time_ms,
        phases: Phases {
            dns: None,
            connect: Some(Duration::from_micros(120)),
            tls: Some(Duration::from_micros(4_501)),
            first_byte: Some(Duration::from_micros(u64::from(number) * 1_000_000)),
        },
        failure: delivery.failure.clone(),
        error_message: delivery.error_message.clone(),
        manual: false,
        request_headers: Bytes::from_static(b"webhook-id: x\n"),
        response_headers: Bytes::from_static(b"server: \xff\0\n"),
        response_body: Bytes::from_static(b"\xff\0no text"),
        request_body: None,
        request_format: Some(PlainFormat::Standard),
    }
}
