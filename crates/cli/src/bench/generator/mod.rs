//! Where events come from: straight over NATS, or over HTTP.

mod http;
mod nats;
mod pace;

pub(super) use self::{http::Http, pace::Pace};

/// So many events, one after the other to each target in turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    /// The number of the first event. Numbers of one webhook are never used again.
    pub(super) first: u64,
    /// How many.
    pub(super) count: u64,
    /// How many a second; `None` for as many as are taken.
    pub(super) per_second: Option<u32>,
}

/// Besides number and moment each event carries this, so that it is as large as events are.
pub(super) const PAD_BYTES: usize = 200;
