//! One api with its own database and its own nats-server, and a client for it.

use std::time::Duration;

use posthorn_testkit::{Proxy, Service, ServiceSetup, TestDatabase, TestNats, eventually};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::Value;

pub(crate) const ADMIN: &str = "an-admin-key-of-32-characters-ok";
pub(crate) const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const SOON: Duration = Duration::from_secs(20);

pub(crate) struct Api {
    pub(crate) service: Service,
    pub(crate) nats: TestNats,
    pub(crate) database: TestDatabase,
    /// The link to the database.
    pub(crate) link: Proxy,
    client: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// Null where the body is no JSON.
    pub(crate) json: Value,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::start_with(|setup| setup).await
    }

    /// Starts an api with further settings and waits until it can do everything.
    pub(crate) async fn start_with(adjust: impl FnOnce(ServiceSetup) -> ServiceSetup) -> Self {
        let (nats, database) = tokio::join!(TestNats::start(), TestDatabase::migrated());
        let link = Proxy::to(&database.server_address()).await;
        let setup = setup(&nats, &database.url_via(&link.address()));
        let service = adjust(setup).start().await;
        let api = Self {
            service,
            nats,
            database,
            link,
            client: client(),
        };
        api.complete().await;
        api
    }

    /// Waits until what needs the database is answered, whichever table it needs.
    pub(crate) async fn complete(&self) {
        eventually(SOON, async || {
            let answer = self.get("/webhooks").await;
            if answer.status == 200 {
                Ok(())
            } else {
                Err(answer)
            }
        })
        .await;
        let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let wanted = std::fs::read_dir(migrations).unwrap().count();
        eventually(SOON, async || {
            let query = "SELECT count(*) FROM _sqlx_migrations";
            let done = self.database.number(query).await;
            if usize::try_from(done) == Ok(wanted) {
                Ok(())
            } else {
                Err(done)
            }
        })
        .await;
    }

    /// A second api on the same servers.
    pub(crate) async fn replica(&self) -> Service {
        setup(&self.nats, &self.database.url_via(&self.link.address()))
            .start()
            .await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_as(ADMIN, method, path)
    }

    pub(crate) fn request_as(&self, key: &str, method: Method, path: &str) -> RequestBuilder {
        self.anonymous(method, &format!("/api/v1{path}"))
            .bearer_auth(key)
    }

    pub(crate) fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.service.url(path))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn get_as(&self, key: &str, path: &str) -> Answer {
        send(self.request_as(key, Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::POST, path, &body.to_string()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PUT, path, &body.to_string()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PATCH, path, &body.to_string()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn send_json(&self, method: Method, path: &str, body: &str) -> Answer {
        send(json(self.request(method, path), body)).await
    }

    /// Issues a key and returns it.
    pub(crate) async fn key(&self, role: &str, tenant: &str) -> String {
        let input = serde_json::json!({"name": format!("{role} of {tenant}"), "role": role, "tenant": tenant});
        let answer = self.post("/api-keys", &input).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json["key"].as_str().unwrap().to_owned()
    }

    /// Creates a minimal webhook with the given fields on top.
    pub(crate) async fn webhook(&self, fields: Value) -> Value {
        let answer = self.post("/webhooks", &webhook(fields)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json
    }
}

/// The document of a minimal webhook with the given fields on top.
pub(crate) fn webhook(fields: Value) -> Value {
    let mut document =
        serde_json::json!({"name": "n", "url": "https://example.com/hook", "event_types": ["*"]});
    let members = document.as_object_mut().unwrap();
    if let Value::Object(fields) = fields {
        members.extend(fields);
    }
    document
}

pub(crate) fn setup(nats: &TestNats, database_url: &str) -> ServiceSetup {
    Service::api()
        .env("POSTHORN_NATS_URL", nats.url())
        .env("POSTHORN_DATABASE_URL", database_url)
        .env("POSTHORN_MASTER_KEY", MASTER_KEY)
        .env("POSTHORN_ADMIN_KEY", ADMIN)
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .no_proxy()
        .build()
        .unwrap()
}

/// Waits until `/readyz` answers with this status and says of a dependency what is wanted. What a service knows of other
/// servers is a few seconds old.
pub(crate) async fn shows_dependency(
    service: &Service,
    status: u16,
    dependency: &str,
    is_ok: bool,
) {
    let client = client();
    eventually(SOON, async || {
        let ready = send(client.get(service.url("/readyz"))).await;
        if ready.status == status && ready.json["dependencies"][dependency]["ok"] == is_ok {
            Ok(())
        } else {
            Err(ready)
        }
    })
    .await;
}

pub(crate) fn json(request: RequestBuilder, body: &str) -> RequestBuilder {
    request
        .header("content-type", "application/json")
        .body(body.to_owned())
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let text = response.text().await.unwrap();
    Answer {
        status,
        headers,
        json: serde_json::from_str(&text).unwrap_or_default(),
        text,
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Checks that this is a problem of the given kind in every respect of RFC 9457.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, code: &str) -> &Self {
        let seen = (
            self.status,
            self.json["code"].as_str(),
            self.json["status"].as_u64(),
        );
        assert_eq!(
            seen,
            (status, Some(code), Some(status.into())),
            "{}",
            self.text
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        for member in ["type", "title", "detail"] {
            assert!(self.json[member].is_string(), "{}", self.text);
        }
        assert_eq!(
            self.json["errors"].is_array(),
            status == 422,
            "{}",
            self.text
        );
        self
    }

    /// The fields that a 422 names.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let errors = self.json["errors"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        errors
            .iter()
            .map(|error| error["field"].as_str().unwrap())
            .collect()
    }
}
