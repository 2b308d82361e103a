//! API keys: shown once, kept as hashes.

mod create;
mod delete;
mod list;
mod view;

pub(crate) use self::{create::*, delete::*, list::*, view::RoleView};
