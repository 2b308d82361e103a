//! Publishing over HTTP.

use std::{
    io::Write,
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
};

use serde::de::IgnoredAny;
use serde_json::json;

use crate::{
    api::{Api, Asked},
    ended, posthorn, run,
};

/// Accepts everything; ids count upwards.
fn accepting(requests: usize) -> Api {
    let next = AtomicUsize::new(1);
    Api::start(requests, move |asked: &Asked| {
        let count = serde_json::from_str::<Vec<IgnoredAny>>(&asked.body).map_or(1, |all| all.len());
        let events: Vec<_> = (0..count)
            .map(|_| {
                let n = next.fetch_add(1, Ordering::SeqCst);
                json!({"id": format!("id-{n}"), "type": "user.created", "duplicate": n == 2})
            })
            .collect();
        (202, json!({ "events": events }).to_string())
    })
}

#[test]
fn publishes_the_data_byte_for_byte() {
    let api = accepting(1);
    let (code, out, err) = run(&[
        "send",
        "user.created",
        r#" {"b":0.10, "a":1e400,"u":"\u00e9"} "#,
        "--api",
        &api.url,
        "--key",
        "phk_test",
        "--tenant",
        "acme",
        "--idempotency-key",
        "k-1",
        "--timestamp",
        "2025-01-26T13:00:00+01:00",
    ]);
    assert_eq!((code, &*err), (0, ""));
    assert_eq!(out, "id-1  user.created  accepted\n");
    let asked = &api.asked()[0];
    assert!(asked.head.starts_with("POST /api/v1/events HTTP/1.1\n"));
    assert_eq!(asked.header("authorization"), Some("Bearer phk_test"));
    assert_eq!(asked.header("posthorn-tenant"), Some("acme"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(
        asked.body,
        r#"{"type":"user.created","data":{"b":0.10, "a":1e400,"u":"\u00e9"},"timestamp":"2025-01-26T12:00:00Z","idempotency_key":"k-1"}"#
    );
}

#[test]
fn takes_key_and_api_from_the_environment_and_data_from_anywhere() {
    let api = accepting(2);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"[1]\n").unwrap();
    let at_file = format!("@{}", file.path().display());
    let mut command = posthorn(&["send", "a", &at_file, "--json"]);
    command
        .env("POSTHORN_API_URL", format!("{}/api/v1/", api.url))
        .env("POSTHORN_KEY", "phk_env");
    let (code, out, _) = ended(command.output().unwrap());
    assert_eq!(code, 0);
    assert_eq!(
        out,
        "{\"id\":\"id-1\",\"type\":\"a\",\"duplicate\":false}\n"
    );

    let mut child = posthorn(&["send", "a", "--api", &api.url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"\"two\"").unwrap();
    let (code, out, _) = ended(child.wait_with_output().unwrap());
    assert_eq!((code, &*out), (0, "id-2  a  duplicate\n"));

    let asked = api.asked();
    assert_eq!(asked[0].header("authorization"), Some("Bearer phk_env"));
    assert!(asked[0].head.starts_with("POST /api/v1/events HTTP/1.1\n"));
    assert_eq!(asked[0].json()["data"], json!([1]));
    assert_eq!(asked[1].header("authorization"), None);
    assert_eq!(asked[1].json()["data"], json!("two"));
}

#[test]
fn sends_many_in_arrays_with_a_key_for_each() {
    let api = accepting(3);
    let arguments = ["send", "a", "{}", "--count", "2500", "--idempotency-key"];
    let (code, out, err) = run(&[&arguments[..], &["k", "--api", &api.url]].concat());
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.lines().count(), 2_500);
    assert!(
        err.starts_with("accepted 2499, duplicates 1, of 2500 in "),
        "{err}"
    );
    let sizes_and_last_keys: Vec<_> = api
        .asked()
        .iter()
        .map(|asked| {
            let events = asked.json();
            let events = events.as_array().unwrap();
            (
                events.len(),
                events.last().unwrap()["idempotency_key"].clone(),
            )
        })
        .collect();
    assert_eq!(
        sizes_and_last_keys,
        [
            (1_000, json!("k-1000")),
            (1_000, json!("k-2000")),
            (500, json!("k-2500"))
        ]
    );
}

#[test]
fn a_refusal_says_why_and_decides_the_exit_code() {
    for (status, code) in [
        (400, 65),
        (401, 77),
        (403, 77),
        (404, 65),
        (413, 65),
        (422, 65),
        (429, 69),
        (500, 69),
        (503, 69),
        (302, 69),
    ] {
        let api = Api::start(1, move |_| {
            let problem = json!({
                "title": "Not valid", "status": status, "detail": "the event is not valid",
                "errors": [{"field": "data.n", "detail": "must be a number"}],
            });
            (status, problem.to_string())
        });
        let (got, out, err) = run(&["send", "a", "{}", "--api", &api.url]);
        assert_eq!((got, &*out), (code, ""), "{status}");
        assert!(err.contains("the event is not valid"), "{err}");
        assert!(err.contains("\n  data.n: must be a number"), "{err}");
    }
}

#[test]
fn an_answer_of_somebody_else_is_told_as_such() {
    for (status, body) in [(202, "<html>"), (200, "{\"events\":[]}"), (502, "<html>")] {
        let api = Api::start(1, move |_| (status, body.to_owned()));
        let (code, out, _) = run(&["send", "a", "{}", "--api", &api.url]);
        assert_eq!((code, &*out), (69, ""), "{status} {body}");
    }
}
