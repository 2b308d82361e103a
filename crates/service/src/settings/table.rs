//! Every setting of Posthorn. One TOML file may serve both services, so each knows the other's keys.

use super::setting::{Service, Setting};

/// The optional TOML file. It names the file, so it cannot stand in it.
pub const CONFIG: Setting = Setting::new(
    "config",
    "TOML file with settings, named as below without `POSTHORN_`, in lower case",
);

/// NATS servers.
pub const NATS_URL: Setting = Setting::new(
    "nats_url",
    "NATS servers, separated by commas; tls:// for TLS",
)
.default("nats://127.0.0.1:4222")
.secret();
/// NATS credentials.
pub const NATS_CREDS_FILE: Setting =
    Setting::new("nats_creds_file", "NATS credentials file (.creds)");
/// Replicas of the streams.
pub const STREAM_REPLICAS: Setting = Setting::new(
    "stream_replicas",
    "copies of each stream, 1 to 5; 3 in a cluster",
)
.default("1");
/// How long a publisher's key removes duplicates.
pub const DUPLICATE_WINDOW_SECONDS: Setting = Setting::new(
    "duplicate_window_seconds",
    "how long an idempotency key or Nats-Msg-Id removes duplicates",
)
.default("120");
/// Largest data of an event.
pub const EVENT_BYTES_MAX: Setting =
    Setting::new("event_bytes_max", "largest `data` of one event, in bytes").default("262144");
/// PostgreSQL.
pub const DATABASE_URL: Setting = Setting::new(
    "database_url",
    "PostgreSQL 15 or later: postgres://user:password@host/database (required)",
)
.secret();
/// Connections to PostgreSQL.
pub const DATABASE_CONNECTIONS_MAX: Setting =
    Setting::new("database_connections_max", "most connections to PostgreSQL").default("10");
/// Keys that seal secrets.
pub const MASTER_KEY: Setting = Setting::new(
    "master_key",
    "32 bytes in base64 that seal secrets at rest (required); several, separated by commas, for rotation: the first seals, all open",
)
.secret();
/// Whether http is allowed.
pub const ALLOW_HTTP: Setting = Setting::new("allow_http", "accept http:// URLs of webhooks")
    .switch()
    .of(Service::Api);
/// Days that the log is kept.
pub const RETENTION_DAYS: Setting = Setting::new(
    "retention_days",
    "days that deliveries, attempts and events are kept",
)
.default("30");
/// Days that the audit log is kept.
pub const AUDIT_RETENTION_DAYS: Setting =
    Setting::new("audit_retention_days", "days that the audit log is kept")
        .default("365")
        .of(Service::Deliverer);
/// Drain time. Its default is longer than the longest request to a receiver, so that a stop cuts none off.
pub const DRAIN_SECONDS: Setting = Setting::new(
    "drain_seconds",
    "after SIGTERM, most seconds to finish what is under way",
)
.default("130");
/// What is logged.
pub const LOG_LEVEL: Setting = Setting::new(
    "log_level",
    "error, warn, info, debug or trace, or directives such as info,posthorn_bus=debug",
)
.default("info");
/// How it is logged.
pub const LOG_FORMAT: Setting = Setting::new("log_format", "text or json").default("text");

/// Address of the api.
pub const LISTEN: Setting = Setting::new("listen", "address and port of the REST API")
    .default("127.0.0.1:8080")
    .of(Service::Api);
/// First key.
pub const ADMIN_KEY: Setting = Setting::new(
    "admin_key",
    "bootstrap key with the role admin, at least 32 characters; needs no database",
)
.secret()
.of(Service::Api);
/// Rate limit of the api.
pub const API_RATE_LIMIT_PER_SECOND: Setting = Setting::new(
    "api_rate_limit_per_second",
    "most requests a second with one API key; as many may come at once",
)
.default("50000")
.of(Service::Api);
/// How long keys are believed that cannot be loaded again.
pub const API_KEYS_BELIEVED_SECONDS: Setting = Setting::new(
    "api_keys_believed_seconds",
    "how long keys are accepted by an api that cannot ask the database whether they still hold",
)
.default("300")
.of(Service::Api);
/// Largest body of a request.
pub const REQUEST_BYTES_MAX: Setting =
    Setting::new("request_bytes_max", "largest body of a request, in bytes")
        .default("33554432")
        .of(Service::Api);
