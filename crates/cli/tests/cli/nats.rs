//! Publishing straight to NATS.

use posthorn_bus::{Bus, BusConfig};
use posthorn_testkit::TestNats;
use serde_json::Value;

use crate::run;

/// A server with Posthorn's streams, as the services leave it.
async fn prepared() -> (TestNats, Bus) {
    let nats = TestNats::start().await;
    let config = BusConfig {
        servers: vec![nats.url()],
        ..BusConfig::default()
    };
    let bus = Bus::connect(config).await.unwrap();
    bus.ensure_topology().await.unwrap();
    (nats, bus)
}

async fn send(nats: &TestNats, arguments: &[&str]) -> (i32, String, String) {
    let mut all = vec!["send".to_owned()];
    all.extend(arguments.iter().map(|&argument| argument.to_owned()));
    all.extend(["--nats".to_owned(), nats.url()]);
    tokio::task::spawn_blocking(move || run(&all.iter().map(String::as_str).collect::<Vec<_>>()))
        .await
        .unwrap()
}

#[tokio::test]
async fn the_printed_id_is_the_events() {
    let (nats, bus) = prepared().await;
    let arguments = [
        "user.created",
        r#"{"n":0.10}"#,
        "--tenant",
        "acme",
        "--idempotency-key",
        "k",
        "--timestamp",
        "2025-01-26T12:00:00Z",
        "--json",
    ];
    let (code, out, err) = send(&nats, &arguments).await;
    assert_eq!((code, &*err), (0, ""));
    let printed: Value = serde_json::from_str(&out).unwrap();
    let stored = bus.event_at(1).await.unwrap().unwrap();
    assert_eq!(printed["id"], stored.id.to_string());
    assert_eq!(printed["duplicate"], false);
    assert_eq!(stored.tenant.as_str(), "acme");
    assert_eq!(stored.event_type.as_str(), "user.created");
    assert_eq!(stored.data.as_str(), r#"{"n":0.10}"#);
    assert_eq!(stored.timestamp.to_rfc3339(), "2025-01-26T12:00:00+00:00");

    // A repetition is told as such, and shows the id that receivers see.
    let (code, out, _) = send(&nats, &arguments).await;
    assert_eq!(code, 0);
    let repeated: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(repeated["id"], printed["id"]);
    assert_eq!(repeated["duplicate"], true);
    assert_eq!(bus.event_at(2).await.unwrap(), None);
}

#[tokio::test]
async fn many_are_events_of_their_own() {
    let (nats, bus) = prepared().await;
    let (code, out, err) = send(&nats, &["a", "[]", "--count", "2500"]).await;
    assert_eq!(code, 0, "{err}");
    assert!(
        err.starts_with("accepted 2500, duplicates 0, of 2500 in "),
        "{err}"
    );
    let ids: std::collections::HashSet<_> = out
        .lines()
        .map(|line| line.split_once("  ").unwrap().0)
        .collect();
    assert_eq!(ids.len(), 2_500);
    let last = bus.event_at(2_500).await.unwrap().unwrap();
    assert_eq!(last.tenant.as_str(), "default");
    assert!(ids.contains(&*last.id.to_string()));
}

/// A NATS that no Posthorn has ever used.
#[tokio::test]
async fn a_server_without_the_streams_takes_nothing() {
    let nats = TestNats::start().await;
    let (code, out, err) = send(&nats, &["a", "{}"]).await;
    assert_eq!((code, &*out), (69, ""));
    assert!(err.contains("NATS did not acknowledge"), "{err}");
}
