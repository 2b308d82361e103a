use std::{sync::Arc, time::Duration};

use super::{WebhookInput, mistakes::Mistakes};
use crate::{
    auth::Auth,
    endpoint_url::{EndpointUrl, UrlPolicy},
    event_type::{EventTypePattern, InvalidPattern},
    field_error::FieldError,
    filter::Filter,
    header_rules::{CustomHeaders, SignatureHeader},
    integration::{Integration, IntegrationType},
    limits::*,
    payload::PayloadFormat,
    retry::RetryPolicy,
    template::Template,
    tls::Tls,
    webhook::WebhookSettings,
};

impl WebhookInput {
    /// Checks and compiles everything; all mistakes are reported, each with its field.
    pub fn validate(&self, urls: UrlPolicy) -> Result<WebhookSettings, Vec<FieldError>> {
        self.check(urls, Filter::compile, Template::compile)
    }

    /// The same of what was saved before. Names in a filter or a template that do not exist fail on events: an older
    /// release took them.
    pub fn validate_stored(&self, urls: UrlPolicy) -> Result<WebhookSettings, Vec<FieldError>> {
        self.check(urls, Filter::stored, Template::stored)
    }

    fn check(
        &self,
        urls: UrlPolicy,
        compile_filter: fn(&str) -> Result<Filter, String>,
        compile_template: fn(&str) -> Result<Template, String>,
    ) -> Result<WebhookSettings, Vec<FieldError>> {
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
            .and_then(|source| mistakes.keep("filter", compile_filter(source)));
        let auth = mistakes.keep_all(
            Auth::validate(self.auth.clone().unwrap_or_default(), urls).map_err(|e| vec![e]),
        );
        let custom_headers = mistakes.keep_all(match &self.custom_headers {
            Some(headers) => CustomHeaders::validate(headers),
            None => Ok(CustomHeaders::default()),
        });
        let payload_template = self
            .payload_template
            .as_deref()
            .and_then(|source| mistakes.keep("payload_template", compile_template(source)));
        let payload_format = self.resolved_payload_format();
        let integration_decides =
            self.integration_type.unwrap_or_default() != IntegrationType::Generic;
        match (payload_format, &self.payload_template) {
            (PayloadFormat::Template, None) => {
                mistakes.note(
                    "payload_template",
                    "is required when payload_format is `template`",
                );
            }
            (
                PayloadFormat::Classic
                | PayloadFormat::Cloudevents
                | PayloadFormat::CloudeventsBinary
                | PayloadFormat::Raw,
                None,
            ) if integration_decides => {
                mistakes.note(
                    "payload_format",
                    "must be `standard` or `template`: the integration type decides the body's shape",
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
        let tls = mistakes.keep_all(Tls::validate(self.tls.clone().unwrap_or_default()));
        if let (Some(url), Some(Some(_))) = (&url, &tls)
            && !url.is_https()
        {
            mistakes.note("tls", "needs an https URL");
        }
        let integration_type = self.integration_type.unwrap_or_default();
        let integration = mistakes.keep_all(Integration::validate(
            integration_type,
            &self.integration.clone().unwrap_or_default(),
        ));
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

        match (url, auth, custom_headers, signature_header, integration) {
            (
                Some(url),
                Some(auth),
                Some(custom_headers),
                Some(signature_header),
                Some(integration),
            ) if mistakes.0.is_empty() => Ok(WebhookSettings {
                name: self.name.clone(),
                description: self.description.clone(),
                url,
                event_types,
                filter,
                integration,
                auth,
                tls: tls.flatten().map(Arc::new),
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
            }),
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
    let auth_header = auth.header_name();
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