/// Bodies of requests that are held at the same time.
pub const REQUEST_BODIES_BYTES_MAX: Setting = Setting::new(
    "request_bodies_bytes_max",
    "most that one process holds of the bodies of requests at the same time, in bytes; one key may have half of it",
)
.default("67108864")
.of(Service::Api);
/// Webhooks of one tenant.
pub const WEBHOOKS_PER_TENANT: Setting =
    Setting::new("webhooks_per_tenant", "most webhooks of one tenant")
        .default("1000")
        .of(Service::Api);
/// CORS.
pub const CORS_ORIGINS: Setting = Setting::new(
    "cors_origins",
    "origins that browsers may call the API from, separated by commas, or *; none unless given",
)
.of(Service::Api);

/// Senders of CloudEvents.
pub const CLOUDEVENTS_ORIGINS: Setting = Setting::new(
    "cloudevents_origins",
    "senders that are told, when they ask by OPTIONS, that they may send CloudEvents, separated by commas, or *",
)
.of(Service::Api);

/// Whether unknown event types are refused.
pub const STRICT_EVENT_TYPES: Setting = Setting::new(
    "strict_event_types",
    "refuse events over HTTP whose type is not in the tenant's catalogue",
)
.switch()
.of(Service::Api);

/// Whether the process only migrates.
pub const MIGRATE_ONLY: Setting = Setting::new(
    "migrate_only",
    "bring the database's schema up to date and exit; for a job before an upgrade",
)
.switch()
.of(Service::Api);

/// Address of the deliverer's health and metrics.
pub const ADMIN_LISTEN: Setting =
    Setting::new("admin_listen", "address and port of health and metrics")
        .default("127.0.0.1:8081")
        .of(Service::Deliverer);
/// Private networks that may be called.
pub const EGRESS_ALLOW: Setting = Setting::new(
    "egress_allow",
    "networks (CIDR, separated by commas) that webhooks may reach although they are private",
);

/// The proxy that requests to receivers go through.
pub const EGRESS_PROXY: Setting = Setting::new(
    "egress_proxy",
    "HTTP proxy that all requests to receivers go through: http://[user:password@]host:port; receivers' names are \
     resolved and checked here all the same, and the proxy is told addresses",
)
.secret();

/// Requests under way at the same time.
pub const REQUESTS_IN_FLIGHT_MAX: Setting = Setting::new(
    "requests_in_flight_max",
    "most requests to receivers under way at the same time in one process",
)
.default("1024")
.of(Service::Deliverer);

/// When a failing webhook is disabled.
pub const DISABLE_FAILING_AFTER_SECONDS: Setting = Setting::new(
    "disable_failing_after_seconds",
    "a webhook of which every attempt failed for this long is disabled; 5 days unless given",
)
.default("432000")
.of(Service::Deliverer);

/// When a breaker opens.
pub const BREAKER_FAILURES: Setting = Setting::new(
    "breaker_failures",
    "so many failed attempts in a row, over 10 seconds or more, open a webhook's circuit breaker; 0 switches breakers off",
)
.default("20")
.of(Service::Deliverer);

/// When a delivery is thought stranded.
pub const STRANDED_AFTER_SECONDS: Setting = Setting::new(
    "stranded_after_seconds",
    "a delivery whose attempt is overdue for this long, and whose message is gone, is handed over again",
)
.default("600")
.of(Service::Deliverer);

/// All of them, in the order of `--help`.
pub const ALL: &[&Setting] = &[
    &LISTEN,
    &ADMIN_LISTEN,
    &NATS_URL,
    &NATS_CREDS_FILE,
    &STREAM_REPLICAS,
    &DUPLICATE_WINDOW_SECONDS,
    &DATABASE_URL,
    &DATABASE_CONNECTIONS_MAX,
    &MASTER_KEY,
    &ADMIN_KEY,
    &ALLOW_HTTP,
    &EGRESS_ALLOW,
    &EGRESS_PROXY,
    &REQUESTS_IN_FLIGHT_MAX,
    &DISABLE_FAILING_AFTER_SECONDS,
    &BREAKER_FAILURES,
    &STRANDED_AFTER_SECONDS,
    &EVENT_BYTES_MAX,
    &REQUEST_BYTES_MAX,
    &REQUEST_BODIES_BYTES_MAX,
    &WEBHOOKS_PER_TENANT,
    &API_RATE_LIMIT_PER_SECOND,
    &API_KEYS_BELIEVED_SECONDS,
    &CORS_ORIGINS,
    &CLOUDEVENTS_ORIGINS,
    &STRICT_EVENT_TYPES,
    &MIGRATE_ONLY,
    &RETENTION_DAYS,
    &AUDIT_RETENTION_DAYS,
    &DRAIN_SECONDS,
    &LOG_LEVEL,
    &LOG_FORMAT,
];
