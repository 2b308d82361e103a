//! Standard Webhooks 1.0, as a receiver sees it. The lines are numbered in docs/conformance.md.

use chrono::{DateTime, TimeDelta, Utc};
use posthorn_testkit::{Answer, ReceivedRequest, Receiver, eventually};
use serde_json::{Value, json};

use crate::{
    http::{Reply, send},
    stack::{ADMIN_KEY, DEADLINE, Stack, now, verify},
};

/// Text that parsing and printing would change: white space, order of keys, unicode in both spellings, escaped
/// slashes, numbers that no float or 64-bit integer holds.
const ODD_DATA: [&str; 9] = [
    "{ \"b\" : 1,\t\"a\" : [ ] ,\r\n \"b\" : 2 }",
    r#"{"z":1,"a":2,"10":3,"9":4}"#,
    r#"{"u":"é\u00e9\ud83d\ude00😀","nul":"\u0000"}"#,
    r#""https:\/\/example.com\/""#,
    "0.10",
    "{}",
    "[9223372036854775807,-9223372036854775808,18446744073709551615]",
    "1e400",
    "-0.0",
];

impl Stack {
    /// `POST /events` with a body of the test's own spelling.
    async fn post_event(&self, content_type: &str, body: &str) -> Reply {
        let authorization = format!("Bearer {ADMIN_KEY}");
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", content_type),
        ];
        send(self.api.address(), "POST", "/api/v1/events", &headers, body)
            .await
            .unwrap()
    }
}

/// How long before its arrival a request says that it was sent, in seconds.
fn age(request: &ReceivedRequest) -> f64 {
    let said = request.header("webhook-timestamp").parse().unwrap();
    let said = DateTime::from_timestamp(said, 0).unwrap();
    (now() - said).as_seconds_f64() - request.arrived_at.elapsed().as_secs_f64()
}

#[tokio::test]
async fn the_request_has_the_form_that_the_standard_asks_for() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    let event = stack.publish("user.created", &json!({"a": 1})).await;
    let request = receiver.wait_for(1).await.remove(0);
    assert_eq!(
        (request.method.as_str(), request.header("content-type")),
        ("POST", "application/json")
    );
    assert_eq!(
        request.header("content-length"),
        request.body.len().to_string()
    );
    assert_eq!(request.header("webhook-id"), event);
    let seconds = request.header("webhook-timestamp");
    assert!(seconds.bytes().all(|b| b.is_ascii_digit()), "{seconds}");
    let signature = request.header("webhook-signature");
    let (version, value) = signature.split_once(',').unwrap();
    assert_eq!((version, value.len()), ("v1", 44), "{signature}");
    assert!(value.ends_with('='), "padded: {signature}");
    verify(&hook.secret, &request);
}

/// The id belongs to the event and the timestamp to the attempt, however old the event says that it is.
#[tokio::test]
async fn the_id_stays_and_the_timestamp_is_the_attempts_on_each_retry_and_replay() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(500));
    receiver.next(Answer::status(500));
    let hook = stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [2]}))
        .await;
    let old = r#"{"type":"a.b","data":1,"timestamp":"2001-02-03T04:05:06Z"}"#;
    let reply = stack.post_event("application/json", old).await;
    let event = reply.body["events"][0]["id"].as_str().unwrap().to_owned();
    let failed = stack.delivery(&event, "failed").await;
    let retry = format!("/deliveries/{}/retry", failed["id"].as_str().unwrap());
    assert_eq!(
        stack.request("POST", &retry, &Value::Null).await.status,
        202
    );
    stack.delivery(&event, "success").await;
    let replay = format!("/events/{event}/replay");
    assert_eq!(
        stack.request("POST", &replay, &Value::Null).await.status,
        202
    );

    let requests = receiver.wait_for(4).await;
    for request in &requests {
        verify(&hook.secret, request);
        assert_eq!(request.header("webhook-id"), event);
        assert_eq!(request.body, requests[0].body);
        let age = age(request);
        assert!((0.0..=5.0).contains(&age), "{age} s");
    }
    let body: Value = serde_json::from_slice(&requests[3].body).unwrap();
    assert_eq!(body["timestamp"], "2001-02-03T04:05:06Z");
}

#[tokio::test]
async fn neither_id_nor_timestamp_is_the_publishers_or_the_users_to_choose() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    let mut wire = stack.nats_wire().await;
    let chosen = [
        ("ce-specversion", "1.0"),
        ("ce-id", "chosen.by.me"),
        ("ce-source", "/s"),
        ("ce-type", "a.b"),
        ("ce-time", "2001-02-03T04:05:06Z"),
        ("Nats-Msg-Id", "chosen.by.me"),
        ("webhook-id", "chosen.by.me"),
        ("webhook-timestamp", "1"),
    ];
    wire.publish("posthorn.events.default.a.b", &chosen, b"1")
        .await;
    let with_id = r#"{"type":"a.b","data":2,"id":"chosen.by.me"}"#;
    let refused = stack.post_event("application/json", with_id).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let structured =
        r#"{"specversion":"1.0","type":"a.b","id":"chosen.by.me","source":"/s","data":3}"#;
    let taken = stack
        .post_event("application/cloudevents+json", structured)
        .await;
    assert_eq!(taken.status, 202, "{taken:?}");

    for request in receiver.wait_for(2).await {
        verify(&hook.secret, &request);
        let id = request.header("webhook-id");
        assert!(!id.contains('.') && id.len() == 36, "{id}");
        assert!(!request.header("webhook-timestamp").contains('.'));
    }
    for name in ["webhook-id", "Webhook-Timestamp", "WEBHOOK-SIGNATURE"] {
        let patch = json!({"custom_headers": {name: "mine"}});
        let reply = stack
            .request("PATCH", &format!("/webhooks/{}", hook.id), &patch)
            .await;
        assert_eq!(reply.status, 422, "{name}: {reply:?}");
    }
}

