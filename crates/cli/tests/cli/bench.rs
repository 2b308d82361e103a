//! The benchmark against a small cluster: that it measures, loses nothing, and leaves nothing behind.

use posthorn_testkit::{Service, ServiceSetup, TestDatabase, TestNats};
use serde_json::Value;

use crate::{ended, posthorn, run};

const ADMIN_KEY: &str = "an-admin-key-of-more-than-32-characters";
const MASTER_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

#[tokio::test]
async fn a_small_cluster_is_measured_and_left_as_it_was() {
    let (nats, database) = (TestNats::start().await, TestDatabase::migrated().await);
    let configured = |setup: ServiceSetup| {
        setup
            .env("POSTHORN_NATS_URL", nats.url())
            .env("POSTHORN_DATABASE_URL", database.url())
            .env("POSTHORN_ADMIN_KEY", ADMIN_KEY)
            .env("POSTHORN_MASTER_KEY", MASTER_KEY)
            .env("POSTHORN_ALLOW_HTTP", "true")
            .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8")
    };
    let api = configured(Service::api()).start().await;
    let deliverer = configured(Service::deliverer()).start().await;
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let json = json.to_str().unwrap();
    let (api_url, nats_url) = (api.url(""), nats.url());
    let processes = [
        format!("api={}", api.id()),
        format!("deliverer={}", deliverer.id()),
    ];
    let mut command = posthorn(&[
        "bench",
        "--scenario",
        "ceiling,nats,http-arrays,http-single,fan-out,latency,memory",
        "--events",
        "300",
        "--time",
        "1s",
        "--rate",
        "100",
        "--api-url",
        &api_url,
        "--nats-url",
        &nats_url,
        "--process",
        &processes[0],
        "--process",
        &processes[1],
        "--note",
        "profile=dev",
        "--json",
        json,
    ]);
    command.env("POSTHORN_KEY", ADMIN_KEY);
    let (code, table, err) = tokio::task::spawn_blocking(move || ended(command.output().unwrap()))
        .await
        .unwrap();
    assert_eq!(code, 0, "{err}");
    assert!(
        table.contains("| deliveries, fan-out 1, over NATS"),
        "{table}"
    );
    assert!(err.contains("profile: dev"), "{err}");

    let report: Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    let figure = |id: &str| {
        let figures = report["figures"].as_array().unwrap();
        let found = figures.iter().find(|figure| figure["id"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {table}"))["value"]
            .as_f64()
            .unwrap()
    };
    for load in [
        "nats",
        "http_arrays",
        "http_single",
        "fan_out_10",
        "latency",
    ] {
        assert_eq!(figure(&format!("{load}_lost")), 0.0, "{load}");
        assert_eq!(figure(&format!("{load}_duplicates")), 0.0, "{load}");
    }
    for id in [
        "ceiling",
        "nats",
        "http_arrays",
        "latency_p99",
        "memory_api",
    ] {
        assert!(figure(id) > 0.0, "{id}");
    }
    let left = "SELECT count(*) FROM webhooks WHERE deleted_at IS NULL";
    assert_eq!(database.number(left).await, 0);

    let (code, merged, err) = run(&["bench", "merge", json, json]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(merged, table);
}

#[test]
fn a_receiver_on_the_internet_is_refused() {
    let (code, out, err) = run(&[
        "bench",
        "--api-key",
        ADMIN_KEY,
        "--receiver-url",
        "http://example.com/",
    ]);
    assert_eq!((code, &*out), (64, ""));
    assert!(err.contains("--allow-public-receiver"), "{err}");
}

#[test]
fn a_process_that_is_not_there_is_told() {
    let (code, _, err) = run(&["bench", "--api-key", ADMIN_KEY, "--process", "api=4194999"]);
    assert_eq!(code, 64);
    assert!(err.contains("api=4194999"), "{err}");
}
