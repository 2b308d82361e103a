//! The log of deliveries.

mod get;
mod list;
mod view;

pub(crate) use self::{get::*, list::*};
