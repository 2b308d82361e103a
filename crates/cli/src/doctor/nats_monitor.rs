//! What only NATS's monitoring shows: how often it writes to disk what it has acknowledged.

use reqwest::Client;
use serde_json::Value;
use url::Url;

use super::{finding::Findings, http};

const PART: &str = "nats";
/// What the server does unless it is told otherwise, in nanoseconds: two minutes.
const SYNC_INTERVAL_DEFAULT_NS: u64 = 120_000_000_000;

pub(super) async fn check(client: &Client, monitor: Option<&Url>, findings: &mut Findings) {
    let Some(monitor) = monitor else {
        findings.skipped(
            PART,
            "how often NATS syncs to disk was not looked at",
            "name its monitoring: --nats-monitor http://host:8222",
        );
        return;
    };
    let varz = match http::get(client, monitor, "/varz").await {
        Ok((status, text)) if status.is_success() => text,
        Ok((status, _)) => {
            unreachable(&status.to_string(), findings);
            return;
        }
        Err(why) => {
            unreachable(&why, findings);
            return;
        }
    };
    let varz: Value = serde_json::from_str(&varz).unwrap_or_default();
    let jetstream = &varz["jetstream"]["config"];
    if jetstream.is_null() {
        findings.problem(
            PART,
            "the server whose monitoring this is runs without JetStream",
            "start it with --jetstream, or name another server's monitoring",
        );
        return;
    }
    sync(jetstream, findings);
    storage(&varz["jetstream"], findings);
}

fn unreachable(why: &str, findings: &mut Findings) {
    findings.warning(
        PART,
        format!("its monitoring cannot be read: {why}"),
        "is --nats-monitor the address of the server's http_port?",
    );
}

fn sync(jetstream: &Value, findings: &mut Findings) {
    if jetstream["sync_always"] == true {
        findings.ok(
            PART,
            "every message is on disk before it is acknowledged (sync_interval: always)",
        );
        return;
    }
    let nanoseconds = jetstream["sync_interval"].as_u64();
    let seconds = nanoseconds.unwrap_or(SYNC_INTERVAL_DEFAULT_NS) / 1_000_000_000;
    findings.warning(
        PART,
        format!("acknowledged messages reach the disk within {seconds} s: a server that loses power loses what is younger, unless other copies hold it"),
        "with three copies in places that fail apart this is common practice; with one copy set `sync_interval: always`",
    );
}

fn storage(jetstream: &Value, findings: &mut Findings) {
    let (used, max) = (
        jetstream["stats"]["storage"].as_u64().unwrap_or(0),
        jetstream["config"]["max_storage"].as_u64().unwrap_or(0),
    );
    if max > 0 && used >= max / 10 * 8 {
        findings.warning(
            PART,
            format!("JetStream takes {used} of {max} bytes"),
            "give it more room (max_file_store): when it is full, no event is accepted",
        );
    } else if max > 0 {
        findings.ok(PART, format!("JetStream takes {used} of {max} bytes"));
    }
}
