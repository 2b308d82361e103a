//! POST /events: what is accepted, and what the stream holds afterwards.

use async_nats::jetstream;
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Answer, Api, json as with_json, send};

pub(crate) struct Stored {
    pub(crate) subject: String,
    pub(crate) headers: async_nats::HeaderMap,
    pub(crate) body: String,
}

/// The stream, for another client than ours.
async fn events_stream(api: &Api) -> jetstream::stream::Stream {
    let client = async_nats::connect(api.nats.url()).await.unwrap();
    let context = jetstream::new(client);
    context.get_stream("POSTHORN_EVENTS").await.unwrap()
}

/// Everything in the stream.
pub(crate) async fn stored(api: &Api) -> Vec<Stored> {
    let stream = events_stream(api).await;
    let state = &stream.cached_info().state;
    let mut messages = Vec::new();
    for sequence in state.first_sequence.max(1)..=state.last_sequence {
        let message = stream.direct_get(sequence).await.unwrap();
        messages.push(Stored {
            subject: message.subject.to_string(),
            headers: message.headers,
            body: String::from_utf8(message.payload.to_vec()).unwrap(),
        });
    }
    messages
}

pub(crate) fn ids(answer: &Answer) -> Vec<&str> {
    let events = answer.json["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn an_event_is_in_the_stream_byte_for_byte_when_it_is_accepted() {
    let api = Api::start().await;
    let data = "{ \"n\": 0.10,\"u\":\"\\u00e9\\/\",\"big\":12345678901234567890, \"a\":1,\"a\":2}";
    let body = format!(
        r#"{{"type":"user.created","data":{data},"timestamp":"2025-01-26T12:00:00+01:00"}}"#
    );
    let traced = with_json(api.request(Method::POST, "/events"), &body).header(
        "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    );
    let answer = send(traced).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.json["events"][0]["type"], "user.created");
    assert_eq!(answer.json["events"][0]["duplicate"], false);
    let stored = stored(&api).await;
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].subject, "posthorn.events.default.user.created");
    assert_eq!(stored[0].body, data);
    let header = |name: &str| {
        stored[0]
            .headers
            .get(name)
            .map(|value| value.as_str().to_owned())
    };
    assert_eq!(
        header("Posthorn-Event-Id").as_deref(),
        Some(ids(&answer)[0])
    );
    assert_eq!(
        header("Posthorn-Timestamp").as_deref(),
        Some("2025-01-26T11:00:00Z")
    );
    assert!(header("traceparent").is_some());
}

