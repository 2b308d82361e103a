//! Erasures by filter: how far they are.

mod get;
mod view;

pub(crate) use self::{get::*, view::ErasureAccepted};
