//! An idempotency key is the tenant's own, and names one event.

use async_nats::{HeaderMap, jetstream};
use posthorn_testkit::Service;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    events::{ids, stored},
    fixture::{ADMIN, Answer, Api, client, json as with_json, send},
};

fn event(event_type: &str, data: &Value, key: &str) -> Value {
    json!({"type": event_type, "data": data, "idempotency_key": key})
}

async fn post_to(replica: &Service, event: &Value) -> Answer {
    let request = client()
        .post(replica.url("/api/v1/events"))
        .bearer_auth(ADMIN);
    send(with_json(request, &event.to_string())).await
}

#[tokio::test]
async fn a_key_used_again_for_another_event_is_refused() {
    let api = Api::start().await;
    let replica = api.replica().await;
    let event = |event_type: &str, data: Value| event(event_type, &data, "order-7");
    let first = api
        .post("/events", &event("order.paid", json!({"n": 1})))
        .await;
    assert_eq!(first.status, 202, "{first:?}");
    for other in [
        event("order.paid", json!({"n": 2})),
        event("order.sent", json!({"n": 1})),
    ] {
        for answer in [
            api.post("/events", &other).await,
            post_to(&replica, &other).await,
        ] {
            let problem = answer.is_problem(422, "idempotency_key_reused");
            assert_eq!(problem.fields(), ["idempotency_key"]);
            assert!(problem.text.contains(ids(&first)[0]), "{}", problem.text);
        }
    }
    // The same is the same on every replica, however it is spaced.
    for answer in [
        api.post("/events", &event("order.paid", json!({"n": 1})))
            .await,
        post_to(&replica, &event("order.paid", json!({"n": 1}))).await,
        api.send_json(
            Method::POST,
            "/events",
            r#"{"type":"order.paid","data":{ "n" : 1 },"idempotency_key":"order-7"}"#,
        )
        .await,
    ] {
        assert_eq!(answer.status, 202, "{answer:?}");
        assert_eq!(ids(&answer), ids(&first));
        assert_eq!(answer.json["events"][0]["duplicate"], true);
    }
    assert_eq!(stored(&api).await.len(), 1);
}

#[tokio::test]
async fn a_key_of_an_array_that_belongs_to_another_event_is_named_by_its_place() {
    let api = Api::start().await;
    let first = event("a", &json!(1), "x");
    assert_eq!(api.post("/events", &first).await.status, 202);
    let array = json!([event("a", &json!(1), "x"), event("b", &json!(1), "x")]);
    let answer = api.post("/events", &array).await;
    let problem = answer.is_problem(422, "idempotency_key_reused");
    assert_eq!(problem.fields(), ["[1].idempotency_key"]);
    let array = json!([event("c", &json!(1), "y"), event("a", &json!(2), "x")]);
    let answer = api.post("/events", &array).await;
    let problem = answer.is_problem(422, "idempotency_key_reused");
    assert_eq!(problem.fields(), ["[1].idempotency_key"]);
    // Two that differ within one request: nothing of it is stored.
    let before = stored(&api).await.len();
    let array = json!([event("d", &json!(1), "z"), event("d", &json!(2), "z")]);
    let answer = api.post("/events", &array).await;
    let problem = answer.is_problem(422, "idempotency_key_reused");
    assert_eq!(problem.fields(), ["[1].idempotency_key"]);
    assert_eq!(stored(&api).await.len(), before);
    // In the header a key names the request.
    for (body, status) in [
        (r#"{"type":"e","data":1}"#, 202),
        (r#"{"type":"e","data":1}"#, 202),
        (r#"{"type":"e","data":2}"#, 422),
    ] {
        let request = with_json(api.request(Method::POST, "/events"), body);
        let answer = send(request.header("idempotency-key", "header")).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

#[tokio::test]
async fn nobody_on_nats_occupies_a_key_that_he_can_guess() {
    let api = Api::start().await;
    let stranger = jetstream::new(async_nats::connect(api.nats.url()).await.unwrap());
    for name in ["http:b:k", "b:k", "k"] {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", name);
        let subject = "posthorn.events.a.order.paid";
        let sent = stranger.publish_with_headers(subject, headers, "1".into());
        sent.await.unwrap().await.unwrap();
    }
    let key = api.key("publisher", "b").await;
    let publish = async || {
        let request = api.request_as(&key, Method::POST, "/events");
        let body = event("order.paid", &json!(1), "k");
        send(with_json(request, &body.to_string())).await
    };
    let answer = publish().await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.json["events"][0]["duplicate"], false);
    assert_eq!(ids(&publish().await), ids(&answer));
    let of_b = |message: &&crate::events::Stored| message.subject.starts_with("posthorn.events.b.");
    let stored = stored(&api).await;
    let stored: Vec<_> = stored.iter().filter(of_b).collect();
    assert_eq!(stored.len(), 1);
    let id = stored[0].headers.get("Posthorn-Event-Id").unwrap();
    assert_eq!(id.as_str(), ids(&answer)[0]);
}
