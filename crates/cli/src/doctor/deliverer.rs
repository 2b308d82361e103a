//! Deliverers: whether they are ready, and of the api's version.

use reqwest::Client;
use serde_json::Value;
use url::Url;

use super::{finding::Findings, http};

const PART: &str = "deliverer";

pub(super) async fn check(
    client: &Client,
    deliverers: &[Url],
    version: Option<&str>,
    findings: &mut Findings,
) {
    if deliverers.is_empty() {
        findings.skipped(
            PART,
            "no deliverer was looked at",
            "name them: --deliverer http://host:8081",
        );
    }
    for url in deliverers {
        one(client, url, version, findings).await;
    }
}

async fn one(client: &Client, url: &Url, version: Option<&str>, findings: &mut Findings) {
    let name = url.origin().ascii_serialization();
    let (status, text) = match http::get(client, url, "/readyz").await {
        Ok(answer) => answer,
        Err(why) => {
            findings.problem(
                PART,
                format!("cannot reach {name}: {why}"),
                "is posthorn-deliverer running, and is this its POSTHORN_ADMIN_LISTEN?",
            );
            return;
        }
    };
    if status.is_success() {
        findings.ok(PART, format!("{name} is ready"));
    } else {
        findings.problem(
            PART,
            format!("{name} is not ready: {}", away(&text)),
            "see that what it needs runs, and that it has the settings and the version of the others",
        );
    }
    let Ok((_, metrics)) = http::get(client, url, "/metrics").await else {
        return;
    };
    match (label(&metrics, "posthorn_build_info", "version"), version) {
        (Some(its), Some(version)) if its == version => {
            findings.ok(PART, format!("{name} has the api's version, {version}"));
        }
        (Some(its), Some(version)) => findings.warning(
            PART,
            format!("{name} has version {its}, the api {version}"),
            "finish the upgrade: neighbouring versions work together, and are not meant to for long",
        ),
        (Some(_) | None, _) => {}
    }
}

/// What `/readyz` says is away or wrong.
fn away(text: &str) -> String {
    let ready: Value = serde_json::from_str(text).unwrap_or_default();
    let dependencies = ready["dependencies"].as_object();
    let away: Vec<String> = dependencies
        .into_iter()
        .flatten()
        .filter(|(_, state)| state["ok"] == false)
        .map(|(name, state)| match state["detail"].as_str() {
            Some(detail) => detail.to_owned(),
            None => format!("it does not reach {name}"),
        })
        .collect();
    if away.is_empty() {
        "it does not say why".to_owned()
    } else {
        away.join("; ")
    }
}

/// A label of the first sample of a metric.
fn label<'a>(metrics: &'a str, metric: &str, name: &str) -> Option<&'a str> {
    let sample = metrics
        .lines()
        .find_map(|line| line.strip_prefix(metric)?.strip_prefix('{'))?;
    let (_, rest) = sample.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_found_among_the_others() {
        let metrics = "# HELP x\nposthorn_build_info{commit=\"a\",version=\"0.1.0\"} 1\n";
        let found = label(metrics, "posthorn_build_info", "version");
        assert_eq!(found, Some("0.1.0"));
        assert_eq!(label("", "posthorn_build_info", "version"), None);
        let text = r#"{"dependencies":{"nats":{"ok":false},"postgresql":{"ok":true},
            "webhooks":{"ok":false,"detail":"1 webhook cannot be read"}}}"#;
        assert_eq!(
            away(text),
            "it does not reach nats; 1 webhook cannot be read"
        );
    }
}
