use std::{collections::BTreeMap, num::NonZeroU32, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    auth::{Auth, AuthInput},
    endpoint_url::{EndpointUrl, UrlPolicy},
    event_type::{EventTypePattern, InvalidPattern},
    field_error::FieldError,
    filter::Filter,
    header_rules::{CustomHeaders, SignatureFormat, SignatureHeader},
    limits::*,
    payload::PayloadFormat,
    retry::RetryPolicy,
    template::Template,
    webhook::{IntegrationType, WebhookSettings},
};

/// A webhook as it is written in a request. What is absent or null takes its default.
///
/// The same shape is kept in storage (without secrets) and is the document that a merge patch changes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookInput {
    /// 1 to 100 characters.
    pub name: String,
    /// Free text, at most 1,000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// https URL of the endpoint (http only where the server allows it).
    pub url: String,
    /// At least one pattern: `user.created`, `user.*` or `*`.
    pub event_types: Vec<String>,
    /// Expression over `type`, `data`, `id`, `timestamp` and `tenant`.
    #[serde(default)]
    pub filter: Option<String>,
    /// What is behind the URL (`generic`).
    #[serde(default)]
    pub integration_type: Option<IntegrationType>,
    /// Settings of the integration type.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub integration: Option<serde_json::Map<String, serde_json::Value>>,
    /// Outgoing authentication (`{"type":"none"}`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthInput>,
    /// Further headers of each request, at most 50.
    #[serde(default)]
    pub custom_headers: Option<BTreeMap<String, String>>,
    /// Shape of the body (`standard`; `template` where a template is given).
    #[serde(default)]
    pub payload_format: Option<PayloadFormat>,
    /// Jinja2 template of the body.
    #[serde(default)]
    pub payload_template: Option<String>,
    /// Header that carries the HMAC of the body.
    #[serde(default)]
    pub signature_header: Option<SignatureHeaderInput>,
    /// 0 to 10 (4).
    #[serde(default)]
    pub max_retries: Option<i64>,
    /// 1 to 3,600 seconds before the first retry (10); doubles with each further one.
    #[serde(default)]
    pub retry_delay_seconds: Option<i64>,
    /// Explicit delays in seconds, at most 20 of at most 7 days; overrides the two above.
    #[serde(default)]
    pub retry_schedule_seconds: Option<Vec<i64>>,
    /// Whether 4xx answers are retried (true).
    #[serde(default)]
    pub retry_client_errors: Option<bool>,
    /// 1 to 120 (30).
    #[serde(default)]
    pub timeout_seconds: Option<i64>,
    /// 1 to 10,000 requests a second (no limit).
    #[serde(default)]
    pub rate_limit_per_second: Option<i64>,
    /// 1 to 1,000 requests in flight (the server's default).
    #[serde(default)]
    pub max_in_flight: Option<i64>,
    /// 1 to 1,000,000 deliveries kept (no limit but retention).
    #[serde(default)]
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

/// Collects mistakes, so that the caller hears of all of them at once.
#[derive(Default)]
struct Mistakes(Vec<FieldError>);

impl Mistakes {
    fn note(&mut self, field: &str, detail: impl Into<String>) {
        self.0.push(FieldError::new(field, detail));
    }

    fn keep<T>(&mut self, field: &str, result: Result<T, impl Into<String>>) -> Option<T> {
        result.map_err(|detail| self.note(field, detail)).ok()
    }

    fn keep_all<T>(&mut self, result: Result<T, Vec<FieldError>>) -> Option<T> {
        result.map_err(|errors| self.0.extend(errors)).ok()
    }

    /// A number within `min..=max`, or the default where none is given.
    fn ranged(
        &mut self,
        field: &str,
        value: Option<i64>,
        (min, max): (i64, i64),
        default: i64,
    ) -> i64 {
        let value = value.unwrap_or(default);
        if !(min..=max).contains(&value) {
            self.note(field, format!("must be between {min} and {max}"));
        }
        value.clamp(min, max)
    }

    fn optional_bound(&mut self, field: &str, value: Option<i64>, max: u32) -> Option<NonZeroU32> {
        let value = self.ranged(field, Some(value?), (1, i64::from(max)), 1);
        u32::try_from(value).ok().and_then(NonZeroU32::new)
    }
}

