//! POST /events as senders in the field write it: byte order marks, compressed bodies, quoted keys, CloudEvents of every kind.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    events::{ids, stored},
    fixture::{Answer, Api, json as with_json, send},
};

const BOM: &str = "\u{feff}";

async fn publish(api: &Api, headers: &[(&str, &[u8])], body: impl Into<reqwest::Body>) -> Answer {
    let mut request = api.request(Method::POST, "/events").body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request).await
}

#[tokio::test]
async fn a_byte_order_mark_is_read_everywhere() {
    let api = Api::start().await;
    let event = r#"{"type":"a.b","data":{"n": 0.10}}"#;
    let cloud_event = r#"{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data":1}"#;
    for (media_type, body) in [
        ("application/json", event.to_owned()),
        ("application/json", format!("[{event}]")),
        ("application/cloudevents+json", cloud_event.to_owned()),
        (
            "application/cloudevents-batch+json",
            format!("[{cloud_event}]"),
        ),
    ] {
        let headers = [("content-type", media_type.as_bytes())];
        let answer = publish(&api, &headers, format!("{BOM}{body}")).await;
        assert_eq!(answer.status, 202, "{media_type}: {answer:?}");
    }
    let binary: [(&str, &[u8]); 5] = [
        ("content-type", b"application/json"),
        ("ce-specversion", b"1.0"),
        ("ce-id", b"1"),
        ("ce-source", b"/s"),
        ("ce-type", b"a.b"),
    ];
    assert_eq!(publish(&api, &binary, format!("{BOM}1")).await.status, 202);
    assert_eq!(stored(&api).await[0].body, r#"{"n": 0.10}"#);
    let webhook = r#"{"name":"n","url":"https://example.com/","event_types":["*"]}"#;
    let created = api
        .send_json(Method::POST, "/webhooks", &format!("{BOM}{webhook}"))
        .await;
    assert_eq!(created.status, 201, "{created:?}");
    let path = format!("/webhooks/{}", created.json["id"].as_str().unwrap());
    for (method, body) in [(Method::PATCH, r#"{"name":"m"}"#), (Method::PUT, webhook)] {
        let answer = api.send_json(method, &path, &format!("{BOM}{body}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let utf_16: Vec<u8> = format!("{BOM}{event}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let headers: [(&str, &[u8]); 1] = [("content-type", b"application/json")];
    let answer = publish(&api, &headers, utf_16).await;
    answer.is_problem(400, "invalid_json");
    assert!(answer.text.contains("UTF-16"), "{answer:?}");
}

#[tokio::test]
async fn a_compressed_body_is_415_and_says_what_is_taken() {
    let api = Api::start().await;
    // The beginning of any gzip.
    let gzip: &[u8] = &[
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    for media_type in [
        "application/json",
        "application/cloudevents+json",
        "text/plain",
    ] {
        let headers: [(&str, &[u8]); 2] = [
            ("content-type", media_type.as_bytes()),
            ("content-encoding", b"gzip"),
        ];
        let answer = publish(&api, &headers, gzip).await;
        answer.is_problem(415, "unsupported_media_type");
        assert!(answer.text.contains("Content-Encoding: gzip"), "{answer:?}");
        assert_eq!(answer.header("accept-encoding"), "identity");
    }
    // Nobody said so.
    let headers: [(&str, &[u8]); 1] = [("content-type", b"application/json")];
    let answer = publish(&api, &headers, gzip).await;
    answer.is_problem(400, "invalid_json");
    assert!(answer.text.contains("compressed (gzip)"), "{answer:?}");
    let headers: [(&str, &[u8]); 2] = [
        ("content-type", b"application/json"),
        ("content-encoding", b"Identity"),
    ];
    let answer = publish(&api, &headers, r#"{"type":"a","data":1}"#).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    // Another 415 says nothing of encodings.
    let headers: [(&str, &[u8]); 1] = [("content-type", b"text/plain")];
    let answer = publish(&api, &headers, "1").await;
    answer.is_problem(415, "unsupported_media_type");
    assert_eq!(answer.header("accept-encoding"), "");
}

#[tokio::test]
async fn an_idempotency_key_may_be_quoted() {
    let api = Api::start().await;
    let with_key = async |keys: &[&str], event: Value| {
        let mut request = with_json(api.request(Method::POST, "/events"), &event.to_string());
        for key in keys {
            request = request.header("idempotency-key", *key);
        }
        send(request).await
    };
    let event = json!({"type": "order.created", "data": {"n": 1}});
    let first = with_key(&["order-7"], event.clone()).await;
    let again = with_key(&["\"order-7\""], event.clone()).await;
    assert_eq!((again.status, ids(&again)), (202, ids(&first)), "{again:?}");
    assert_eq!(again.json["events"][0]["duplicate"], true);
    for changed in [
        json!({"type": "order.paid", "data": {"n": 1}}),
        json!({"type": "order.created", "data": {"n": 2}}),
    ] {
        let refused = with_key(&["\"order-7\""], changed).await;
        refused.is_problem(422, "idempotency_key_reused");
    }
    for wrong in [&["\"order-7"][..], &["\"\""], &["\"a b\""], &["a", "b"]] {
        let refused = with_key(wrong, event.clone()).await;
        refused.is_problem(422, "validation_failed");
        assert_eq!(refused.fields(), ["Idempotency-Key"], "{wrong:?}");
    }
    assert_eq!(stored(&api).await.len(), 1);
}

#[tokio::test]
async fn cloud_events_come_with_all_that_they_have() {
    let api = Api::start().await;
    let of = |value: &'static [u8]| -> Vec<(&'static str, &'static [u8])> {
        vec![
            ("ce-specversion", b"1.0"),
            ("ce-id", value),
            ("ce-source", b"/s"),
            ("ce-type", b"a.b"),
        ]
    };
    let png = [
        of(b"J\xf6rg"),
        vec![("content-type", b"image/png"), ("ce-zone", b"\"e u\"")],
    ]
    .concat();
    let answer = publish(&api, &png, "PNG!").await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let json = [of(b"2"), vec![("content-type", b"application/x+json")]].concat();
    assert_eq!(publish(&api, &json, "{\"n\": 0.10}").await.status, 202);
    let batch: [(&str, &[u8]); 1] = [("content-type", b"application/cloudevents-batch+json")];
    let empty = publish(&api, &batch, " [ ] ").await;
    assert_eq!((empty.status, &empty.json), (202, &json!({"events": []})));

    let stored = stored(&api).await;
    assert_eq!(stored.len(), 2);
    let header = |index: usize, name: &str| {
        stored[index]
            .headers
            .get(name)
            .map(|value| value.as_str().to_owned())
    };
    assert_eq!(stored[0].body, "PNG!");
    for (name, value) in [
        ("ce-id", "J%C3%B6rg"),
        ("ce-zone", "e%20u"),
        ("ce-datacontenttype", "image/png"),
    ] {
        assert_eq!(header(0, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(stored[1].body, "{\"n\": 0.10}");
    assert_eq!(
        header(1, "ce-datacontenttype").as_deref(),
        Some("application/x+json")
    );

    // A schema can say nothing of bytes.
    let entry = json!({"name": "a.b", "schema": {"type": "string"}});
    assert_eq!(api.post("/event-types", &entry).await.status, 201);
    let refused = publish(&api, &png, "PNG!").await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["data"]
    );

    for (media_type, words) in [
        (&b"application/cloudevents+xml"[..], "JSON alone"),
        (
            b"application/x-www-form-urlencoded",
            "Content-Type: application/json",
        ),
    ] {
        let headers = [of(b"3"), vec![("content-type", media_type)]].concat();
        let refused = publish(&api, &headers, "{\"a\":1}").await;
        refused.is_problem(415, "unsupported_media_type");
        assert!(refused.text.contains(words), "{refused:?}");
    }
    let many: Vec<String> = (0..65).map(|n| format!("\"x{n}\":1")).collect();
    let large = "x".repeat(4_100);
    for (members, field) in [
        (r#""ext":{"a":1}"#, "ext"),
        (r#""traceParent":"x""#, "traceParent"),
        (r#""big":2147483648"#, "big"),
        (&many.join(","), "x64"),
        (&format!(r#""large":"{large}""#), "large"),
        (
            r#""datacontenttype":"application/json","data_base64":"AAAA""#,
            "data_base64",
        ),
    ] {
        let event =
            format!(r#"{{"specversion":"1.0","id":"1","source":"/s","type":"b",{members}}}"#);
        let headers: [(&str, &[u8]); 1] = [("content-type", b"application/cloudevents+json")];
        let refused = publish(&api, &headers, event).await;
        assert_eq!(
            refused.is_problem(422, "validation_failed").fields(),
            [field],
            "{members}"
        );
    }
}

#[tokio::test]
async fn a_sender_is_told_that_it_may_send() {
    let ask = async |api: &Api, origin: &str| {
        let request = api
            .anonymous(Method::OPTIONS, "/api/v1/events")
            .header("webhook-request-origin", origin)
            .header("webhook-request-rate", "120");
        send(request).await
    };
    let closed = Api::start().await;
    let refused = ask(&closed, "eventgrid.azure.net").await;
    assert_eq!(refused.status, 405, "{refused:?}");
    assert_eq!(refused.header("webhook-allowed-origin"), "");
    drop(closed);
    let some = Api::start_with(|setup| {
        setup
            .env("POSTHORN_CLOUDEVENTS_ORIGINS", "other.example, EventGrid.azure.net")
            // Which answers preflights, and no others.
            .env("POSTHORN_CORS_ORIGINS", "*")
            .env("POSTHORN_API_RATE_LIMIT_PER_SECOND", "50")
    })
    .await;
    let granted = ask(&some, "eventgrid.azure.net").await;
    assert_eq!(granted.status, 200, "{granted:?}");
    assert_eq!(
        granted.header("webhook-allowed-origin"),
        "eventgrid.azure.net"
    );
    assert_eq!(granted.header("webhook-allowed-rate"), "3000");
    assert_eq!(granted.header("allow"), "POST");
    let refused = ask(&some, "evil.example").await;
    refused.is_problem(403, "forbidden");
    assert_eq!(refused.header("webhook-allowed-origin"), "");
    let elsewhere = some
        .anonymous(Method::OPTIONS, "/api/v1/webhooks")
        .header("webhook-request-origin", "eventgrid.azure.net");
    assert_eq!(send(elsewhere).await.header("webhook-allowed-origin"), "");
    drop(some);
    let any = Api::start_with(|setup| setup.env("POSTHORN_CLOUDEVENTS_ORIGINS", "*")).await;
    let granted = ask(&any, "anybody.example").await;
    assert_eq!(granted.header("webhook-allowed-origin"), "anybody.example");
}

#[tokio::test]
async fn a_time_with_a_plus_is_read_in_every_query() {
    let api = Api::start().await;
    let since = "2026-01-26T12:00:00+00:00";
    for path in [
        "/events",
        "/deliveries",
        "/dead-letters",
        "/audit-log",
        "/stats",
        "/deliveries/export?format=csv",
    ] {
        let sign = if path.contains('?') { '&' } else { '?' };
        for since in [
            since,
            "2026-01-26T12:00:00%2B00:00",
            "2026-01-26T12:00:00.5+05:30",
        ] {
            let answer = api
                .get(&format!(
                    "{path}{sign}since={since}&until=2026-01-26T18:00:00Z"
                ))
                .await;
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
        }
        let refused = api
            .get(&format!("{path}{sign}since=2026-01-26+12:00"))
            .await;
        assert_eq!(
            refused.is_problem(422, "validation_failed").fields(),
            ["since"]
        );
    }
}

#[tokio::test]
async fn a_broken_trace_is_dropped() {
    let api = Api::start().await;
    let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let zero = "00-00000000000000000000000000000000-0000000000000000-00";
    let upper = valid.to_uppercase();
    for (parents, states, sent) in [
        (&[valid][..], &["a=1", "b=2"][..], Some("a=1,b=2")),
        (&[zero], &["a=1"], None),
        (&[&upper], &["a=1"], None),
        (&[valid, valid], &[], None),
        (&[valid], &["A=1"], None),
    ] {
        let mut request = with_json(
            api.request(Method::POST, "/events"),
            r#"{"type":"a","data":1}"#,
        );
        for parent in parents {
            request = request.header("traceparent", *parent);
        }
        for state in states {
            request = request.header("tracestate", *state);
        }
        assert_eq!(send(request).await.status, 202);
        let last = stored(&api).await.pop().unwrap();
        let header = |name: &str| {
            last.headers
                .get(name)
                .map(|value| value.as_str().to_owned())
        };
        let is_kept = *parents == [valid];
        assert_eq!(header("traceparent").is_some(), is_kept, "{parents:?}");
        assert_eq!(header("tracestate").as_deref(), sent, "{states:?}");
    }
}