#[tokio::test]
async fn an_array_is_accepted_whole_and_answered_in_its_order() {
    let api = Api::start().await;
    let events: Vec<Value> = (0..1_000)
        .map(|n| json!({"type": format!("n.{n}"), "data": n}))
        .collect();
    let answer = api.post("/events?tenant=acme", &json!(events)).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let types: Vec<&str> = answer.json["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["type"].as_str().unwrap())
        .collect();
    assert_eq!((types.len(), types[0], types[999]), (1_000, "n.0", "n.999"));
    let stored = stored(&api).await;
    assert_eq!(stored.len(), 1_000);
    let last = stored
        .iter()
        .find(|message| message.subject == "posthorn.events.acme.n.999")
        .unwrap();
    let id = last.headers.get("Posthorn-Event-Id").unwrap();
    assert_eq!(
        (last.body.as_str(), id.as_str()),
        ("999", ids(&answer)[999])
    );
}

#[tokio::test]
async fn nothing_of_a_request_is_accepted_when_one_event_is_wrong() {
    let api = Api::start().await;
    let too_many: Vec<Value> = (0..1_001)
        .map(|_| json!({"type": "a", "data": 1}))
        .collect();
    for (body, fields) in [
        (
            json!([{"type": "a", "data": 1}, {"type": "a b", "data": 1}, {"data": 1, "x": 2}]),
            &["[1].type", "[2].x", "[2].type"][..],
        ),
        (json!([{"type": "a", "data": 1}, 7]), &["[1]"]),
        (json!({"type": "a", "typo": 1, "data": 1}), &["typo"]),
        (json!({"type": "a"}), &["data"]),
        (
            json!({"type": "a", "data": 1, "idempotency_key": "a b"}),
            &["idempotency_key"],
        ),
        (
            json!({"type": "a", "data": 1, "timestamp": 5}),
            &["timestamp"],
        ),
        (json!([]), &[""]),
        (json!("text"), &[""]),
        (json!(too_many), &[""]),
    ] {
        let answer = api.post("/events", &body).await;
        assert_eq!(answer.is_problem(422, "validation_failed").fields(), fields);
    }
    let bad_key = with_json(
        api.request(Method::POST, "/events"),
        r#"{"type":"a","data":1}"#,
    )
    .header("idempotency-key", "a b");
    assert_eq!(
        send(bad_key)
            .await
            .is_problem(422, "validation_failed")
            .fields(),
        ["Idempotency-Key"]
    );
    let broken = api
        .send_json(Method::POST, "/events", r#"[{"type":"a","data":1},"#)
        .await;
    broken.is_problem(400, "invalid_json");
    assert_eq!(stored(&api).await.len(), 0);
}

/// What Posthorn says of itself nobody else says, whichever way an event comes.
#[tokio::test]
async fn nobody_publishes_what_posthorn_says_of_itself() {
    let api = Api::start().await;
    let types = [
        "delivery.exhausted",
        "webhook.disabled",
        "webhook.failing",
        "webhook.recovered",
    ];
    let refused = async |request: reqwest::RequestBuilder, field: &str| {
        let answer = send(request).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            [field]
        );
        let detail = answer.json["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("Posthorn"), "{answer:?}");
    };
    let post = || api.request(Method::POST, "/events");
    for name in types {
        let event = json!({"type": name, "data": {}});
        refused(with_json(post(), &event.to_string()), "type").await;
        let array = json!([{"type": "a.b", "data": 1}, event]);
        refused(with_json(post(), &array.to_string()), "[1].type").await;
        let cloud_event = json!({
            "specversion": "1.0", "id": "1", "source": "posthorn", "type": name, "data": {},
        });
        let of_kind = |kind: &str| post().header("content-type", format!("application/{kind}"));
        let structured = of_kind("cloudevents+json").body(cloud_event.to_string());
        refused(structured, "type").await;
        let batch = json!([cloud_event]).to_string();
        refused(of_kind("cloudevents-batch+json").body(batch), "[0].type").await;
        let binary = with_json(post(), "{}")
            .header("ce-specversion", "1.0")
            .header("ce-id", "1")
            .header("ce-source", "posthorn")
            .header("ce-type", name);
        refused(binary, "type").await;
    }
    // Under no other type either: receivers may go by the source.
    let in_its_name = json!({
        "specversion": "1.0", "id": "1", "source": "posthorn", "type": "webhook.created", "data": {},
    });
    let structured = post().header("content-type", "application/cloudevents+json");
    refused(structured.body(in_its_name.to_string()), "source").await;
    assert_eq!(stored(&api).await.len(), 0);
    // Other types of these families are the applications' own.
    for name in ["webhook.created", "delivery.started", "webhook.failing.x"] {
        let answer = api.post("/events", &json!({"type": name, "data": 1})).await;
        assert_eq!(answer.status, 202, "{answer:?}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_what_just_fits_is_not() {
    let api = Api::start_with(|setup| {
        setup
            .env("POSTHORN_EVENT_BYTES_MAX", "2000")
            .env("POSTHORN_REQUEST_BYTES_MAX", "10000")
    })
    .await;
    let event = |data_bytes: usize| json!({"type": "a", "data": "x".repeat(data_bytes - 2)});
    assert_eq!(api.post("/events", &event(2_000)).await.status, 202);
    api.post("/events", &event(2_001))
        .await
        .is_problem(413, "payload_too_large");
    let array = api
        .post("/events", &json!([event(100), event(2_001)]))
        .await;
    array.is_problem(413, "payload_too_large");
    assert!(
        array.json["detail"]
            .as_str()
            .unwrap()
            .starts_with("[1].data"),
        "{array:?}"
    );
    let events: Vec<Value> = (0..6).map(|_| event(1_900)).collect();
    api.post("/events", &json!(events))
        .await
        .is_problem(413, "payload_too_large");
    assert_eq!(stored(&api).await.len(), 1);
}

#[tokio::test]
async fn a_repeated_key_answers_the_first_events_id_and_tenants_never_collide() {
    let api = Api::start().await;
    let event = json!({"type": "a.b", "data": 1, "idempotency_key": "order-7"});
    let first = api.post("/events", &event).await;
    let again = api.post("/events", &event).await;
    assert_eq!(again.status, 202);
    assert_eq!(ids(&first), ids(&again));
    assert_eq!(
        again.json["events"][0],
        json!({"id": ids(&first)[0], "type": "a.b", "duplicate": true})
    );
    let elsewhere = api.post("/events?tenant=acme", &event).await;
    assert_eq!(elsewhere.json["events"][0]["duplicate"], false);
    let in_header = with_json(
        api.request(Method::POST, "/events"),
        r#"{"type":"a.b","data":1}"#,
    )
    .header("idempotency-key", "order-7");
    assert_eq!(ids(&send(in_header).await), ids(&first));
    assert_eq!(stored(&api).await.len(), 2);
}

/// Its own id would be that of no event, and a publisher would look for it in vain.
#[tokio::test]
async fn a_repeated_key_whose_first_event_cannot_be_read_is_not_answered_with_a_guess() {
    let api = Api::start().await;
    let event = json!({"type": "a.b", "data": 1, "idempotency_key": "order-7"});
    assert_eq!(api.post("/events", &event).await.status, 202);
    events_stream(&api).await.delete_message(1).await.unwrap();
    api.post("/events", &event)
        .await
        .is_problem(503, "queue_unavailable");
    assert_eq!(stored(&api).await.len(), 0);
}

#[tokio::test]
async fn a_key_in_the_header_names_a_whole_array() {
    let api = Api::start().await;
    let long = "k".repeat(128);
    for key in ["batch-1", &long] {
        let post = || {
            let body = r#"[{"type":"a","data":1},{"type":"b","data":2}]"#;
            send(
                with_json(api.request(Method::POST, "/events"), body)
                    .header("idempotency-key", key),
            )
        };
        let (first, again) = (post().await, post().await);
        assert_eq!(ids(&first), ids(&again), "{key}");
        assert_ne!(ids(&first)[0], ids(&first)[1]);
    }
    let twice = json!([
        {"type": "a", "data": 1, "idempotency_key": "x"},
        {"type": "a", "data": 1, "idempotency_key": "x"},
    ]);
    let answer = api.post("/events", &twice).await;
    assert_eq!(ids(&answer)[0], ids(&answer)[1]);
    assert_eq!(stored(&api).await.len(), 5);
}

#[tokio::test]
async fn cloud_events_are_taken_in_all_three_modes() {
    let api = Api::start().await;
    let event = r#"{"specversion":"1.0","id":"1","source":"/shop","type":"order.paid","time":"2025-01-26T12:00:00Z","subject":"s","data":{"n":0.10}}"#;
    let send_as = |media_type: &str, body: String| {
        send(
            api.request(Method::POST, "/events")
                .header("content-type", media_type.to_owned())
                .body(body),
        )
    };
    let structured = send_as(
        "application/cloudevents+json; charset=utf-8",
        event.to_owned(),
    )
    .await;
    let batch = send_as("application/cloudevents-batch+json", format!("[{event}]")).await;
    let binary = with_json(api.request(Method::POST, "/events"), r#"{"n":0.10}"#)
        .header("ce-specversion", "1.0")
        .header("ce-id", "1")
        .header("ce-source", "/sh%6Fp")
        .header("ce-type", "order.paid")
        .header("ce-subject", "s")
        .header("ce-time", "2025-01-26T12:00:00Z");
    for answer in [structured, batch, send(binary).await] {
        assert_eq!(answer.status, 202, "{answer:?}");
        assert_eq!(answer.json["events"][0]["type"], "order.paid");
    }
    let stored = stored(&api).await;
    assert_eq!(stored.len(), 3);
    for message in stored {
        let header = |name: &str| {
            message
                .headers
                .get(name)
                .map(|value| value.as_str().to_owned())
        };
        assert_eq!(message.body, r#"{"n":0.10}"#);
        assert_eq!(header("ce-source").as_deref(), Some("/shop"));
        assert_eq!(header("ce-id").as_deref(), Some("1"));
        assert_eq!(header("ce-subject").as_deref(), Some("s"));
        assert_eq!(
            header("Posthorn-Timestamp").as_deref(),
            Some("2025-01-26T12:00:00Z")
        );
    }
    for (body, fields) in [
        (
            r#"{"specversion":"1.0","source":"/s","type":"a"}"#,
            &["id"][..],
        ),
        (
            r#"{"specversion":"0.3","id":"1","source":"/s","type":"a"}"#,
            &["specversion"],
        ),
        (
            r#"{"specversion":"1.0","id":"1","source":"/s","type":"a b"}"#,
            &["type"],
        ),
        (
            r#"{"specversion":"1.0","id":"1","source":"/s","type":"a","time":"now"}"#,
            &["time"],
        ),
    ] {
        let answer = send_as("application/cloudevents+json", body.to_owned()).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            fields,
            "{body}"
        );
    }
    let lacking = with_json(api.request(Method::POST, "/events"), "1").header("ce-id", "1");
    let lacking = send(lacking).await;
    assert_eq!(
        lacking.is_problem(422, "validation_failed").fields(),
        ["ce-specversion", "ce-source", "ce-type"]
    );
}