impl WebhookInput {
    /// Checks and compiles everything; all mistakes are reported, each with its field.
    pub fn validate(&self, urls: UrlPolicy) -> Result<WebhookSettings, Vec<FieldError>> {
        let mut mistakes = Mistakes::default();

        let name_chars = self.name.chars().count();
        if self.name.trim().is_empty()
            || name_chars > WEBHOOK_NAME_CHARS_MAX
            || has_control(&self.name)
        {
            mistakes.note(
                "name",
                format!("must be 1 to {WEBHOOK_NAME_CHARS_MAX} printable characters"),
            );
        }
        if let Some(text) = &self.description
            && (text.chars().count() > WEBHOOK_DESCRIPTION_CHARS_MAX || text.contains('\0'))
        {
            mistakes.note(
                "description",
                format!("must be at most {WEBHOOK_DESCRIPTION_CHARS_MAX} characters"),
            );
        }
        let url = mistakes.keep("url", EndpointUrl::parse(&self.url, urls));
        let event_types = self.patterns(&mut mistakes);
        let filter = self
            .filter
            .as_deref()
            .and_then(|source| mistakes.keep("filter", Filter::compile(source)));
        let auth = mistakes
            .keep_all(Auth::validate(self.auth.clone().unwrap_or_default()).map_err(|e| vec![e]));
        let custom_headers = mistakes.keep_all(match &self.custom_headers {
            Some(headers) => CustomHeaders::validate(headers),
            None => Ok(CustomHeaders::default()),
        });
        let payload_template = self
            .payload_template
            .as_deref()
            .and_then(|source| mistakes.keep("payload_template", Template::compile(source)));
        let payload_format = self.resolved_payload_format();
        match (payload_format, &self.payload_template) {
            (PayloadFormat::Template, None) => {
                mistakes.note(
                    "payload_template",
                    "is required when payload_format is `template`",
                );
            }
            (PayloadFormat::Template, Some(_)) | (_, None) => {}
            (_, Some(_)) => mistakes.note(
                "payload_format",
                "must be `template` when a template is given",
            ),
        }
        let signature_header =
            mistakes.keep_all(self.resolved_signature_header().map_err(|e| vec![e]));
        if let (Some(headers), Some(auth), Some(signature)) =
            (&custom_headers, &auth, &signature_header)
        {
            check_header_owners(headers, auth, signature, payload_format, &mut mistakes);
        }
        if self
            .integration
            .as_ref()
            .is_some_and(|settings| !settings.is_empty())
        {
            mistakes.note("integration", "must be empty for the type `generic`");
        }
        let retry_policy = self.retry_policy(&mut mistakes);
        let timeout_seconds = mistakes.ranged(
            "timeout_seconds",
            self.timeout_seconds,
            (TIMEOUT_SECONDS_MIN.into(), TIMEOUT_SECONDS_MAX.into()),
            TIMEOUT_SECONDS_DEFAULT.into(),
        );
        let rate_limit_per_second = mistakes.optional_bound(
            "rate_limit_per_second",
            self.rate_limit_per_second,
            RATE_LIMIT_PER_SECOND_MAX,
        );
        let max_in_flight =
            mistakes.optional_bound("max_in_flight", self.max_in_flight, IN_FLIGHT_MAX);
        let history_limit =
            mistakes.optional_bound("history_limit", self.history_limit, HISTORY_LIMIT_MAX);

        match (url, auth, custom_headers, signature_header) {
            (Some(url), Some(auth), Some(custom_headers), Some(signature_header))
                if mistakes.0.is_empty() =>
            {
                Ok(WebhookSettings {
                    name: self.name.clone(),
                    description: self.description.clone(),
                    url,
                    event_types,
                    filter,
                    integration_type: self.integration_type.unwrap_or_default(),
                    integration: self.integration.clone().unwrap_or_default(),
                    auth,
                    custom_headers,
                    payload_format,
                    payload_template,
                    signature_header,
                    retry_policy,
                    retry_client_errors: self.retry_client_errors.unwrap_or(true),
                    timeout: seconds(timeout_seconds),
                    rate_limit_per_second,
                    max_in_flight,
                    history_limit,
                })
            }
            _ => Err(mistakes.0),
        }
    }

