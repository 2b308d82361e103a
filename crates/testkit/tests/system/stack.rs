use std::{collections::HashSet, time::Duration};

use posthorn_domain::{Clock, SystemClock, Timestamp};
use posthorn_testkit::{
    Proxy, ReceivedRequest, Receiver, Service, ServiceSetup, TestDatabase, TestNats, eventually,
};
use serde_json::{Value, json};

use crate::{
    http::{Reply, send},
    nats_wire::NatsWire,
};

pub(crate) const ADMIN_KEY: &str = "an-admin-key-of-more-than-32-characters";
pub(crate) const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
/// For a receiver that refuses each event once: after a pause only first attempts come, and it would pass for one that is
/// down.
pub(crate) const NO_BREAKER: (&str, &str) = ("POSTHORN_BREAKER_FAILURES", "0");

/// Both services and what they stand on.
pub(crate) struct Stack {
    pub(crate) api: Service,
    pub(crate) deliverers: Vec<Service>,
    pub(crate) nats: TestNats,
    /// The services' line to NATS.
    pub(crate) nats_line: Proxy,
    /// The services' line to PostgreSQL.
    pub(crate) database_line: Proxy,
    pub(crate) database: TestDatabase,
}

/// How services reach what they stand on.
struct Lines {
    nats: String,
    database: String,
}

impl Lines {
    /// With settings of the test's on top.
    fn configure(&self, setup: ServiceSetup, settings: &[(&str, &str)]) -> ServiceSetup {
        let setup = setup
            .env("POSTHORN_NATS_URL", format!("nats://{}", self.nats))
            .env("POSTHORN_DATABASE_URL", self.database.clone())
            .env("POSTHORN_ADMIN_KEY", ADMIN_KEY)
            .env("POSTHORN_MASTER_KEY", MASTER_KEY)
            .env("POSTHORN_ALLOW_HTTP", "true")
            .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8");
        settings
            .iter()
            .fold(setup, |setup, (name, value)| setup.env(name, *value))
    }
}

/// A webhook that a test made.
pub(crate) struct Hook {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Stack {
    /// One api and one deliverer.
    pub(crate) async fn start() -> Self {
        Self::with_deliverers(1).await
    }

    pub(crate) async fn with_deliverers(count: usize) -> Self {
        Self::with(count, &[]).await
    }

    /// With settings of the test's on top.
    pub(crate) async fn with(deliverers: usize, settings: &[(&str, &str)]) -> Self {
        Self::on(TestNats::start().await, deliverers, settings).await
    }

    /// On a NATS server of the test's.
    pub(crate) async fn on(nats: TestNats, deliverers: usize, settings: &[(&str, &str)]) -> Self {
        let nats_line = Proxy::to(&nats.address()).await;
        let database = TestDatabase::migrated().await;
        let database_line = Proxy::to(&database.server_address()).await;
        let lines = Lines {
            nats: nats_line.address(),
            database: database.url_via(&database_line.address()),
        };
        let configured = |setup: ServiceSetup| lines.configure(setup, settings);
        // All at once: that the streams are made together must not matter.
        let (api, deliverers) = futures::join!(
            configured(Service::api()).start(),
            futures::future::join_all(
                (0..deliverers).map(|_| configured(Service::deliverer()).start())
            ),
        );
        Self {
            api,
            deliverers,
            nats,
            nats_line,
            database_line,
            database,
        }
    }

    /// One more deliverer, with settings of its own on top.
    pub(crate) async fn another_deliverer(&self, settings: &[(&str, &str)]) -> Service {
        self.one_more(Service::deliverer(), settings).start().await
    }

    /// One more deliverer, which may have no more than so many files and connections open.
    pub(crate) async fn another_deliverer_with_open_files(&self, limit: u32) -> Service {
        let setup = self.one_more(Service::deliverer(), &[]);
        setup.open_files(limit).start().await
    }

    /// One more api; a test that swaps it with its own sends its requests through this one.
    pub(crate) async fn another_api(&self) -> Service {
        self.one_more(Service::api(), &[]).start().await
    }

    /// The same, whether it becomes ready or not.
    pub(crate) async fn another_unready_deliverer(&self, settings: &[(&str, &str)]) -> Service {
        self.one_more(Service::deliverer(), settings)
            .start_unready()
            .await
    }

    fn one_more(&self, setup: ServiceSetup, settings: &[(&str, &str)]) -> ServiceSetup {
        let lines = Lines {
            nats: self.nats_line.address(),
            database: self.database.url_via(&self.database_line.address()),
        };
        lines.configure(setup, settings)
    }

    /// A request to the management API, with the admin's key.
    pub(crate) async fn request(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.try_request(method, path, body).await.unwrap()
    }

