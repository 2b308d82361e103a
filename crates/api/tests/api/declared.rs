//! The document against real answers: every operation is called, and every answer has the status, the headers and the
//! media type that the document declares; what is declared and was never seen is listed here with the reason.

use std::collections::{BTreeMap, BTreeSet};

use posthorn_testkit::eventually;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    fixture::{ADMIN, Answer, Api, SOON, json as with_json, send, webhook},
    history::{EVENT, FAILED_DELIVERY, record},
};

const UNKNOWN: &str = "01949e5c-0000-7000-8000-0000000000ff";
/// Headers that an answer has only where the document says so.
const SPECIAL: [&str; 5] = [
    "etag",
    "location",
    "retry-after",
    "www-authenticate",
    "content-disposition",
];
/// Declared and not seen here: it takes a minute, or is shown by other tests.
const UNSEEN: [(&str, &str); 2] = [
    ("408", "a body that takes longer than a minute"),
    (
        "429",
        "edge::one_key_cannot_use_up_anothers_requests: before any operation",
    ),
];

/// An operation of the document.
#[derive(Clone)]
struct Operation {
    id: String,
    method: Method,
    path: String,
    declared: Value,
    takes_body: bool,
}

struct Trial {
    api: Api,
    operations: BTreeMap<String, Operation>,
    seen: BTreeSet<(String, String)>,
}

impl Trial {
    async fn start() -> Self {
        let api = Api::start_with(|setup| {
            setup
                .env("POSTHORN_ALLOW_HTTP", "true")
                .env("POSTHORN_REQUEST_BYTES_MAX", "1048576")
        })
        .await;
        let document = api.get("/openapi.json").await.json;
        let mut operations = BTreeMap::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in ["get", "put", "post", "patch", "delete"] {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let id = operation["operationId"].as_str().unwrap().to_owned();
                let operation = Operation {
                    id: id.clone(),
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.strip_prefix("/api/v1").unwrap().to_owned(),
                    declared: operation["responses"].clone(),
                    takes_body: operation.get("requestBody").is_some(),
                };
                operations.insert(id, operation);
            }
        }
        Self {
            api,
            operations,
            seen: BTreeSet::new(),
        }
    }

    /// A request of this operation where `id` stands for what its path names.
    fn request(
        &self,
        key: Option<&str>,
        operation: &Operation,
        id: &str,
        query: &str,
    ) -> RequestBuilder {
        let path = operation.path.replace("{id}", id).replace("{name}", id);
        let request = self
            .api
            .anonymous(operation.method.clone(), &format!("/api/v1{path}{query}"));
        match key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// Sends it and holds the answer against the document.
    async fn answer(&mut self, operation: &str, request: RequestBuilder, status: u16) -> Answer {
        let answer = send(request).await;
        assert_eq!(answer.status, status, "{operation}: {answer:?}");
        self.compare(operation, &answer);
        answer
    }

    /// Holds an answer against the document.
    fn compare(&mut self, operation: &str, answer: &Answer) {
        let status = answer.status;
        let declared = &self.operations[operation].declared[&status.to_string()];
        assert!(
            declared.is_object(),
            "{operation}: {status} is not declared: {answer:?}"
        );
        let headers = declared["headers"].as_object().unwrap();
        for name in headers.keys() {
            assert!(
                answer.headers.contains_key(name),
                "{operation}: {status} lacks {name}: {answer:?}"
            );
        }
        for name in SPECIAL {
            let is_declared = headers.keys().any(|each| each.eq_ignore_ascii_case(name));
            assert!(
                is_declared || !answer.headers.contains_key(name),
                "{operation}: {status} does not declare {name}: {answer:?}"
            );
        }
        let kind = answer
            .header("content-type")
            .split(';')
            .next()
            .unwrap_or("");
        match declared.get("content").and_then(Value::as_object) {
            Some(content) => assert!(content.contains_key(kind), "{operation}: {status}: {kind}"),
            None => assert_eq!(kind, "", "{operation}: {status} declares no body"),
        }
        self.seen.insert((operation.to_owned(), status.to_string()));
    }

    /// Calls an operation as it is meant, and says what it answered.
    async fn call(&mut self, id: &str, target: &str, query: &str, body: Option<Value>) -> Answer {
        let operation = self.operations[id].clone();
        let mut declared = operation.declared.as_object().unwrap().keys();
        let status = declared.find(|status| status.starts_with('2')).unwrap();
        let status = status.parse().unwrap();
        let mut request = self.request(Some(ADMIN), &operation, target, query);
        if let Some(body) = body {
            request = with_json(request, &body.to_string());
        }
        self.answer(id, request, status).await
    }
}

