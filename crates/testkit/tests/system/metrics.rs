//! What `/metrics` shows, compared with what `docs/telemetry.md` promises.

use std::collections::{BTreeMap, BTreeSet};

use posthorn_testkit::{Answer, Receiver, eventually};
use serde_json::json;

use crate::stack::{DEADLINE, Stack};

/// The values that each label of a metric may have.
type Labels = BTreeMap<String, Values>;

#[derive(Debug, Clone)]
enum Values {
    Listed(BTreeSet<String>),
    /// Described by a word: `route`, say.
    Of(String),
}

#[derive(Debug)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

#[tokio::test]
async fn every_metric_is_documented_and_every_documented_metric_is_there() {
    let documented = documented();
    assert!(documented.len() > 25, "{documented:?}");
    let stack = Stack::with(1, &[("POSTHORN_BREAKER_FAILURES", "1")]).await;
    busy(&stack).await;

    let routes = routes(&stack).await;
    let mut seen = BTreeSet::new();
    for service in [&stack.api, &stack.deliverers[0]] {
        let text = metrics(service, "posthorn_dependency_up").await;
        for sample in samples(&text) {
            let name = family(&sample.name, &documented);
            let labels = documented
                .get(&name)
                .unwrap_or_else(|| panic!("{name} is not documented"));
            for (label, value) in &sample.labels {
                if label == "le" {
                    continue;
                }
                let values = labels
                    .get(label)
                    .unwrap_or_else(|| panic!("{name} has a label {label} that is not documented"));
                let known = match values {
                    Values::Listed(listed) => listed.contains(value),
                    Values::Of(kind) => match kind.as_str() {
                        "method" => ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&&**value),
                        "route" => routes.contains(value),
                        "status" => value
                            .parse()
                            .is_ok_and(|code: u16| (200..600).contains(&code)),
                        "version" => value == env!("CARGO_PKG_VERSION"),
                        other => panic!("{name}: the values of {label} are {other}?"),
                    },
                };
                assert!(known, "{name}: {label}={value:?} is not documented");
            }
            seen.insert(name);
        }
    }
    let missing: Vec<_> = documented
        .keys()
        .filter(|name| !seen.contains(*name))
        .collect();
    assert!(missing.is_empty(), "documented, but not there: {missing:?}");
}

#[tokio::test]
async fn the_figures_are_those_of_what_happened() {
    let stack = Stack::start().await;
    busy(&stack).await;
    // What is looked at in the background, such as the dependencies, shows a few seconds later.
    let deliverer = eventually(DEADLINE, async || {
        let (_, api) = stack.api.get("/metrics").await.unwrap();
        let (_, deliverer) = stack.deliverers[0].get("/metrics").await.unwrap();
        let (api, deliverer) = (samples(&api), samples(&deliverer));
        for (of, name, labels, wanted) in [
            (
                &api,
                "posthorn_events_accepted_total",
                vec![("via", "http")],
                1.0,
            ),
            (&api, "posthorn_api_events_duplicate_total", vec![], 1.0),
            (
                &api,
                "posthorn_events_refused_total",
                vec![("reason", "validation_failed")],
                1.0,
            ),
            (
                &api,
                "posthorn_events_refused_total",
                vec![("reason", "unauthorized")],
                0.0,
            ),
            (
                &api,
                "posthorn_dependency_up",
                vec![("dependency", "nats")],
                1.0,
            ),
            (&deliverer, "posthorn_events_malformed_total", vec![], 1.0),
            (&deliverer, "posthorn_retries_scheduled_total", vec![], 1.0),
            (
                &deliverer,
                "posthorn_dead_letters_total",
                vec![("reason", "exhausted")],
                1.0,
            ),
            (
                &deliverer,
                "posthorn_dead_letters_total",
                vec![("reason", "malformed")],
                1.0,
            ),
            (
                &deliverer,
                "posthorn_deliveries_total",
                vec![("status", "success")],
                1.0,
            ),
            (
                &deliverer,
                "posthorn_deliveries_total",
                vec![("status", "retrying")],
                1.0,
            ),
            (
                &deliverer,
                "posthorn_deliveries_total",
                vec![("status", "failed")],
                1.0,
            ),
            (
                &deliverer,
                "posthorn_attempt_duration_seconds_count",
                vec![("outcome", "5xx")],
                2.0,
            ),
            (
                &deliverer,
                "posthorn_dependency_up",
                vec![("dependency", "postgresql")],
                1.0,
            ),
            (
                &deliverer,
                "posthorn_jetstream_storage_max_bytes",
                vec![],
                0.0,
            ),
        ] {
            let labels = labels
                .into_iter()
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .collect();
            let value = value(of, name, &labels);
            if value != Some(wanted) {
                return Err(format!("{name} {labels:?} is {value:?}, not {wanted}"));
            }
        }
        Ok(deliverer)
    })
    .await;
    let skew = value(&deliverer, "posthorn_clock_skew_seconds", &BTreeMap::new()).unwrap();
    assert!(skew.abs() < 60.0, "{skew}");
}

