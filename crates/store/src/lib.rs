#![doc = include_str!("../README.md")]

mod announcements;
mod api_keys;
mod audit;
mod configuration;
mod deliveries;
mod delivery_row;
mod error;
mod events;
mod expected;
mod failure_streaks;
mod migrate;
mod page;
mod partitions;
mod progress;
mod record_rows;
mod record_statements;
mod record_totals;
mod recorder;
mod records;
mod role;
mod runs;
mod seal;
mod session;
mod snapshot;
mod store;
mod tenants;
mod text;
mod totals;
mod webhook_delete;
mod webhook_reads;
mod webhook_row;
mod webhook_state;
mod webhooks;

pub use api_keys::{ApiKey, ApiKeyHash, IssuedApiKey, NewApiKey};
pub use audit::{AuditEntry, AuditFilter, AuditPage, NewAuditEntry};
pub use deliveries::{
    AttemptRow, Delivery, DeliveryDetails, DeliveryFilter, DeliveryPage, DeliveryState, Exchange,
};
pub use error::StoreError;
pub use events::{EventFilter, EventPage, EventSummary, StoredEvent};
pub use expected::ExpectedVersion;
pub use failure_streaks::StreakUpdate;
pub use page::Page;
pub use records::{AttemptRecord, DeliveryRecord, EventRecord, RecordBatch};
pub use role::{Role, UnknownRole};
pub use runs::{NewRun, RunRefused};
pub use seal::{InvalidMasterKeys, MasterKeys};
pub use snapshot::Changes;
pub use store::{Store, StoreConfig};
pub use tenants::Tenant;
pub use totals::WebhookTotals;
pub use webhook_reads::WebhookFilter;
pub use webhook_state::NewSecret;
pub use webhooks::{NewWebhook, WebhookChange};
