use std::{
    fmt,
    num::NonZeroU32,
    str::FromStr,
    sync::{Arc, LazyLock},
    time::Duration,
};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    auth::Auth,
    clock::Timestamp,
    endpoint_url::EndpointUrl,
    event::Event,
    event_type::{EventType, EventTypePattern},
    filter::{EventContext, Filter, FilterFailed},
    header_rules::{CustomHeaders, SignatureHeader},
    ids::WebhookId,
    integration::Integration,
    payload::PayloadFormat,
    retry::RetryPolicy,
    signing::SigningSecrets,
    stream_position::StreamPosition,
    template::Template,
    tenant::TenantId,
    tls::Tls,
    webhook_input::WebhookInput,
};

/// Why Posthorn itself stopped sending to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DisabledReason {
    /// The endpoint answered 410.
    Gone,
    /// Every attempt failed for longer than the configured time.
    Failing,
}

impl DisabledReason {
    /// The name in the API and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }
}

impl fmt::Display for DisabledReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not a reason that this version knows.
#[derive(Debug, Clone, thiserror::Error)]
#[error("unknown reason")]
pub struct UnknownReason;

impl FromStr for DisabledReason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Gone, Self::Failing]
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or(UnknownReason)
    }
}

/// Everything that a webhook's owner decides, checked and compiled.
#[derive(Debug)]
pub struct WebhookSettings {
    /// 1 to 100 characters.
    pub name: String,
    /// Free text.
    pub description: Option<String>,
    /// Where requests go.
    pub url: EndpointUrl,
    /// Which event types are wanted; never empty.
    pub event_types: Vec<EventTypePattern>,
    /// Which of those events are wanted.
    pub filter: Option<Filter>,
    /// What is behind the URL.
    pub integration: Integration,
    /// Outgoing authentication.
    pub auth: Auth,
    /// Mutual TLS, and authorities of the owner's own.
    pub tls: Option<Arc<Tls>>,
    /// Further headers of each request.
    pub custom_headers: CustomHeaders,
    /// Shape of the body.
    pub payload_format: PayloadFormat,
    /// Template of the body, when the format is `template`.
    pub payload_template: Option<Template>,
    /// Header of the body's signature.
    pub signature_header: SignatureHeader,
    /// When failed deliveries are tried again.
    pub retry_policy: RetryPolicy,
    /// Whether a 4xx answer is worth another attempt.
    pub retry_client_errors: bool,
    /// How long one request may take.
    pub timeout: Duration,
    /// Most requests a second.
    pub rate_limit_per_second: Option<NonZeroU32>,
    /// Most requests in flight.
    pub max_in_flight: Option<NonZeroU32>,
    /// Most deliveries kept.
    pub history_limit: Option<NonZeroU32>,
}

impl WebhookSettings {
    /// Whether events of this type are wanted, before the filter has its say.
    pub fn wants_type(&self, event_type: &EventType) -> bool {
        self.event_types
            .iter()
            .any(|pattern| pattern.matches(event_type))
    }

    /// Whether the filter lets the event pass. `context` is made when the first filter needs it.
    pub fn filter_passes(
        &self,
        event: &Event,
        context: &mut Option<EventContext>,
    ) -> Result<bool, FilterFailed> {
        let mut enough = u64::MAX;
        let decided = self.filter_passes_within(event, context, &mut enough);
        decided.unwrap_or(Ok(false))
    }

    /// The same, if what is left of `fuel` is enough to find out. What it took is taken from that.
    pub fn filter_passes_within(
        &self,
        event: &Event,
        context: &mut Option<EventContext>,
        fuel: &mut u64,
    ) -> Option<Result<bool, FilterFailed>> {
        let Some(filter) = &self.filter else {
            return Some(Ok(true));
        };
        filter.passes_within(event, context, fuel)
    }
}

/// A subscription of a URL to event types.
#[derive(Debug)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Every change raises it.
    pub version: i64,
    /// What its owner decided.
    pub settings: WebhookSettings,
    /// The settings as they were given, for answers and merge patches (without secrets). Behind a pointer, so that
    /// who only delivers can do without: see [`Webhook::lean`].
    pub input: Arc<WebhookInput>,
    /// Whether events are delivered.
    pub enabled: bool,
    /// Why Posthorn disabled it, if it did.
    pub disabled_reason: Option<DisabledReason>,
    /// What signs.
    pub secrets: SigningSecrets,
    /// Who created it.
    pub created_by: String,
    /// Who changed it last.
    pub updated_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// Where the stream of events ended when it was made, if that was known.
    pub made_after: Option<StreamPosition>,
}

/// How far the clock by which a webhook was made may be ahead of NATS's, where nothing better is known.
const CLOCKS_APART_MAX: TimeDelta = TimeDelta::minutes(1);

impl Webhook {
    /// Whether an event was certainly accepted before this webhook was made. In doubt it was not.
    pub fn was_made_after(&self, sequence: u64, stored_at: Timestamp) -> bool {
        match &self.made_after {
            Some(end) => end.is_behind(sequence, stored_at),
            None => stored_at + CLOCKS_APART_MAX < self.created_at,
        }
    }

    /// Without what only its owner is shown: as a process keeps it that holds a hundred thousand of them to deliver.
    #[must_use]
    pub fn lean(self) -> Self {
        static NOTHING: LazyLock<Arc<WebhookInput>> = LazyLock::new(Arc::default);
        Self {
            settings: WebhookSettings {
                description: None,
                ..self.settings
            },
            input: NOTHING.clone(),
            created_by: String::new(),
            updated_by: String::new(),
            ..self
        }
    }
}
