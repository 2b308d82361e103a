//! Every limit of the product, with its unit in the name.

mod shares;

use std::time::Duration;

pub use self::shares::*;

/// Longest event type, in characters.
pub const EVENT_TYPE_CHARS_MAX: usize = 128;
/// Longest tenant name, in characters.
pub const TENANT_CHARS_MAX: usize = 64;
/// Largest `data` of one event, in bytes, unless configured otherwise.
pub const EVENT_DATA_BYTES_MAX: usize = 256 * 1024;
/// Deepest nesting of arrays and objects in the `data` of one event, in levels. Filters, templates and JSON Schemas read
/// data with a parser that stops at 128: what they could not read is not taken in the first place.
pub const DATA_DEPTH_MAX: usize = 100;
/// Most events in one `POST /events`.
pub const EVENTS_PER_REQUEST_MAX: usize = 1_000;
/// Longest idempotency key, in visible ASCII characters.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 128;

/// Most extension attributes of one CloudEvent.
pub const CLOUD_EVENT_EXTENSIONS_MAX: usize = 64;
/// Largest sum of a CloudEvent's `datacontenttype`, `dataschema` and extension attributes, names and values, in bytes.
pub const CLOUD_EVENT_ATTRIBUTES_BYTES_MAX: usize = 4 * 1024;
/// Longest `id`, `source` or `subject` of a CloudEvent, in bytes.
pub const CLOUD_EVENT_ATTRIBUTE_BYTES_MAX: usize = 2_048;

/// Longest label of an event type, in characters.
pub const EVENT_TYPE_LABEL_CHARS_MAX: usize = 150;
/// Longest category of an event type, in characters.
pub const EVENT_TYPE_CATEGORY_CHARS_MAX: usize = 50;
/// Longest description of an event type, in characters.
pub const EVENT_TYPE_DESCRIPTION_CHARS_MAX: usize = 2_000;
/// Largest example of an event type, in bytes.
pub const EVENT_TYPE_EXAMPLE_BYTES_MAX: usize = 64 * 1024;
/// Largest JSON Schema of an event type, in bytes.
pub const EVENT_TYPE_SCHEMA_BYTES_MAX: usize = 64 * 1024;
/// Most event types in the catalogue of one tenant.
pub const EVENT_TYPES_PER_TENANT_MAX: usize = 1_000;
/// Largest sum of the JSON Schemas of one tenant, in bytes: every api holds them in memory, compiled.
pub const EVENT_TYPE_SCHEMAS_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Largest import of event types, in bytes.
pub const EVENT_TYPE_IMPORT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most subschemas of one JSON Schema, each counted as often as it is referred to.
pub const SCHEMA_EXPANSIONS_MAX: usize = 5_000;
/// Deepest nesting of one JSON Schema, in subschemas, through references too.
pub const SCHEMA_DEPTH_MAX: usize = 200;
/// Most steps that checking one value against a JSON Schema may take. A step is one keyword of one subschema, or one
/// member of an `enum`.
pub const SCHEMA_STEPS_PER_VALUE_MAX: u64 = 100_000;
/// Most steps that checking one event may take.
pub const SCHEMA_STEPS_MAX: u64 = 10_000_000;
/// Most steps that an event's check may take on a thread that serves requests. Checks of more have threads of their own.
pub const SCHEMA_STEPS_INLINE_MAX: u64 = 50_000;
/// Largest data that is checked on a thread that serves requests, in bytes.
pub const SCHEMA_DATA_INLINE_BYTES_MAX: usize = 16 * 1024;
/// Most memory for the mistakes that a JSON Schema may find in one event, in bytes as they are estimated. Beyond it none
/// is named.
pub const SCHEMA_MISTAKES_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Most nested subschemas that checking one event may go through. Each takes a piece of the stack.
pub const SCHEMA_LEVELS_MAX: u64 = 2_000;
/// Most distinct regular expressions of one JSON Schema.
pub const SCHEMA_PATTERNS_MAX: usize = 100;
/// Longest regular expression of a JSON Schema, in bytes.
pub const SCHEMA_PATTERN_TEXT_BYTES_MAX: usize = 2_048;
/// Largest sum of the distinct regular expressions of one JSON Schema, in bytes.
pub const SCHEMA_PATTERNS_TEXT_BYTES_MAX: usize = 16 * 1024;
/// Largest regular expression of a JSON Schema, in bytes once compiled.
pub const SCHEMA_PATTERN_BYTES_MAX: usize = 256 * 1024;
/// Largest JSON Schema once compiled with its regular expressions, in bytes of memory as they are estimated.
pub const SCHEMA_COMPILED_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Most memory of one process for the compiled JSON Schemas of one tenant, in bytes as they are estimated.
pub const SCHEMAS_COMPILED_BYTES_PER_TENANT_MAX: u64 = 16 * 1024 * 1024;
/// Most memory of one process for all compiled JSON Schemas, in bytes as they are estimated.
pub const SCHEMAS_COMPILED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most JSON Schemas that one process weighs, compiles or checks against at once, apart from what takes few steps.
pub const SCHEMA_JOBS_MAX: usize = 4;
/// Most of these that one tenant has at once.
pub const SCHEMA_JOBS_PER_TENANT_MAX: usize = 1;
/// How long a request waits for its turn among its tenant's before it is answered 503.
pub const SCHEMA_JOB_WAIT_MAX: Duration = Duration::from_secs(5);
/// Most components of each kind in an OpenAPI document that is imported.
pub const OPENAPI_COMPONENTS_MAX: usize = 10_000;

