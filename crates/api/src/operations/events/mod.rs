//! The log of events: published, listed, read.

mod answers;
mod binary;
mod deliveries;
mod draft;
mod elements;
mod erase;
mod erase_matching;
mod get;
mod list;
mod misfits;
mod publish;
mod reading;
mod replay;
mod reused_keys;
mod view;

// The macro that routes an operation looks for what was made beside its handler.
pub(crate) use self::{
    deliveries::*, erase::*, erase_matching::*, get::*, list::*, publish::*, replay::*,
};