/// Everything as it is meant; the answers name what the next calls use.
async fn successes(trial: &mut Trial) {
    let hook_of = |name: &str| webhook(json!({"name": name, "url": "http://127.0.0.1:9/"}));
    let hook = trial
        .call("create_webhook", "", "", Some(hook_of("a")))
        .await;
    let hook = hook.json["id"].as_str().unwrap().to_owned();
    record(&trial.api, "default", &hook).await;
    let letter = format!(
        "INSERT INTO dead_letters (id, stream_sequence, created_at, webhook_id, event_id, attempts, last_status,
                                   tenant, event_type, reason)
         VALUES ('{FAILED_DELIVERY}', 1, now(), '{hook}', '{EVENT}', 5, 503, 'default', 'user.created', 'no')"
    );
    trial.api.database.execute(&letter).await;
    for (id, body) in [
        ("get_webhook", None),
        ("replace_webhook", Some(hook_of("b"))),
        ("patch_webhook", Some(json!({"name": "c"}))),
        ("enable_webhook", None),
        ("rotate_webhook_secret", Some(json!({}))),
        ("reveal_webhook_secret", None),
        ("get_webhook_gate", None),
        ("get_webhook_statistics", None),
        ("list_webhook_deliveries", None),
        ("export_webhook_deliveries", None),
        ("test_webhook", Some(json!({"event_type": "a.b"}))),
        (
            "replay_webhook",
            Some(json!({"since": "2025-01-01T00:00:00Z"})),
        ),
    ] {
        trial.call(id, &hook, "", body).await;
    }
    let event = json!({"type": "a.b", "data": 1});
    let replay = trial.call("replay_event", EVENT, "", None).await;
    let replay = replay.json["replay_id"].as_str().unwrap().to_owned();
    for (id, target, query, body) in [
        ("get_event", EVENT, "", None),
        ("list_event_deliveries", EVENT, "", None),
        ("get_replay", &*replay, "", None),
        ("cancel_replay", &*replay, "", None),
        ("get_delivery", FAILED_DELIVERY, "", None),
        ("get_dead_letter", FAILED_DELIVERY, "", None),
        ("retry_delivery", FAILED_DELIVERY, "", None),
        ("retry_dead_letters", "", "", Some(json!({"all": true}))),
        ("discard_dead_letters", "", "?all=true", None),
        ("publish_events", "", "", Some(event.clone())),
        (
            "probe_url",
            "",
            "",
            Some(json!({"url": "http://127.0.0.1:9/"})),
        ),
        (
            "preview_webhook",
            "",
            "",
            Some(json!({"webhook": {}, "event": event})),
        ),
        ("create_event_type", "", "", Some(json!({"name": "a.b"}))),
        ("get_event_type", "a.b", "", None),
        ("replace_event_type", "a.b", "", Some(json!({"label": "l"}))),
        (
            "import_event_types",
            "",
            "",
            Some(json!({"event_types": [{"name": "c"}]})),
        ),
        ("delete_event_type", "a.b", "", None),
        ("create_tenant", "", "", Some(json!({"id": "acme"}))),
        ("get_tenant", "acme", "", None),
        (
            "patch_tenant",
            "acme",
            "",
            Some(json!({"retention_days": 7})),
        ),
        ("delete_tenant", "acme", "", None),
        ("disable_webhook", &*hook, "", None),
        ("delete_webhook", &*hook, "", None),
    ] {
        trial.call(id, target, query, body).await;
    }
    let key = json!({"name": "n", "role": "viewer"});
    let key = trial.call("create_api_key", "", "", Some(key)).await;
    let key = key.json["id"].as_str().unwrap().to_owned();
    trial.call("get_api_key", &key, "", None).await;
    trial.call("delete_api_key", &key, "", None).await;
    // What is left reads without naming anything.
    let rest: Vec<Operation> = trial.operations.values().cloned().collect();
    for operation in rest {
        let was_called = trial.seen.iter().any(|(id, _)| *id == operation.id);
        if !was_called && operation.method == Method::GET && !operation.path.contains('{') {
            trial.call(&operation.id, "", "", None).await;
        }
    }
}