/// One success, one dead letter after one retry, one malformed message, one duplicate, one refusal.
async fn busy(stack: &Stack) {
    let (good, bad) = (Receiver::start().await, Receiver::start().await);
    bad.answer(Answer::status(500));
    let fields = json!({"event_types": ["load.test"], "max_retries": 1, "retry_delay_seconds": 1});
    stack.webhook(&good.url(), fields.clone()).await;
    stack.webhook(&bad.url(), fields).await;
    let event = json!({"type": "load.test", "data": 1, "idempotency_key": "once"});
    for duplicate in [false, true] {
        let reply = stack.request("POST", "/events", &event).await;
        assert_eq!(reply.body["events"][0]["duplicate"], duplicate, "{reply:?}");
    }
    let refused = stack
        .request("POST", "/events", &json!({"type": "no type", "data": 1}))
        .await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let unknown = stack.request("GET", "/nothing", &json!(null)).await;
    assert_eq!(unknown.status, 404);
    let mut wire = stack.nats_wire().await;
    wire.publish("posthorn.events.default.user.created", &[], b"{not json")
        .await;
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 2).await;
}

/// The metrics of a service, once one of them is there.
async fn metrics(service: &posthorn_testkit::Service, name: &str) -> String {
    eventually(DEADLINE, async || {
        let (_, text) = service.get("/metrics").await.unwrap();
        if text.lines().any(|line| line.starts_with(name)) {
            Ok(text)
        } else {
            Err(text)
        }
    })
    .await
}

async fn routes(stack: &Stack) -> BTreeSet<String> {
    let document = stack.get("/openapi.json").await;
    let paths = document["paths"].as_object().unwrap().keys().cloned();
    // The document itself is served too.
    paths.chain(["/api/v1/openapi.json".to_owned()]).collect()
}

/// The names in the document.
pub(crate) fn documented_names() -> BTreeSet<String> {
    documented().into_keys().collect()
}

/// The tables of the document.
fn documented() -> BTreeMap<String, Labels> {
    let document = include_str!("../../../../docs/telemetry.md");
    let rows = document.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, kind, labels, _, _] = cells[..] else {
            return None;
        };
        ["counter", "gauge", "histogram"]
            .contains(&kind)
            .then(|| (name.trim_matches('`').to_owned(), labels_of(labels)))
    });
    rows.collect()
}

/// Reads "`a`: `x`, `y`, `b`: kind".
fn labels_of(cell: &str) -> Labels {
    let mut labels = Labels::new();
    let mut last = String::new();
    for part in cell.split(", ").filter(|part| !part.is_empty()) {
        let value = match part.split_once(": ") {
            Some((name, value)) => {
                last = name.trim_matches('`').to_owned();
                value
            }
            None => part,
        };
        match value.strip_prefix('`') {
            None => {
                labels.insert(last.clone(), Values::Of(value.to_owned()));
            }
            Some(value) => {
                let value = value.trim_end_matches('`').to_owned();
                let listed = labels
                    .entry(last.clone())
                    .or_insert_with(|| Values::Listed(BTreeSet::new()));
                let Values::Listed(listed) = listed else {
                    panic!("{cell}")
                };
                listed.insert(value);
            }
        }
    }
    labels
}

/// The metric that a sample belongs to: a histogram has several.
fn family(sample: &str, documented: &BTreeMap<String, Labels>) -> String {
    if documented.contains_key(sample) {
        return sample.to_owned();
    }
    let stem = ["_bucket", "_sum", "_count"]
        .iter()
        .find_map(|suffix| sample.strip_suffix(suffix));
    stem.unwrap_or(sample).to_owned()
}

fn value(samples: &[Sample], name: &str, labels: &BTreeMap<String, String>) -> Option<f64> {
    let found = samples
        .iter()
        .find(|sample| sample.name == name && sample.labels == *labels);
    found.map(|sample| sample.value)
}

fn samples(text: &str) -> Vec<Sample> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
            let labels = labels.trim_end_matches('}');
            Sample {
                name: name.to_owned(),
                labels: labels
                    .split("\",")
                    .filter(|label| !label.is_empty())
                    .map(|label| {
                        let (name, value) = label.split_once("=\"").unwrap();
                        (name.to_owned(), value.trim_end_matches('"').to_owned())
                    })
                    .collect(),
                value: value.parse().unwrap(),
            }
        })
        .collect()
}
