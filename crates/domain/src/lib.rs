#![doc = include_str!("../README.md")]

mod auth;
mod breaker;
mod clock;
mod clock_offset;
pub mod cloud_event;
mod delivery;
pub mod delivery_lifecycle;
mod endpoint_url;
mod event;
mod event_type;
mod failure;
mod failure_streak;
mod field_error;
mod filter;
mod header_rules;
mod ids;
mod integration;
pub mod json_object;
mod latency;
pub mod limits;
mod message_key;
mod names;
mod operational;
mod payload;
mod phases;
mod rate_slot;
mod retry;
mod retry_after;
mod signing;
mod stored;
mod stored_credentials;
mod stream_position;
mod subscription;
mod template;
mod tenant;
mod tls;
mod trace_context;
mod verdict;
mod webhook;
mod webhook_input;
mod work;

pub use auth::{Auth, AuthInput, ClientAuthentication, OAuth2};
pub use breaker::{Breaker, BreakerReason, Opening, Passage, Sign};
pub use clock::{Clock, SystemClock, Timestamp, from_unix_ms, unix_ms};
pub use clock_offset::ClockOffset;
pub use cloud_event::CloudEventAttributes;
pub use delivery::{DeliveryStatus, UnknownStatus};
pub use endpoint_url::{EndpointUrl, UrlPolicy};
pub use event::{Event, JsonText, NotJson, TooDeep, without_bom};
pub use event_type::{EventType, EventTypePattern, InvalidEventType, InvalidPattern};
pub use failure::{Failure, FailureCode, FailureKind};
pub use failure_streak::{AttemptRun, FailureStreak, StreakChange};
pub use field_error::FieldError;
pub use filter::{EventContext, Filter, FilterFailed, UnreadableData};
pub use header_rules::{CustomHeaders, SignatureFormat, SignatureHeader};
pub use ids::{ApiKeyId, DeadLetterId, DeliveryId, ErasureId, EventId, ReplayId, WebhookId};
pub use integration::{DiscordChannel, Integration, IntegrationType, TelegramChat};
pub use latency::{LatencyBucket, LatencyHistogram};
pub use message_key::{MessageKey, MessageParts};
pub use operational::{
    AttemptFacts, NotGenuine, OPERATIONAL_SOURCE, OperationalEvent, OperationalKeys,
    OperationalType, SignedParts, UnknownOperationalType, operational_event,
};
pub use payload::{Body, PayloadFormat, PlainFormat, RenderFailed, render};
pub use phases::Phases;
pub use rate_slot::{InvalidRateSlot, RateSlot};
pub use retry::RetryPolicy;
pub use retry_after::{RetryAfter, retry_after};
pub use signing::{
    InvalidSecret, SigningSecret, SigningSecrets, TooManySecrets, body_signature,
    standard_signature,
};
pub use stored::from_stored;
pub use stream_position::StreamPosition;
pub use subscription::{Subscription, SubscriptionFilter, Wanted};
pub use template::{Template, TemplateFailed};
pub use tenant::{InvalidTenant, TenantId};
pub use tls::{ClientIdentity, KeyForm, Tls, TlsInput};
pub use trace_context::TraceContext;
pub use verdict::{Answer, AttemptOutcome, Verdict};
pub use webhook::{DisabledReason, Webhook, WebhookSettings};
pub use webhook_input::{SignatureHeaderInput, WebhookInput};