/// A body that is a little larger than the operation takes: a client that has much more to send misses the answer.
fn too_large(operation: &str) -> String {
    let bytes_max = match operation {
        "import_event_types" => 8 * 1024 * 1024,
        _ => 1024 * 1024,
    };
    format!("\"{}\"", "x".repeat(bytes_max))
}

/// What every operation refuses alike.
async fn refusals(trial: &mut Trial) {
    let key = trial.api.key("manager", "other").await;
    let operations: Vec<Operation> = trial.operations.values().cloned().collect();
    for operation in operations {
        let id = &*operation.id;
        let request = trial.request(None, &operation, UNKNOWN, "");
        trial.answer(id, request, 401).await;
        let request = trial.request(Some(&key), &operation, UNKNOWN, "?tenant=default");
        trial.answer(id, request, 403).await;
        let request = trial.request(Some(ADMIN), &operation, UNKNOWN, "?unknown=1");
        trial.answer(id, request, 422).await;
        if !operation.takes_body {
            continue;
        }
        let request = trial.request(Some(ADMIN), &operation, UNKNOWN, "");
        trial.answer(id, with_json(request, "{"), 400).await;
        let request = trial
            .request(Some(ADMIN), &operation, UNKNOWN, "")
            .body("{}");
        trial.answer(id, request, 415).await;
        let request = trial.request(Some(ADMIN), &operation, UNKNOWN, "");
        trial
            .answer(id, with_json(request, &too_large(id)), 413)
            .await;
    }
    let discard = trial.operations["discard_dead_letters"].clone();
    let large = too_large(&discard.id);
    for (body, status) in [("{", 400), (&*large, 413)] {
        let request = trial.request(Some(ADMIN), &discard, "", "");
        trial
            .answer(&discard.id, with_json(request, body), status)
            .await;
    }
    let request = trial.request(Some(ADMIN), &discard, "", "").body("{}");
    trial.answer(&discard.id, request, 415).await;
}