/// Longest webhook name, in characters.
pub const WEBHOOK_NAME_CHARS_MAX: usize = 100;
/// Longest webhook description, in characters.
pub const WEBHOOK_DESCRIPTION_CHARS_MAX: usize = 1_000;
/// Longest endpoint URL, in bytes.
pub const URL_BYTES_MAX: usize = 2_048;
/// Most event type patterns on one webhook.
pub const EVENT_TYPE_PATTERNS_MAX: usize = 100;
/// Most custom headers on one webhook.
pub const CUSTOM_HEADERS_MAX: usize = 50;
/// Longest value of a custom header or credential, in bytes.
pub const HEADER_VALUE_BYTES_MAX: usize = 4_096;
/// Longest OAuth 2.0 scope or audience, in bytes.
pub const OAUTH2_SCOPE_BYTES_MAX: usize = 2_048;
/// Longest PEM text of a webhook's TLS settings, in bytes.
pub const TLS_PEM_BYTES_MAX: usize = 64 * 1024;
/// Most certificates in one PEM text.
pub const TLS_CERTIFICATES_MAX: usize = 20;
/// Longest filter expression, in bytes.
pub const FILTER_BYTES_MAX: usize = 4_096;
/// Longest payload template, in bytes.
pub const TEMPLATE_BYTES_MAX: usize = 64 * 1024;
/// Largest rendered template, in bytes.
pub const RENDERED_BODY_BYTES_MAX: usize = 1024 * 1024;
/// Steps of work that one filter or template may take before it is stopped, apart from those that its data pays for.
pub const EXPRESSION_FUEL_MAX: u64 = 100_000;
/// Steps that it may take more for each byte of the event's data: enough to go through all that fits into an event.
pub const EXPRESSION_FUEL_PER_DATA_BYTE: u64 = 10;
/// Memory that one filter or template may take before it is stopped, in bytes, apart from what its data pays for. What is
/// let go of again counts, too.
pub const EXPRESSION_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of memory that it may take more for each byte of the event's data.
pub const EXPRESSION_BYTES_PER_DATA_BYTE: usize = 128;
/// Steps that a filter is charged at least.
pub const FILTER_FUEL_MIN: u64 = 100;
/// Steps that all filters on one event may take together when it is taken; the rest is decided later. It is enough
/// for any number of ordinary filters, and for some twenty that take as much as one may.
pub const FILTER_FUEL_PER_EVENT_MAX: u64 = 2_000_000;

/// Shortest signing key, in bytes after decoding (Standard Webhooks 1.0).
pub const SIGNING_KEY_BYTES_MIN: usize = 24;
/// Longest signing key, in bytes after decoding (Standard Webhooks 1.0).
pub const SIGNING_KEY_BYTES_MAX: usize = 64;
/// Length of a signing key that Posthorn makes, in bytes.
pub const SIGNING_KEY_BYTES_DEFAULT: usize = 32;
/// How long an old secret goes on signing after a rotation, in seconds, unless the caller says otherwise.
pub const ROTATION_OVERLAP_SECONDS_DEFAULT: u32 = 86_400;
/// Longest overlap of two secrets, in seconds (30 days).
pub const ROTATION_OVERLAP_SECONDS_MAX: u32 = 30 * 86_400;
/// Most secrets of a webhook that sign at a time. Each adds 48 bytes to `webhook-signature`.
pub const SIGNING_SECRETS_MAX: usize = 5;