    /// The format in force: a template implies `template`.
    pub fn resolved_payload_format(&self) -> PayloadFormat {
        let implied = if self.payload_template.is_some() {
            PayloadFormat::Template
        } else {
            PayloadFormat::Standard
        };
        self.payload_format.unwrap_or(implied)
    }

    fn resolved_signature_header(&self) -> Result<SignatureHeader, FieldError> {
        let given = self.signature_header.as_ref();
        let name = given
            .and_then(|h| h.name.as_deref())
            .unwrap_or(SignatureHeader::DEFAULT_NAME);
        SignatureHeader::validate(name, given.and_then(|h| h.format).unwrap_or_default())
    }

    fn patterns(&self, mistakes: &mut Mistakes) -> Vec<EventTypePattern> {
        if self.event_types.is_empty() || self.event_types.len() > EVENT_TYPE_PATTERNS_MAX {
            mistakes.note(
                "event_types",
                format!("must hold 1 to {EVENT_TYPE_PATTERNS_MAX} patterns"),
            );
        }
        let mut patterns = Vec::with_capacity(self.event_types.len());
        for (index, text) in self.event_types.iter().enumerate() {
            match text.parse::<EventTypePattern>() {
                Ok(pattern) if patterns.contains(&pattern) => {}
                Ok(pattern) => patterns.push(pattern),
                Err(error @ InvalidPattern) => {
                    mistakes.note(&format!("event_types[{index}]"), error.to_string());
                }
            }
        }
        patterns
    }

    fn retry_policy(&self, mistakes: &mut Mistakes) -> RetryPolicy {
        let max_retries = mistakes.ranged(
            "max_retries",
            self.max_retries,
            (0, RETRIES_MAX.into()),
            RETRIES_DEFAULT.into(),
        );
        let delay = mistakes.ranged(
            "retry_delay_seconds",
            self.retry_delay_seconds,
            (1, RETRY_DELAY_SECONDS_MAX.into()),
            RETRY_DELAY_SECONDS_DEFAULT.into(),
        );
        let Some(steps) = &self.retry_schedule_seconds else {
            let max_retries = u8::try_from(max_retries).unwrap_or(RETRIES_MAX);
            return RetryPolicy::Exponential {
                max_retries,
                delay: seconds(delay),
            };
        };
        if steps.len() > RETRY_SCHEDULE_STEPS_MAX {
            mistakes.note(
                "retry_schedule_seconds",
                format!("must hold at most {RETRY_SCHEDULE_STEPS_MAX} steps"),
            );
        }
        let steps = steps.iter().enumerate().map(|(index, step)| {
            let field = format!("retry_schedule_seconds[{index}]");
            seconds(mistakes.ranged(
                &field,
                Some(*step),
                (0, RETRY_SCHEDULE_STEP_SECONDS_MAX.into()),
                0,
            ))
        });
        RetryPolicy::Schedule(steps.collect())
    }
}

/// One header has one owner: whatever two settings both want to set is refused.
fn check_header_owners(
    headers: &CustomHeaders,
    auth: &Auth,
    signature: &SignatureHeader,
    format: PayloadFormat,
    mistakes: &mut Mistakes,
) {
    let auth_header = auth.header().map(|(name, _)| name);
    for (name, _) in headers.iter() {
        let owner = if *name == signature.name {
            "carries the signature"
        } else if Some(name) == auth_header.as_ref() {
            "carries the authentication"
        } else if *name == http::header::CONTENT_TYPE
            && !matches!(format, PayloadFormat::Template | PayloadFormat::Raw)
        {
            "follows from the payload format"
        } else {
            continue;
        };
        mistakes.note(
            &format!("custom_headers.{name}"),
            format!("`{name}` {owner}"),
        );
    }
    if auth_header.as_ref() == Some(&signature.name) {
        mistakes.note("auth.header_name", "carries the signature");
    }
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

fn seconds(count: i64) -> Duration {
    Duration::from_secs(count.unsigned_abs())
}

#[cfg(test)]
pub(crate) mod tests_support {
    use super::*;

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

#[cfg(test)]
mod tests {
    use super::{tests_support::*, *};

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
}
