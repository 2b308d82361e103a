//! Which requests may go once more although they were sent, and how often.
//!
//! | what happened | why it may go again | how often |
//! | --- | --- | --- |
//! | GOAWAY, and the request's stream is above the last one that the receiver took; `REFUSED_STREAM` (RFC 9113, 8.7) | the receiver says that it did not process it | twice, the second time on a connection of its own |
//! | the connection was handed back with the request unsent | nothing was written | the same |
//! | a connection that had answered before ends without a byte of an answer | it was most likely closed while it was idle, as the request was on its way (RFC 9112, 9.3.1) | once |
//!
//! Everything else is a failure. On a new connection the third row is one too: it says something of the receiver.

use std::{error::Error, io};

use super::failed::SendFailed;
use crate::failure::find;

/// Why a request may go once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// The receiver did not process it, and said so, or was never sent it.
    Refused,
    /// The kept connection that it went over had been closed.
    Closed,
}

impl Again {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Refused, Self::Closed];

    /// A stable name, for metrics and traces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Closed => "closed",
        }
    }
}

/// What went again within one exchange.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SentAgain {
    refused: u8,
    closed: u8,
}

/// Most times that one request is sent: whoever is refused on a connection that others share is refused for their number,
/// perhaps; who is refused alone on a new one will be refused for ever.
const SENDS_MAX: u8 = 3;

impl SentAgain {
    /// How often for this reason.
    pub fn times(self, why: Again) -> u8 {
        match why {
            Again::Refused => self.refused,
            Again::Closed => self.closed,
        }
    }

    /// How often for any reason.
    pub fn total(self) -> u8 {
        self.refused + self.closed
    }

    /// Counts one more, unless that would be too many.
    pub(super) fn allows(&mut self, why: Again) -> bool {
        let allowed = self.total() < SENDS_MAX - 1 && (why == Again::Refused || self.closed == 0);
        let count = match why {
            Again::Refused => &mut self.refused,
            Again::Closed => &mut self.closed,
        };
        *count += u8::from(allowed);
        allowed
    }
}

/// What is known of the connection that a request was lost on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    pub(super) http2: bool,
    /// The connection had answered a request before.
    pub(super) proven: bool,
    /// A byte of an answer had come, over HTTP/1.
    pub(super) answer_began: bool,
    /// The request came back: none of it was written.
    pub(super) unsent: bool,
}

/// Why a request may go once more that this became of, if it may.
pub(super) fn why_again(error: &SendFailed, at: Circumstances) -> Option<Again> {
    let SendFailed::Exchange(error) = error else {
        return None;
    };
    if at.http2 {
        return if refused(error) || (at.unsent && at.proven) {
            Some(Again::Refused)
        } else {
            (at.proven && ended(error)).then_some(Again::Closed)
        };
    }
    let broke = at.unsent || (!at.answer_began && !error.is_parse());
    (at.proven && broke).then_some(Again::Closed)
}

/// Whether the receiver says that it did not process the request, or cannot have.
fn refused(error: &hyper::Error) -> bool {
    match h2_error(error) {
        Some(error) if error.is_remote() => {
            // A stream ends with GOAWAY only if it is above the last one that the receiver took.
            error.is_go_away() || error.reason() == Some(h2::Reason::REFUSED_STREAM)
        }
        Some(_) => false,
        // The connection ended in good order before the request's stream was opened: while it waited to be sent, or for
        // a stream. Of the latter the library says no more than that it was dropped.
        None => error.is_user() || error.is_canceled(),
    }
}

/// Whether the connection ended under the request.
fn ended(error: &hyper::Error) -> bool {
    find::<io::Error>(error).is_some()
}

fn h2_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a h2::Error> {
    find(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_for_ever() {
        let mut again = SentAgain::default();
        assert!(again.allows(Again::Closed));
        assert!(!again.allows(Again::Closed));
        assert!(again.allows(Again::Refused));
        assert!(!again.allows(Again::Refused));
        assert_eq!(again.total(), SENDS_MAX - 1);
        assert_eq!(again.times(Again::Closed), 1);

        let mut refused = SentAgain::default();
        assert!(refused.allows(Again::Refused) && refused.allows(Again::Refused));
        assert!(!refused.allows(Again::Refused));
    }
}