/// The two published vectors' secrets are among them, one without its prefix. The lengths are those of keys.
#[tokio::test]
async fn secrets_of_24_to_64_bytes_sign_and_others_are_refused() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    // Base64 of zeros.
    let of = |bytes: usize| {
        let digits = "A".repeat((bytes * 8).div_ceil(6));
        format!(
            "whsec_{digits}{}",
            "=".repeat(digits.len().next_multiple_of(4) - digits.len())
        )
    };
    for bytes in [23, 65] {
        let webhook = json!({"name": "n", "url": receiver.url(), "event_types": ["*"], "signing_secret": of(bytes)});
        let reply = stack.request("POST", "/webhooks", &webhook).await;
        assert_eq!(reply.status, 422, "{bytes} bytes: {reply:?}");
        assert_eq!(reply.body["errors"][0]["field"], "signing_secret");
    }
    let secrets = [
        of(24),
        of(64),
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".to_owned(),
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
    ];
    for (index, secret) in secrets.iter().enumerate() {
        let url = receiver.url_of(&format!("/{index}"));
        let hook = stack.webhook(&url, json!({"signing_secret": secret})).await;
        let shown = stack.get(&format!("/webhooks/{}/secret", hook.id)).await;
        assert_eq!(shown["signing_secret"], secret.as_str());
    }
    stack
        .publish("a.b", &json!({"test": 2_432_232_314_u64}))
        .await;
    for request in receiver.wait_for(secrets.len()).await {
        let index: usize = request.target[1..].parse().unwrap();
        verify(&secrets[index], &request);
    }
}

#[tokio::test]
async fn odd_payloads_are_signed_and_sent_byte_for_byte() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let whole = stack.webhook(&receiver.url_of("/whole"), json!({})).await;
    let raw = stack
        .webhook(&receiver.url_of("/raw"), json!({"payload_format": "raw"}))
        .await;
    let mut wire = stack.nats_wire().await;
    for (n, data) in ODD_DATA.iter().enumerate() {
        wire.publish(
            &format!("posthorn.events.default.nats.n{n}"),
            &[],
            data.as_bytes(),
        )
        .await;
        let event = format!(r#"{{"type":"http.n{n}","data":{data}}}"#);
        let reply = stack.post_event("application/json", &event).await;
        assert_eq!(reply.status, 202, "{data}: {reply:?}");
    }
    let requests = receiver.wait_for(4 * ODD_DATA.len()).await;
    for request in &requests {
        let (_, n) = request.header("x-webhook-event").rsplit_once('n').unwrap();
        let data = ODD_DATA[n.parse::<usize>().unwrap()];
        let body = std::str::from_utf8(&request.body).unwrap();
        if request.target == "/raw" {
            verify(&raw.secret, request);
            assert_eq!(body, data);
        } else {
            verify(&whole.secret, request);
            assert!(body.ends_with(&format!(",\"data\":{data}}}")), "{body}");
        }
    }
    assert_eq!(requests.len(), 4 * ODD_DATA.len(), "each once");
}

#[tokio::test]
async fn after_the_overlap_of_a_rotation_only_the_new_secret_signs() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    let rotated = stack
        .request(
            "POST",
            &format!("/webhooks/{}/secret/rotate", hook.id),
            &json!({"overlap_seconds": 3}),
        )
        .await;
    let new = rotated.body["signing_secret"].as_str().unwrap();
    let signatures = async |n: usize| {
        stack.publish("a.b", &json!(n)).await;
        let request = receiver.wait_for(n).await.pop().unwrap();
        verify(new, &request);
        let count = request.header("webhook-signature").split(' ').count();
        if count == 2 {
            verify(&hook.secret, &request);
        }
        count
    };
    assert_eq!(signatures(1).await, 2);
    let mut n = 1;
    eventually(DEADLINE, async || {
        n += 1;
        match signatures(n).await {
            1 => Ok(()),
            both => Err(both),
        }
    })
    .await;
}

#[tokio::test]
async fn a_schedule_of_days_is_kept_and_each_delivery_has_a_moment_of_its_own() {
    const SECONDS: i64 = 7 * 86_400;
    const DELIVERIES: usize = 20;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    stack
        .webhook(
            &receiver.url(),
            json!({"retry_schedule_seconds": [SECONDS, SECONDS]}),
        )
        .await;
    let ids = stack.publish_numbered(0, DELIVERIES).await;
    let mut moments = Vec::new();
    for id in &ids {
        let delivery = stack.delivery(id, "retrying").await;
        let due: DateTime<Utc> = delivery["next_retry_at"].as_str().unwrap().parse().unwrap();
        let wait = (due - now()).num_seconds();
        assert!(
            (SECONDS * 9 / 10 - 60..=SECONDS * 11 / 10).contains(&wait),
            "{wait} s"
        );
        moments.push(due);
    }
    moments.sort();
    let spread = moments[DELIVERIES - 1] - moments[0];
    assert!(spread > TimeDelta::hours(1), "no jitter: {spread}");
    stack
        .messages(
            "POSTHORN_DELIVERIES",
            "posthorn.deliveries.later.>",
            u64::try_from(DELIVERIES).unwrap(),
        )
        .await;
}
