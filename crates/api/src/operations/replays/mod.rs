//! Deliveries that are made again: how far that is.

mod cancel;
mod get;
mod list;
mod view;

pub(crate) use self::{cancel::*, get::*, list::*, view::ReplayAccepted};
