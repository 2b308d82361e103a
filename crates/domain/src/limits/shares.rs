//! What all tenants use together in one process, and how much of it one of them may have. docs/operations.md says how to
//! size it.

use std::time::Duration;

/// Connections of clients to one process.
pub const CONNECTIONS_MAX: usize = 10_000;
/// Connections of clients from one address. A proxy in front is one address, so this is much.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 1_000;
/// Connections beyond these, on which only health and metrics are answered.
pub const CONNECTIONS_FOR_HEALTH_MAX: usize = 64;
/// How long a client may take to send the headers of its first request on a connection.
pub const FIRST_HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to send the headers of each further request; most of it is the pause between requests.
pub const NEXT_HEADERS_TIMEOUT: Duration = Duration::from_secs(75);
/// How long a client may take none of an answer that is being sent to it.
pub const WRITE_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Bodies of requests held in memory at the same time, in bytes, unless configured otherwise. One key may have half of
/// it, and one request of the largest size in any case.
pub const REQUEST_BODIES_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Exports under way in one process.
pub const EXPORTS_MAX: usize = 64;
/// Exports under way with one key.
pub const EXPORTS_PER_KEY_MAX: usize = 4;
/// Tests and probes under way in one process.
pub const HAND_MADE_REQUESTS_MAX: usize = 64;
/// Tests and probes under way of one tenant.
pub const HAND_MADE_REQUESTS_PER_TENANT_MAX: usize = 8;
/// Of the connections to the database what one tenant may use at the same time, in percent.
pub const DATABASE_PART_PERCENT_MAX: u32 = 40;
/// Deepest page of a list that can be reached by counting, in items. A cursor reaches any.
pub const LIST_OFFSET_MAX: u64 = 10_000;

/// Webhooks of one tenant, unless configured otherwise.
pub const WEBHOOKS_PER_TENANT_MAX: u32 = 1_000;
/// Settings of all webhooks of one tenant together, in bytes as they are stored: every deliverer holds them in memory,
/// compiled.
pub const WEBHOOK_SETTINGS_BYTES_PER_TENANT_MAX: usize = 64 * 1024 * 1024;