/// Most automatic retries by exponential backoff.
pub const RETRIES_MAX: u8 = 10;
/// Automatic retries unless the webhook says otherwise.
pub const RETRIES_DEFAULT: u8 = 4;
/// Longest first retry delay, in seconds.
pub const RETRY_DELAY_SECONDS_MAX: u32 = 3_600;
/// First retry delay unless the webhook says otherwise, in seconds.
pub const RETRY_DELAY_SECONDS_DEFAULT: u32 = 10;
/// Most steps of an explicit retry schedule.
pub const RETRY_SCHEDULE_STEPS_MAX: usize = 20;
/// Longest step of an explicit retry schedule, in seconds (7 days).
pub const RETRY_SCHEDULE_STEP_SECONDS_MAX: u32 = 7 * 86_400;
/// Exponential backoff grows no further than this.
pub const BACKOFF_MAX: Duration = Duration::from_secs(86_400);
/// `Retry-After` is honoured up to this.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(86_400);
/// What asks for more than this is a mistake, such as a Unix time, and is ignored: the longest month, after which the
/// quota of somebody who ran out of it begins anew.
pub const RETRY_AFTER_CREDIBLE_MAX: Duration = Duration::from_secs(31 * 86_400);

/// Shortest request timeout, in seconds.
pub const TIMEOUT_SECONDS_MIN: u16 = 1;
/// Longest request timeout, in seconds.
pub const TIMEOUT_SECONDS_MAX: u16 = 120;
/// Request timeout unless the webhook says otherwise, in seconds.
pub const TIMEOUT_SECONDS_DEFAULT: u16 = 30;
/// Highest rate limit of one webhook, in requests a second.
pub const RATE_LIMIT_PER_SECOND_MAX: u32 = 10_000;
/// Highest bound on one webhook's requests in flight.
pub const IN_FLIGHT_MAX: u32 = 1_000;
/// Largest history limit of one webhook, in deliveries.
pub const HISTORY_LIMIT_MAX: u32 = 1_000_000;

/// So many failed attempts in a row make a webhook a failing one.
pub const FAILING_AFTER_ATTEMPTS: u32 = 5;
/// For so long after its recovery was announced a webhook is not announced as failing again.
pub const FAILING_PAUSE: Duration = Duration::from_secs(60);

/// So many failed attempts in a row open a webhook's breaker, unless configured otherwise.
pub const BREAKER_FAILURES_DEFAULT: u32 = 20;
/// The breaker opens when fewer of the last minute's attempts than this succeed, in percent ...
pub const BREAKER_SUCCESS_PERCENT_MIN: u64 = 10;
/// ... if there were so many.
pub const BREAKER_ATTEMPTS_MIN: u64 = 50;
/// A breaker opens only if failures go on for this long, from the moment when the first was sent.
pub const BREAKER_FAILING_MIN: Duration = Duration::from_secs(10);
/// How long a breaker stays open at first. It doubles with each probe that fails.
pub const BREAKER_OPEN_FIRST: Duration = Duration::from_secs(10);
/// How long a breaker stays open at most, before jitter.
pub const BREAKER_OPEN_MAX: Duration = Duration::from_secs(300);

/// How long a probe waits for an answer.
pub const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// How much of a body that a template or an integration made is kept with its attempt, in bytes.
pub const REQUEST_BODY_KEPT_BYTES_MAX: usize = 64 * 1024;
/// How much of a receiver's answer is kept, in bytes.
pub const RESPONSE_BODY_BYTES_MAX: usize = 16 * 1024;
/// Longest error message kept with an attempt, in characters.
pub const ERROR_MESSAGE_CHARS_MAX: usize = 500;

/// Most buckets of time in one answer of statistics.
pub const STATISTICS_BUCKETS_MAX: i64 = 1_000;
/// Most event types in one answer of statistics.
pub const STATISTICS_EVENT_TYPES_MAX: usize = 1_000;
/// Most dead letters that one request retries or discards, the oldest first.
pub const DEAD_LETTERS_PER_REQUEST_MAX: usize = 100_000;
/// Most ids that one request names.
pub const IDS_PER_REQUEST_MAX: usize = 1_000;
/// Most deliveries that one replay hands over in a second.
pub const REPLAY_DELIVERIES_PER_SECOND_MAX: usize = 500;
/// Most deliveries of one replay that are handed over and not attempted yet.
pub const REPLAY_DELIVERIES_WAITING_MAX: usize = 1_000;
