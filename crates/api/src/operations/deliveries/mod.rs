//! The log of deliveries.

mod get;
mod list;
mod retry;
mod view;

pub(crate) use self::{get::*, list::*, retry::*, view::DeliveryView};
