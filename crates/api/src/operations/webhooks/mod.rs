//! Webhooks: who wants to know, and how they are told.

mod audited;
mod available;
mod create;
mod delete;
mod deliveries;
mod disable;
mod enable;
mod gate;
mod get;
mod list;
mod patch;
mod preview;
mod probe;
mod replace;
mod replay;
mod reveal_secret;
mod rotate_secret;
mod settings;
mod test;
mod view;

pub(crate) use self::{
    audited::ToldPreviews, available::*, create::*, delete::*, deliveries::*, disable::*,
    enable::*, gate::*, get::*, list::*, patch::*, preview::*, probe::*, replace::*, replay::*,
    reveal_secret::*, rotate_secret::*, test::*,
};
