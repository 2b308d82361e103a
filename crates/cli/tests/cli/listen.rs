//! What the receiver verifies, prints and answers.

use std::time::Duration;

use posthorn_domain::{
    Clock, EventId, SignatureFormat, SigningSecret, SigningSecrets, SystemClock, Timestamp,
    body_signature, standard_signature,
};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::listener::Listener;

const BODY: &[u8] =
    br#"{"id":"e","type":"user.created","timestamp":"2025-01-26T12:00:00Z","data":{"n":0.10}}"#;

fn secret(seed: u64) -> SigningSecret {
    SigningSecret::generate(&mut StdRng::seed_from_u64(seed))
}

/// Headers as Posthorn sends them, signed with its own functions.
struct Signed {
    event: String,
    seconds: String,
    standard: String,
    body: String,
    delivery: String,
}

impl Signed {
    fn new(secret: &SigningSecret, at: Timestamp, delivery: &str) -> Self {
        let id = EventId::from_stream_position(1_737_892_800_000_000_000, 7);
        let secrets = SigningSecrets::single(secret.clone());
        Self {
            event: id.to_string(),
            seconds: at.timestamp().to_string(),
            standard: standard_signature(&secrets, id, at, BODY),
            body: body_signature(secret, SignatureFormat::PrefixedHex, BODY),
            delivery: delivery.to_owned(),
        }
    }

    fn now(secret: &SigningSecret, delivery: &str) -> Self {
        Self::new(secret, SystemClock.now(), delivery)
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        vec![
            ("content-type", "application/json"),
            ("webhook-id", &self.event),
            ("webhook-timestamp", &self.seconds),
            ("webhook-signature", &self.standard),
            ("x-webhook-signature", &self.body),
            ("x-webhook-event", "user.created"),
            ("x-webhook-delivery", &self.delivery),
        ]
    }
}

fn json_line(listener: &mut Listener) -> Value {
    serde_json::from_str(&listener.line()).unwrap()
}

#[test]
fn prints_a_delivery_for_people() {
    let secret = secret(1);
    let mut listener = Listener::start(&["--secret", secret.expose()]);
    let signed = Signed::now(&secret, "d1");
    assert_eq!(listener.post(&signed.headers(), BODY), 200);
    let head = listener.line();
    let (_, head) = head.split_once("  ").unwrap();
    assert_eq!(head, "user.created  attempt 1  ✔ verified  → 200");
    let ids = format!("  event {}  delivery d1", signed.event);
    assert_eq!(listener.line(), ids);
    assert_eq!(listener.line(), "  {");
    assert_eq!(listener.line(), "    \"n\": 0.10");
    assert_eq!(listener.line(), "  }");
    let (_, summary) = listener.end("INT");
    assert_eq!(
        summary,
        "requests 1, deliveries 1; verified 1, not verified 0; answered 200 × 1"
    );
}

#[test]
fn tells_a_good_signature_from_a_bad_one() {
    let (mine, old, other) = (secret(1), secret(2), secret(3));
    let both = format!("{},{}", mine.expose(), old.expose());
    let mut listener = Listener::start_with(&["--json"], |command| {
        command.env("POSTHORN_SIGNING_SECRET", &both);
    });
    let late = SystemClock.now() - Duration::from_secs(301);
    let good = Signed::now(&mine, "d");
    let by_old = Signed::now(&old, "d");
    let by_other = Signed::now(&other, "d");
    let too_late = Signed::new(&mine, late, "d");
    let mut without = good.headers();
    without.retain(|(name, _)| *name != "webhook-signature");
    let mut standard_only = good.headers();
    standard_only.retain(|(name, _)| *name != "x-webhook-signature");
    let mut wrong_body = good.headers();
    wrong_body.retain(|(name, _)| *name != "x-webhook-signature");
    wrong_body.push(("x-webhook-signature", "sha256=00"));
    let mut bare_hex = standard_only.clone();
    bare_hex.push(("x-webhook-signature", &good.body["sha256=".len()..]));
    for (headers, body, problem) in [
        (good.headers(), BODY, None),
        (by_old.headers(), BODY, None),
        (standard_only, BODY, None),
        (bare_hex, BODY, None),
        (
            by_other.headers(),
            BODY,
            Some("webhook-signature does not match"),
        ),
        (
            good.headers(),
            b"{}",
            Some("webhook-signature does not match"),
        ),
        (without, BODY, Some("webhook-signature is missing")),
        (wrong_body, BODY, Some("x-webhook-signature does not match")),
        (
            too_late.headers(),
            BODY,
            Some("webhook-timestamp is more than 5 minutes old"),
        ),
        (vec![], BODY, Some("webhook-id is missing")),
    ] {
        let status = if problem.is_some() { 401 } else { 200 };
        assert_eq!(listener.post(&headers, body), status, "{problem:?}");
        let line = json_line(&mut listener);
        assert_eq!(line["problem"], json!(problem));
        assert_eq!(line["verified"], json!(problem.is_none()));
        assert_eq!(line["status"], json!(status));
    }
    let (_, summary) = listener.end("TERM");
    assert_eq!(
        summary,
        "requests 10, deliveries 2; verified 4, not verified 6; answered 200 × 4, 401 × 6"
    );
}

#[test]
fn without_a_secret_nothing_is_verified() {
    let mut listener = Listener::start(&["--json"]);
    assert!(listener.notice().contains("not verified"));
    assert_eq!(listener.post(&[("webhook-id", "e1")], b"not json"), 200);
    let line = json_line(&mut listener);
    assert_eq!(line["verified"], Value::Null);
    assert_eq!(line["event_id"], "e1");
    assert_eq!(line["delivery_id"], Value::Null);
    assert_eq!(line["body"], "not json");
}

#[test]
fn fails_the_first_requests_of_each_delivery() {
    let mut listener = Listener::start(&["--json", "--fail", "2", "--status", "204"]);
    let mut answers = Vec::new();
    for delivery in ["a", "a", "b", "a", "b", "b"] {
        let status = listener.post(&[("x-webhook-delivery", delivery)], b"{}");
        let line = json_line(&mut listener);
        assert_eq!(line["status"], status);
        answers.push((delivery, line["attempt"].as_u64().unwrap(), status));
    }
    assert_eq!(
        answers,
        [
            ("a", 1, 503),
            ("a", 2, 503),
            ("b", 1, 503),
            ("a", 3, 204),
            ("b", 2, 503),
            ("b", 3, 204),
        ]
    );
}

#[test]
fn waits_before_it_answers() {
    let listener = Listener::start(&["--delay", "300ms", "--status", "418"]);
    let start = Instant::now();
    assert_eq!(listener.post(&[], b"{}"), 418);
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn quiet_prints_the_summary_alone() {
    let listener = Listener::start(&["--quiet", "--status", "500"]);
    for _ in 0..3 {
        assert_eq!(listener.post(&[("x-webhook-delivery", "d")], b"{}"), 500);
    }
    let (rest, summary) = listener.end("INT");
    assert_eq!(rest, [""; 0]);
    assert_eq!(summary, "requests 3, deliveries 1; answered 500 × 3");
}

#[test]
fn takes_posts_only() {
    let listener = Listener::start(&["--quiet"]);
    assert_eq!(listener.request("GET", &[], b""), 405);
    let (_, summary) = listener.end("INT");
    assert_eq!(summary, "requests 0, deliveries 0");
}

#[test]
fn a_port_that_is_taken_exits_with_69() {
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let (code, _, err) = crate::run(&["listen", "--port", &port]);
    assert_eq!(code, 69);
    assert!(err.contains(&port), "{err}");
}
