//! What Posthorn says of itself, and when it gives a webhook up.
//!
//! ```text
//!  recorder ──observation──▶ watch (memory) ──changes only──▶ keeper ──▶ failure_streaks, announcements (PostgreSQL)
//!  settle ──dead letter, 410──▶ announcer ◀──────────────────────┘
//!                                   └──▶ POSTHORN_EVENTS, as events of the tenant
//! ```
//!
//! | module | one idea |
//! | --- | --- |
//! | `observation` | what one attempt tells about its receiver |
//! | `watch` | which attempts change anything; decided in memory, so a healthy webhook costs no query |
//! | `keeper` | brings changes to the database that all replicas share, and finishes what a crash interrupted |
//! | `announcer` | publishes operational events, and disables webhooks |
//!
//! An exhausted delivery is announced after its record and its dead letter are durable and before its message is
//! acknowledged; a redelivered message says it again under the same message id. Everything else is decided in
//! a transaction that also keeps the announcement, which is forgotten when it is published. Either way it is published
//! at least once, and what is published twice has one message id, so the stream keeps one within its window.
//!
//! What is not guaranteed: the attempts that a process recorded within its last moments before a crash may be missing
//! from a streak. Then a webhook is failing one or two attempts later, or has recovered with its second success.

mod announcer;
mod keeper;
mod observation;
mod watch;

pub(crate) use announcer::Announcer;
pub(crate) use keeper::Keeper;
pub(crate) use observation::Observation;
pub(crate) use watch::Watch;
