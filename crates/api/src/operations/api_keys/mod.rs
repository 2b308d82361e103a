//! API keys: shown once, kept as hashes.

mod create;
mod delete;
mod get;
mod list;
mod view;

pub(crate) use self::{create::*, delete::*, get::*, list::*, view::RoleView};
