//! Who asks, and what they may do.
//!
//! A key is recognised by its SHA-256, first among those in memory, then by one look-up in the database. What
//! its holder may do is asked for in the signature of each operation: [`May<Read>`], [`May<Manage>`],
//! [`May<Publish>`], [`May<Administer>`], or [`May<Enter>`] where any key will do.

mod bucket;
mod deleted_tenants;
mod holder;
mod keyring;
mod last_use;
mod lookups;
mod may;
mod usage;

pub(crate) use bucket::Quota;
pub(crate) use deleted_tenants::DeletedTenants;
pub(crate) use holder::{Holder, Identity, KeyHolder};
pub(crate) use keyring::Keyring;
pub(crate) use last_use::write_uses;
pub(crate) use may::{Administer, Enter, Manage, May, Publish, Read, tenant_of};