    pub(crate) async fn try_request(
        &self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> std::io::Result<Reply> {
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
        send(
            self.api.address(),
            method,
            &format!("/api/v1{path}"),
            &headers,
            &text,
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let reply = self.request("GET", path, &Value::Null).await;
        assert_eq!(reply.status, 200, "GET {path}: {reply:?}");
        reply.body
    }

    /// Creates a webhook for everything, with the given fields on top.
    pub(crate) async fn webhook(&self, url: &str, fields: Value) -> Hook {
        let mut webhook = json!({"name": "test", "url": url, "event_types": ["*"]});
        webhook
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let reply = self.request("POST", "/webhooks", &webhook).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let text = |name: &str| reply.body[name].as_str().unwrap().to_owned();
        Hook {
            id: text("id"),
            secret: text("signing_secret"),
        }
    }

    /// Publishes over HTTP; the event's id.
    pub(crate) async fn publish(&self, event_type: &str, data: &Value) -> String {
        let reply = self
            .request(
                "POST",
                "/events",
                &json!({"type": event_type, "data": data}),
            )
            .await;
        assert_eq!(reply.status, 202, "{reply:?}");
        reply.body["events"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Publishes `count` events `{"n": from + i}` in arrays of 100; their ids.
    pub(crate) async fn publish_numbered(&self, from: usize, count: usize) -> Vec<String> {
        let mut ids = Vec::with_capacity(count);
        for start in (from..from + count).step_by(100) {
            let end = (start + 100).min(from + count);
            let events: Vec<_> = (start..end)
                .map(|n| json!({"type": "load.test", "data": {"n": n}}))
                .collect();
            let reply = self.request("POST", "/events", &json!(events)).await;
            assert_eq!(reply.status, 202, "{reply:?}");
            ids.extend(
                reply.body["events"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|e| e["id"].as_str().unwrap().to_owned()),
            );
        }
        ids
    }

    pub(crate) async fn nats_wire(&self) -> NatsWire {
        NatsWire::connect(&self.nats.address()).await
    }

    /// The only delivery of an event, once it has this status and the event is recorded too, which may be a batch later.
    pub(crate) async fn delivery(&self, event: &str, status: &str) -> Value {
        eventually(DEADLINE, async || {
            let path = format!("/events/{event}");
            match self.request("GET", &path, &Value::Null).await {
                Reply { status: 200, .. } => Ok(()),
                other => Err(other),
            }
        })
        .await;
        let path = format!("/deliveries?event_id={event}");
        let summary = eventually(DEADLINE, async || {
            let list = self.get(&path).await;
            match list["deliveries"].as_array().unwrap().as_slice() {
                [delivery] if delivery["status"] == status => Ok(delivery.clone()),
                _ => Err(list),
            }
        })
        .await;
        self.get(&format!("/deliveries/{}", summary["id"].as_str().unwrap()))
            .await
    }

    /// Of the only delivery of an event, whatever its status is by now.
    pub(crate) async fn delivery_id(&self, event: &str) -> String {
        let path = format!("/deliveries?event_id={event}");
        eventually(DEADLINE, async || {
            let list = self.get(&path).await;
            match list["deliveries"].as_array().unwrap().as_slice() {
                [delivery] => Ok(delivery["id"].as_str().unwrap().to_owned()),
                _ => Err(list),
            }
        })
        .await
    }

    /// Waits until a query of the database gives this number.
    pub(crate) async fn rows(&self, query: &str, wanted: i64) {
        eventually(DEADLINE, async || {
            let found = self.database.number(query).await;
            if found == wanted {
                Ok(())
            } else {
                Err(format!("{found} of {wanted}: {query}"))
            }
        })
        .await;
    }

    /// Waits until a stream holds this many messages on a subject.
    pub(crate) async fn messages(&self, stream: &str, subject: &str, wanted: u64) {
        let mut wire = self.nats_wire().await;
        eventually(DEADLINE, async || {
            let found = wire.count(stream, subject).await;
            if found == wanted {
                Ok(())
            } else {
                Err(format!("{found} of {wanted} on {subject}"))
            }
        })
        .await;
    }
}

/// The time of day.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// Waits until every one of these events has reached the receiver.
pub(crate) async fn all_arrived(receiver: &Receiver, ids: &[String]) -> Vec<ReceivedRequest> {
    let mut missing: HashSet<_> = ids.iter().map(String::as_str).collect();
    let mut known = 0;
    // Whoever answers shares the thread with this: it looks at each request once.
    eventually(DEADLINE, async || {
        let come = receiver.requests_after(known);
        known += come.len();
        for request in &come {
            missing.remove(request.header("webhook-id"));
        }
        if missing.is_empty() {
            Ok(receiver.requests())
        } else {
            Err(format!("{} of {} are missing", missing.len(), ids.len()))
        }
    })
    .await
}

/// Verifies a request with the official library, as a receiver does.
pub(crate) fn verify(secret: &str, request: &ReceivedRequest) {
    let webhook = standardwebhooks::Webhook::new(secret).unwrap();
    webhook.verify(&request.body, &request.headers).unwrap();
}
