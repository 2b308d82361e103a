//! A webhook as its owner writes it, and what that validates to.

mod mistakes;
#[cfg(test)]
mod tests;
mod validate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    auth::AuthInput, header_rules::SignatureFormat, integration::IntegrationType, json_object,
    payload::PayloadFormat, tls::TlsInput,
};

/// A webhook as it is written in a request. What is absent or null takes its default.
///
/// The same shape is kept in storage (without secrets) and is the document that a merge patch changes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookInput {
    /// 1 to 100 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 100, example = "Slack alerts")
    )]
    pub name: String,
    /// Free text, at most 1,000 characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub description: Option<String>,
    /// https URL of the endpoint (http only where the server allows it).
    #[cfg_attr(
        feature = "openapi",
        schema(
            format = "uri",
            min_length = 8,
            max_length = 2048,
            example = "https://example.com/hook"
        )
    )]
    pub url: String,
    /// At least one pattern: `user.created`, `user.*` or `*`. `*` is every type that applications publish; the events
    /// that Posthorn publishes itself must be named (`webhook.failing`, `webhook.*`, `delivery.*` …).
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100, example = json!(["user.created", "subscription.*"])))]
    pub event_types: Vec<String>,
    /// Expression over `type`, `data`, `id`, `timestamp` and `tenant`.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 4096, example = "data.amount > 100")
    )]
    pub filter: Option<String>,
    /// What is behind the URL (`generic`). A chat service gets messages of its own shape, unless a template makes them.
    #[serde(default)]
    pub integration_type: Option<IntegrationType>,
    /// Settings of the integration type. `telegram` needs `chat_id` (a number, or `@channel`) and takes
    /// `message_thread_id`; `discord` takes `thread_name`, the title of the posts in a forum; the others have none.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub integration: Option<serde_json::Map<String, serde_json::Value>>,
    /// Outgoing authentication (`{"type":"none"}`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthInput>,
    /// A client certificate to show to the receiver, and authorities to trust instead of the public ones.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json_object::optional"
    )]
    pub tls: Option<TlsInput>,
    /// Further headers of each request, at most 50.
    #[serde(default)]
    pub custom_headers: Option<BTreeMap<String, String>>,
    /// Shape of the body (`standard`; `template` where a template is given).
    #[serde(default)]
    pub payload_format: Option<PayloadFormat>,
    /// Jinja2 template of the body.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 65536))]
    pub payload_template: Option<String>,
    /// Header that carries the HMAC of the body.
    #[serde(default, deserialize_with = "json_object::optional")]
    pub signature_header: Option<SignatureHeaderInput>,
    /// 0 to 10 (4).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10))]
    pub max_retries: Option<i64>,
    /// 1 to 3,600 seconds before the first retry (10); doubles with each further one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3600))]
    pub retry_delay_seconds: Option<i64>,
    /// Explicit delays in seconds, at most 20 of at most 7 days; overrides the two above.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub retry_schedule_seconds: Option<Vec<i64>>,
    /// Whether 4xx answers are retried (true).
    #[serde(default)]
    pub retry_client_errors: Option<bool>,
    /// 1 to 120 (30).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 120))]
    pub timeout_seconds: Option<i64>,
    /// 1 to 10,000 requests a second (no limit).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10000))]
    pub rate_limit_per_second: Option<i64>,
    /// 1 to 1,000 requests in flight (the server's default).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000))]
    pub max_in_flight: Option<i64>,
    /// 1 to 1,000,000 deliveries kept (no limit but retention).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000000))]
    pub history_limit: Option<i64>,
    /// Whether events are delivered (true).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// A secret of the caller's: `whsec_` and base64 of 24 to 64 bytes. Made by the server if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
}

/// The header that carries the HMAC of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignatureHeaderInput {
    /// The header's name (`X-Webhook-Signature`).
    #[serde(default)]
    pub name: Option<String>,
    /// Spelling of the signature (`prefixed_hex`).
    #[serde(default)]
    pub format: Option<SignatureFormat>,
}

#[cfg(test)]
pub(crate) mod tests_support {
    use super::*;
    use crate::{endpoint_url::UrlPolicy, webhook::WebhookSettings};

    /// Settings of a minimal webhook with the given fields on top.
    pub(crate) fn input(extra: &str) -> WebhookInput {
        let mut document =
            serde_json::json!({"name": "n", "url": "https://example.com/", "event_types": ["*"]});
        let extra: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(extra).unwrap();
        document.as_object_mut().unwrap().extend(extra);
        serde_json::from_value(document).unwrap()
    }

    pub(crate) fn settings(extra: &str) -> WebhookSettings {
        input(extra).validate(UrlPolicy::HttpsOnly).unwrap()
    }
}
