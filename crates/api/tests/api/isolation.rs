//! Nobody reaches another tenant's things, by any path that the API has.
//!
//! The paths and methods are those of the OpenAPI document, so a new operation is tested the day it is written:
//! a parameter that this test has no id for fails it.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    fixture::{Answer, Api, json as with_json, send, webhook},
    history::{EVENT, FAILED_DELIVERY, record},
};

/// The tenant whose things are looked for, and the one of those who look.
const OWNER: &str = "owner";
const STRANGER: &str = "stranger";

/// The owner's things: for each collection that a path names, the id of one.
type Things = BTreeMap<&'static str, String>;

/// An operation of the document.
struct Operation {
    method: Method,
    path: String,
    takes_body: bool,
}

impl Operation {
    fn names_a_thing(&self) -> bool {
        self.path.contains('{')
    }

    /// The path with the ids of the owner's things in it.
    fn at(&self, things: &Things) -> String {
        let segments: Vec<&str> = self.path.split('/').collect();
        let filled = segments.iter().enumerate().map(|(place, segment)| {
            if !segment.starts_with('{') {
                return *segment;
            }
            let collection = segments[place - 1];
            things
                .get(collection)
                .unwrap_or_else(|| panic!("{self}: this test has no id of {collection}"))
        });
        filled.collect::<Vec<_>>().join("/")
    }

    /// A body that the operation takes, so that it is not the body that is refused.
    fn body(&self) -> Value {
        match (self.method.as_str(), self.path.as_str()) {
            ("POST", "/webhooks") | ("PUT", "/webhooks/{id}") => webhook(json!({})),
            ("POST", "/event-types") => json!({"name": "strange.thing"}),
            ("POST", "/events") => json!({"type": "a.b", "data": 1}),
            ("POST", "/webhooks/{id}/replay") => json!({"since": "2026-01-01T00:00:00Z"}),
            (_, path) if path.starts_with("/dead-letters") => json!({"ids": [FAILED_DELIVERY]}),
            _ => json!({}),
        }
    }

    async fn send_as(&self, key: Option<&str>, api: &Api, things: &Things, query: &str) -> Answer {
        let path = format!("/api/v1{}{query}", self.at(things));
        let mut request = api.anonymous(self.method.clone(), &path);
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        if self.takes_body {
            request = with_json(request, &self.body().to_string());
        }
        send(request).await
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

async fn operations(api: &Api) -> Vec<Operation> {
    let document = api.get("/openapi.json").await.json;
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for method in ["get", "put", "post", "patch", "delete"] {
            if let Some(operation) = item.get(method) {
                operations.push(Operation {
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.to_owned(),
                    takes_body: operation.get("requestBody").is_some(),
                });
            }
        }
    }
    assert!(
        operations.len() > 20,
        "a document with hardly anything in it"
    );
    // The owner's things are used up last.
    operations.sort_by_key(|operation| operation.method == Method::DELETE);
    operations
}

/// Makes one thing of each kind.
async fn things_of_the_owner(api: &Api, operations: &[Operation]) -> Things {
    let create = async |path: &str, body: Value, id: &str| {
        let answer = api.post(&format!("{path}?tenant={OWNER}"), &body).await;
        assert!(answer.status < 300, "{path}: {answer:?}");
        answer.json[id].as_str().unwrap().to_owned()
    };
    let hook = create("/webhooks", webhook(json!({"name": "the owner's"})), "id").await;
    record(api, OWNER, &hook).await;
    let mut things = Things::from([
        ("webhooks", hook),
        ("events", EVENT.to_owned()),
        ("deliveries", FAILED_DELIVERY.to_owned()),
        ("tenants", OWNER.to_owned()),
    ]);
    let has = |path: &str| operations.iter().any(|operation| operation.path == path);
    let key = json!({"name": "the owner's", "role": "viewer", "tenant": OWNER});
    things.insert("api-keys", create("/api-keys", key, "id").await);
    if has("/event-types/{name}") {
        let body = json!({"name": "thing.happened"});
        things.insert("event-types", create("/event-types", body, "name").await);
    }
    if has("/dead-letters/{id}") {
        api.database
            .execute(&format!(
                "INSERT INTO dead_letters (id, stream_sequence, created_at, webhook_id, event_id, attempts, tenant,
                                           event_type, reason)
                 VALUES ('{FAILED_DELIVERY}', 1, now(), '{}', '{EVENT}', 1, '{OWNER}', 'user.created', 'no')",
                things["webhooks"]
            ))
            .await;
        things.insert("dead-letters", FAILED_DELIVERY.to_owned());
    }
    if has("/replays/{id}") {
        let path = format!("/events/{EVENT}/replay");
        things.insert("replays", create(&path, json!({}), "replay_id").await);
    }
    if has("/erasures/{id}") {
        let path = format!("/events?type=nothing.of.this&tenant={OWNER}");
        let accepted = api.delete(&path).await;
        let id = accepted.json["erasure_id"].as_str().unwrap();
        things.insert("erasures", id.to_owned());
    }
    things
}

