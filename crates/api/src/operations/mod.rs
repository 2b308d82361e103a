//! The operations of the API, each in a file: what it takes, what it answers, and its words in the document.

pub(crate) mod api_keys;
pub(crate) mod audit_log;
pub(crate) mod dead_letters;
pub(crate) mod deliveries;
pub(crate) mod erasures;
pub(crate) mod event_types;
pub(crate) mod events;
pub(crate) mod exports;
pub(crate) mod queue;
pub(crate) mod replays;
pub(crate) mod session;
pub(crate) mod statistics;
pub(crate) mod tenants;
pub(crate) mod timings;
pub(crate) mod webhooks;
