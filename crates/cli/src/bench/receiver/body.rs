//! Bodies of answers: nothing, or more than a sender should put up with.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Interval, interval};

use super::route::Visit;

/// A body that keeps a careless sender busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bench) enum BadBody {
    /// Never ends, as fast as it is read.
    Endless,
    /// A byte ten times a second, never ending.
    Dripping,
    /// 100 MB.
    Large,
}

const CHUNK: &[u8] = &[b'x'; 64 * 1024];
const LARGE_BYTES: usize = 100_000_000;
const DRIP_EVERY: Duration = Duration::from_millis(100);

/// What follows the headers. The visit ends with it.
pub(super) enum AnswerBody {
    Empty,
    Bytes { left: usize, _visit: Visit },
    Drips { pace: Interval, _visit: Visit },
}

impl AnswerBody {
    pub(super) fn bad(kind: BadBody, visit: Visit) -> Self {
        match kind {
            BadBody::Endless => Self::Bytes {
                left: usize::MAX,
                _visit: visit,
            },
            BadBody::Large => Self::Bytes {
                left: LARGE_BYTES,
                _visit: visit,
            },
            BadBody::Dripping => Self::Drips {
                pace: interval(DRIP_EVERY),
                _visit: visit,
            },
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Empty | Self::Bytes { left: 0, .. } => Poll::Ready(None),
            Self::Bytes { left, .. } => {
                let size = CHUNK.len().min(*left);
                *left -= size;
                let chunk = Bytes::from_static(CHUNK).slice(..size);
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
            Self::Drips { pace, .. } => pace
                .poll_tick(context)
                .map(|_| Some(Ok(Frame::data(Bytes::from_static(b"x"))))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Empty)
    }
}