/// What is not there, not as it was, or there already.
async fn states(trial: &mut Trial) {
    let hook = trial.api.webhook(json!({"enabled": false})).await;
    let hook = hook["id"].as_str().unwrap().to_owned();
    let entry = json!({"name": "d.e"});
    assert_eq!(trial.api.post("/event-types", &entry).await.status, 201);
    let document = |id: &str| match id {
        "replace_webhook" => webhook(json!({})),
        "replay_webhook" => json!({"since": "2025-01-01T00:00:00Z"}),
        "preview_webhook" => json!({"webhook_id": UNKNOWN, "event": {"type": "a", "data": 1}}),
        _ => json!({}),
    };
    let operations: Vec<Operation> = trial.operations.values().cloned().collect();
    for operation in operations {
        let id = &*operation.id;
        let with = |request: RequestBuilder| {
            if operation.takes_body {
                with_json(request, &document(id).to_string())
            } else {
                request
            }
        };
        if operation.declared.get("404").is_some() {
            let request = trial.request(Some(ADMIN), &operation, UNKNOWN, "");
            trial.answer(id, with(request), 404).await;
        }
        let target = if operation.path.contains("/event-types/") {
            "d.e"
        } else {
            &hook
        };
        if operation.declared.get("412").is_some() {
            let request = trial.request(Some(ADMIN), &operation, target, "");
            trial
                .answer(id, with(request.header("if-match", "\"0\"")), 412)
                .await;
        }
        if operation.declared.get("304").is_some() {
            let request = trial.request(Some(ADMIN), &operation, target, "");
            trial
                .answer(id, request.header("if-none-match", "*"), 304)
                .await;
        }
    }
    let waiting = "01949e5c-0000-8000-8000-0000000000aa";
    let delivery = format!(
        "INSERT INTO deliveries (id, webhook_id, event_id, created_at, attempt_count, status, tenant, event_type)
         VALUES ('{waiting}', '{hook}', '{EVENT}', now(), 0, 0, 'default', 'user.created')"
    );
    trial.api.database.execute(&delivery).await;
    trial.api.post("/tenants", &json!({"id": "twice"})).await;
    let replay = trial
        .api
        .post(&format!("/events/{EVENT}/replay"), &json!({}))
        .await;
    let replay = replay.json["replay_id"].as_str().unwrap().to_owned();
    trial
        .api
        .post(&format!("/replays/{replay}/cancel"), &json!({}))
        .await;
    // Nobody deletes it to its end here.
    trial.api.post("/tenants", &json!({"id": "going"})).await;
    assert_eq!(trial.api.delete("/tenants/going").await.status, 204);
    // As many secrets as may sign at a time.
    for _ in 1..5 {
        let path = format!("/webhooks/{hook}/secret/rotate");
        assert_eq!(trial.api.post(&path, &json!({})).await.status, 200);
    }
    let types = json!({"event_types": [{"name": "c"}]});
    for (id, target, body) in [
        (
            "create_webhook",
            "",
            Some(webhook(json!({"url": "http://127.0.0.1:9/"}))),
        ),
        ("publish_events", "", Some(json!({"type": "a", "data": 1}))),
        ("create_event_type", "", Some(json!({"name": "d.e"}))),
        ("replace_event_type", "d.e", Some(json!({}))),
        ("delete_event_type", "d.e", None),
        ("import_event_types", "", Some(types)),
        (
            "create_api_key",
            "",
            Some(json!({"name": "n", "role": "viewer", "tenant": "going"})),
        ),
    ] {
        let operation = trial.operations[id].clone();
        let query = if id == "create_api_key" {
            ""
        } else {
            "?tenant=going"
        };
        let mut request = trial.request(Some(ADMIN), &operation, target, query);
        if let Some(body) = body {
            request = with_json(request, &body.to_string());
        }
        let answer = trial.answer(id, request, 409).await;
        assert_eq!(answer.json["code"], "tenant_being_deleted", "{id}");
    }
    for (id, target, body) in [
        ("create_tenant", "", Some(json!({"id": "twice"}))),
        ("create_event_type", "", Some(entry)),
        ("replay_webhook", &*hook, Some(document("replay_webhook"))),
        ("retry_delivery", waiting, None),
        ("rotate_webhook_secret", &*hook, Some(json!({}))),
        ("cancel_replay", &*replay, None),
    ] {
        let operation = trial.operations[id].clone();
        let mut request = trial.request(Some(ADMIN), &operation, target, "");
        if let Some(body) = body {
            request = with_json(request, &body.to_string());
        }
        trial.answer(id, request, 409).await;
    }
}

/// After everything else that needs the event.
async fn erasures(trial: &mut Trial) {
    let erasure = trial
        .call("erase_events", "", "?type=never.published", None)
        .await;
    let erasure = erasure.json["erasure_id"].as_str().unwrap().to_owned();
    trial.call("get_erasure", &erasure, "", None).await;
    trial.call("erase_event", EVENT, "", None).await;
    let operation = trial.operations["replay_event"].clone();
    let request = trial.request(Some(ADMIN), &operation, EVENT, "");
    trial.answer(&operation.id, request, 409).await;
}

/// Without the database nobody can say whose a key is that is not known.
async fn outages(trial: &mut Trial) {
    trial.api.link.refuse();
    let operations: Vec<Operation> = trial.operations.values().cloned().collect();
    for operation in operations {
        // So many unknown keys in a second are not looked up.
        let answer = eventually(SOON, async || {
            let request = trial.request(Some("phk_unknown"), &operation, UNKNOWN, "");
            let answer = send(request).await;
            if answer.status == 503 {
                Ok(answer)
            } else {
                Err(answer)
            }
        })
        .await;
        trial.compare(&operation.id, &answer);
    }
}

#[tokio::test]
async fn every_answer_is_as_the_document_declares_it() {
    let mut trial = Trial::start().await;
    successes(&mut trial).await;
    refusals(&mut trial).await;
    states(&mut trial).await;
    erasures(&mut trial).await;
    outages(&mut trial).await;
    let mut unseen = Vec::new();
    for operation in trial.operations.values() {
        for status in operation.declared.as_object().unwrap().keys() {
            let is_excused = UNSEEN.iter().any(|(known, _)| known == status);
            let key = (operation.id.clone(), status.clone());
            if !is_excused && !trial.seen.contains(&key) {
                unseen.push(key);
            }
        }
    }
    assert!(
        unseen.is_empty(),
        "declared, but never answered: {unseen:?}"
    );
}
