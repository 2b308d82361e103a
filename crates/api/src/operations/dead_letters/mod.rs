//! What could not be delivered or read: listed, brought on its way again, thrown away.

mod choice;
mod discard;
mod get;
mod list;
mod retry;
mod view;

pub(crate) use self::{discard::*, get::*, list::*, retry::*};
