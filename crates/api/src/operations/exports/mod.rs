//! The log of deliveries as a file.
//!
//! A file may be larger than memory, so it is read from the database in pages by key, and a page only when the client
//! has taken the one before: what an export needs does not depend on how long it is. What is created after it began
//! is not in it. When the database goes away in the middle, the connection is cut, so that half a file never looks
//! like a whole one.

mod deliveries;
mod encode;
mod pages;
mod webhook;

pub(crate) use self::{deliveries::*, webhook::*};
