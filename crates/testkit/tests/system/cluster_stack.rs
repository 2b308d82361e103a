//! Posthorn on three nats-servers, under a load that does not let go.

use std::{
    collections::{HashMap, HashSet},
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::FutureExt;
use posthorn_testkit::{
    Receiver, Service, ServiceSetup, TestDatabase, TestNatsCluster, eventually,
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::{
    http::{Reply, send},
    nats_wire::NatsWire,
    stack::{ADMIN_KEY, DEADLINE, MASTER_KEY, all_arrived},
};

/// An event that is refused is published again after this.
const AGAIN_AFTER: Duration = Duration::from_millis(100);
/// Events of one request, and of one moment.
const AT_ONCE: usize = 20;
const EVERY: Duration = Duration::from_millis(100);
/// While a leader is elected nobody answers.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

pub(crate) struct ClusterStack {
    pub(crate) api: Service,
    pub(crate) deliverers: Vec<Service>,
    pub(crate) nats: TestNatsCluster,
    pub(crate) database: TestDatabase,
}

/// Publishes until it is told to stop.
pub(crate) struct Load {
    stop: Arc<Mutex<bool>>,
    accepted: Arc<Mutex<Vec<String>>>,
    work: JoinHandle<()>,
}

impl ClusterStack {
    /// One api and two deliverers.
    pub(crate) async fn start(settings: &[(&str, &str)]) -> Self {
        let nats = TestNatsCluster::start().await;
        let database = TestDatabase::migrated().await;
        let configured = |setup: ServiceSetup| {
            let setup = setup
                .env("POSTHORN_NATS_URL", nats.urls())
                .env("POSTHORN_DATABASE_URL", database.url())
                .env("POSTHORN_STREAM_REPLICAS", "3")
                .env("POSTHORN_ADMIN_KEY", ADMIN_KEY)
                .env("POSTHORN_MASTER_KEY", MASTER_KEY)
                .env("POSTHORN_ALLOW_HTTP", "true")
                .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8");
            settings
                .iter()
                .fold(setup, |setup, (name, value)| setup.env(name, *value))
        };
        let (api, one, other) = futures::join!(
            configured(Service::api()).start(),
            configured(Service::deliverer()).start(),
            configured(Service::deliverer()).start(),
        );
        Self {
            api,
            deliverers: vec![one, other],
            nats,
            database,
        }
    }

    pub(crate) async fn request(&self, method: &str, path: &str, body: &Value) -> Reply {
        request(self.api.address(), method, path, body)
            .await
            .unwrap()
    }

    /// Creates a webhook for everything.
    pub(crate) async fn webhook(&self, url: &str, mut fields: Value) -> String {
        fields["name"] = json!("test");
        fields["url"] = json!(url);
        fields["event_types"] = json!(["*"]);
        let reply = self.request("POST", "/webhooks", &fields).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn load(&self) -> Load {
        let (stop, accepted) = (Arc::default(), Arc::default());
        let work = publish(
            self.api.address().to_owned(),
            Arc::clone(&stop),
            Arc::clone(&accepted),
        );
        Load {
            stop,
            accepted,
            work: tokio::spawn(work),
        }
    }

    /// What a running node says of a stream; null when nobody knows at the moment.
    pub(crate) async fn stream(&self, stream: &str) -> Value {
        self.ask(&format!("$JS.API.STREAM.INFO.{stream}")).await
    }

    /// What the cluster says; null where nobody answers.
    async fn ask(&self, subject: &str) -> Value {
        let address = self.nats.running().unwrap().address();
        let asked = async { NatsWire::connect(&address).await.request(subject, "").await };
        tokio::time::timeout(ANSWER_TIMEOUT, asked)
            .await
            .unwrap_or_default()
    }

    /// The node that leads a stream.
    pub(crate) async fn leader(&self, stream: &str) -> usize {
        eventually(DEADLINE, async || {
            let info = self.stream(stream).await;
            (0..self.nats.size())
                .find(|node| info["cluster"]["leader"] == TestNatsCluster::name(*node))
                .ok_or(info)
        })
        .await
    }

    /// Waits until a stream and its consumers have a leader, and all their other replicas are there and up to date.
    pub(crate) async fn whole(&self, stream: &str) {
        eventually(DEADLINE, async || {
            let info = self.stream(stream).await;
            let listed = self.ask(&format!("$JS.API.CONSUMER.LIST.{stream}")).await;
            let consumers = listed["consumers"].as_array().filter(|all| !all.is_empty());
            if is_whole(&info) && consumers.is_some_and(|all| all.iter().all(is_whole)) {
                Ok(())
            } else {
                Err((info, listed))
            }
        })
        .await;
    }

    /// Waits until every event has arrived; how many requests were one too many. Says what is known of those that do
    /// not come.
    pub(crate) async fn arrived(&self, receiver: &Receiver, ids: &[String]) -> usize {
        let all = AssertUnwindSafe(all_arrived(receiver, ids)).catch_unwind();
        let Ok(all) = all.await else {
            panic!("missing: {}", self.known_of_missing(receiver, ids).await);
        };
        let wanted: HashSet<_> = ids.iter().map(String::as_str).collect();
        let mut times: HashMap<&str, usize> = HashMap::new();
        for request in &all {
            *times.entry(request.header("webhook-id")).or_default() += 1;
        }
        for id in &wanted {
            assert!(times.contains_key(id), "{id} is missing");
        }
        times.values().map(|times| times - 1).sum()
    }

    async fn known_of_missing(&self, receiver: &Receiver, ids: &[String]) -> String {
        let arrived = receiver.requests();
        let arrived: HashSet<_> = arrived.iter().map(|r| r.header("webhook-id")).collect();
        let missing = ids.iter().map(String::as_str);
        let missing: Vec<_> = missing.filter(|id| !arrived.contains(id)).collect();
        let recorded = format!(
            "SELECT json_agg(t)::text FROM (
                 SELECT d.status, d.attempt_count, d.error_message, e.id IS NOT NULL AS event, count(*),
                     min(d.next_retry_at), max(d.next_retry_at), now(), min(stream_sequence) AS first_sequence
                 FROM unnest('{{{}}}'::uuid[]) AS missing (id)
                 LEFT JOIN events e ON e.id = missing.id LEFT JOIN deliveries d ON d.event_id = missing.id
                 GROUP BY 1, 2, 3, 4) t",
            missing.join(",")
        );
        let mut known = self.database.text(&recorded).await.unwrap_or_default();
        for stream in ["POSTHORN_EVENTS", "POSTHORN_DELIVERIES"] {
            for about in ["STREAM.INFO", "CONSUMER.LIST"] {
                let answer = self.ask(&format!("$JS.API.{about}.{stream}")).await;
                known.push_str(&format!("\n{about} {stream}: {answer}"));
            }
        }
        known
    }

    /// Waits until a query of the database gives this number.
    pub(crate) async fn rows(&self, query: &str, wanted: usize) {
        let wanted = i64::try_from(wanted).unwrap();
        eventually(DEADLINE, async || {
            let found = self.database.number(query).await;
            if found >= wanted { Ok(()) } else { Err(found) }
        })
        .await;
    }
}

impl Load {
    pub(crate) fn count(&self) -> usize {
        self.accepted.lock().unwrap().len()
    }

    /// Waits until so many more are accepted: the cluster works.
    pub(crate) async fn goes_on(&self, more: usize) {
        let before = self.count();
        eventually(DEADLINE, async || match self.count() - before {
            got if got >= more => Ok(()),
            got => Err(got),
        })
        .await;
    }

    /// Ends it; the ids of all that was accepted.
    pub(crate) async fn stop(self) -> Vec<String> {
        *self.stop.lock().unwrap() = true;
        self.work.await.unwrap();
        std::mem::take(&mut *self.accepted.lock().unwrap())
    }
}

async fn request(address: &str, method: &str, path: &str, body: &Value) -> std::io::Result<Reply> {
    let authorization = format!("Bearer {ADMIN_KEY}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let text = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    send(address, method, &format!("/api/v1{path}"), &headers, &text).await
}

/// As a careful publisher does: each event has a key, and is sent again until it is accepted.
async fn publish(address: String, stop: Arc<Mutex<bool>>, accepted: Arc<Mutex<Vec<String>>>) {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    // A key that was used before would name an event of before.
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let mut pace = tokio::time::interval(EVERY);
    for batch in 0.. {
        pace.tick().await;
        if *stop.lock().unwrap() {
            return;
        }
        let events: Vec<_> = (0..AT_ONCE)
            .map(|n| json!({"type": "load.test", "data": n, "idempotency_key": format!("{run}-{batch}-{n}")}))
            .collect();
        let ids = loop {
            match request(&address, "POST", "/events", &json!(events)).await {
                Ok(reply) if reply.status == 202 => break reply.body,
                Ok(reply) if reply.status != 503 => panic!("{reply:?}"),
                // Refused for now, or the connection broke with the process.
                _ => tokio::time::sleep(AGAIN_AFTER).await,
            }
        };
        let ids = ids["events"].as_array().unwrap().iter();
        let ids = ids.map(|event| event["id"].as_str().unwrap().to_owned());
        accepted.lock().unwrap().extend(ids);
    }
}

/// Whether a stream or a consumer has its leader and two others that are up to date.
fn is_whole(info: &Value) -> bool {
    let replicas = info["cluster"]["replicas"].as_array();
    let current = replicas.is_some_and(|replicas| {
        replicas.len() == 2 && replicas.iter().all(|r| r["current"] == true)
    });
    current && info["cluster"]["leader"].is_string()
}
