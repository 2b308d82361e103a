//! The catalogue of event types: what may happen, and what it looks like.

mod create;
mod delete;
mod get;
mod import;
mod list;
mod replace;
mod settings;
mod view;

pub(crate) use self::{create::*, delete::*, get::*, import::*, list::*, replace::*};