/// What the owner sees of each thing.
async fn seen_by_the_owner(
    api: &Api,
    operations: &[Operation],
    things: &Things,
) -> Vec<(String, Value)> {
    let mut seen = Vec::new();
    for operation in operations {
        // Statistics tell of the moment at which they are asked for.
        let tells_the_time = operation.path.ends_with("/stats");
        if operation.method == Method::GET && operation.names_a_thing() && !tells_the_time {
            let query = if operation.path.starts_with("/tenants") {
                ""
            } else {
                "?tenant=owner"
            };
            let answer = operation
                .send_as(Some(crate::fixture::ADMIN), api, things, query)
                .await;
            assert_eq!(
                answer.status, 200,
                "{operation}: the id is wrong: {answer:?}"
            );
            seen.push((operation.to_string(), answer.json));
        }
    }
    seen
}

#[tokio::test]
async fn no_path_leads_to_another_tenants_things() {
    let api = Api::start().await;
    let operations = operations(&api).await;
    let things = things_of_the_owner(&api, &operations).await;
    let before = seen_by_the_owner(&api, &operations, &things).await;
    let mut strangers = Vec::new();
    for role in ["manager", "publisher", "viewer"] {
        strangers.push((role, api.key(role, STRANGER).await));
    }
    for operation in &operations {
        let nobody = operation.send_as(None, &api, &things, "").await;
        nobody.is_problem(401, "unauthorized");
        for (role, key) in &strangers {
            let query = "?tenant=owner";
            let answer = operation.send_as(Some(key), &api, &things, query).await;
            assert_eq!(
                answer.status, 403,
                "{operation}{query} as {role}: {answer:?}"
            );

            let answer = operation.send_as(Some(key), &api, &things, "").await;
            if operation.names_a_thing() {
                let allowed = [403, 404].contains(&answer.status);
                assert!(allowed, "{operation} as {role}: {answer:?}");
            }
            for (collection, id) in &things {
                // A name is no secret: a stranger's event type may be called the same.
                let shows = *collection != "event-types" && answer.text.contains(id.as_str());
                assert!(
                    !shows,
                    "{operation} as {role} shows one of {collection}: {answer:?}"
                );
            }
        }
    }
    let after = seen_by_the_owner(&api, &operations, &things).await;
    assert_eq!(before, after, "a stranger changed something");

    // With the right key the same requests arrive: it was not the paths that were wrong.
    for operation in operations
        .iter()
        .filter(|operation| operation.names_a_thing())
    {
        let query = if operation.path.starts_with("/tenants") {
            ""
        } else {
            "?tenant=owner"
        };
        let answer = operation
            .send_as(Some(crate::fixture::ADMIN), &api, &things, query)
            .await;
        assert!(
            answer.status != 404 && answer.status < 500,
            "{operation}: {answer:?}"
        );
        if operation.method == Method::DELETE {
            break;
        }
    }
}
