//! A Posthorn somewhere: which one is meant, with which key, and requests to its API.

mod client;
mod connection;
mod follow;
mod list;
mod problem;
mod query;
mod session;

pub(crate) use client::{Answer, Client, innermost};
pub(crate) use connection::{Remote, Target, key_in};
pub(crate) use follow::{Follower, News};
pub(crate) use list::{List, PageOptions};
pub(crate) use query::Query;
pub(crate) use session::{Common, Session};
