use std::time::Duration;

use super::tests_support::*;
use crate::{endpoint_url::UrlPolicy, payload::PayloadFormat, retry::RetryPolicy};

fn wrong_fields(extra: &str) -> Vec<String> {
    match input(extra).validate(UrlPolicy::HttpsOnly) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.into_iter().map(|e| e.field).collect(),
    }
}

#[test]
fn defaults_are_the_contracts() {
    let settings = settings("{}");
    assert_eq!(
        settings.retry_policy,
        RetryPolicy::Exponential {
            max_retries: 4,
            delay: Duration::from_secs(10)
        }
    );
    assert_eq!(settings.timeout, Duration::from_secs(30));
    assert!(settings.retry_client_errors);
    assert_eq!(settings.payload_format, PayloadFormat::Standard);
    assert_eq!(settings.signature_header.name, "x-webhook-signature");
}

#[test]
fn an_array_does_not_stand_for_an_object() {
    for member in [r#""tls":[null,null]"#, r#""signature_header":["X-A"]"#] {
        let webhook =
            format!(r#"{{"name":"n","url":"https://a.example","event_types":["a"],{member}}}"#);
        let read = serde_json::from_str::<super::WebhookInput>(&webhook);
        assert!(read.is_err(), "{member}");
    }
}

#[test]
fn every_mistake_is_reported_with_its_field() {
    assert_eq!(
        wrong_fields(
            r#"{"name":"","url":"ftp://x","event_types":["a..b"],"max_retries":11,"timeout_seconds":0,"filter":"1 +",
                "auth":{"type":"bearer"},"custom_headers":{"Host":"x"},"retry_schedule_seconds":[604801]}"#
        ),
        [
            "name",
            "url",
            "event_types[0]",
            "filter",
            "auth.token",
            "custom_headers.Host",
            "max_retries",
            "retry_schedule_seconds[0]",
            "timeout_seconds"
        ]
    );
}

#[test]
fn bounds_are_inclusive() {
    for (field, good, bad) in [
        ("max_retries", [0, 10], [-1, 11]),
        ("retry_delay_seconds", [1, 3600], [0, 3601]),
        ("timeout_seconds", [1, 120], [0, 121]),
        ("max_in_flight", [1, 1000], [0, 1001]),
    ] {
        for value in good {
            assert!(
                wrong_fields(&format!("{{\"{field}\":{value}}}")).is_empty(),
                "{field} {value}"
            );
        }
        for value in bad {
            assert_eq!(
                wrong_fields(&format!("{{\"{field}\":{value}}}")),
                [field],
                "{field} {value}"
            );
        }
    }
    let name = |n: usize| wrong_fields(&format!(r#"{{"name":"{}"}}"#, "ü".repeat(n)));
    assert!(name(100).is_empty());
    assert_eq!(name(101), ["name"]);
    assert_eq!(wrong_fields(r#"{"event_types":[]}"#), ["event_types"]);
}

#[test]
fn one_header_has_one_owner() {
    assert_eq!(
        wrong_fields(
            r#"{"auth":{"type":"bearer","token":"t"},"custom_headers":{"Authorization":"x"}}"#
        ),
        ["custom_headers.authorization"]
    );
    assert_eq!(
        wrong_fields(r#"{"custom_headers":{"X-Webhook-Signature":"x"}}"#),
        ["custom_headers.x-webhook-signature"]
    );
    assert_eq!(
        wrong_fields(r#"{"custom_headers":{"content-type":"text/plain"}}"#),
        ["custom_headers.content-type"]
    );
    assert!(wrong_fields(r#"{"custom_headers":{"authorization":"Custom x"}}"#).is_empty());
}

#[test]
fn a_template_implies_its_format_and_nothing_contradicts_it() {
    assert_eq!(
        settings(r#"{"payload_template":"{}"}"#).payload_format,
        PayloadFormat::Template
    );
    assert_eq!(
        wrong_fields(r#"{"payload_format":"template"}"#),
        ["payload_template"]
    );
    assert_eq!(
        wrong_fields(r#"{"payload_format":"raw","payload_template":"{}"}"#),
        ["payload_format"]
    );
}

#[test]
fn an_integration_decides_the_shape_of_the_body() {
    let slack = |format| {
        wrong_fields(&format!(
            r#"{{"integration_type":"slack","payload_format":"{format}"}}"#
        ))
    };
    assert!(slack("standard").is_empty());
    assert_eq!(slack("raw"), ["payload_format"]);
    assert!(
        wrong_fields(r#"{"integration_type":"slack","payload_template":"{\"text\":\"x\"}"}"#)
            .is_empty()
    );
    assert_eq!(
        wrong_fields(r#"{"integration_type":"telegram"}"#),
        ["integration.chat_id"]
    );
    assert_eq!(
        wrong_fields(r#"{"integration":{"channel":"x"}}"#),
        ["integration.channel"]
    );
}
