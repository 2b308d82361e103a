//! How many deliveries, how they ended, how fast receivers are.

mod activity;
mod health;
mod params;
mod tenant;
mod view;
mod webhook;

pub(crate) use self::{activity::*, health::*, tenant::*, webhook::*};
