//! Tenants: made by their first use, or here.

mod create;
mod delete;
mod get;
mod list;
mod patch;
mod view;

pub(crate) use self::{create::*, delete::*, get::*, list::*, patch::*};
