//! The connections to one host, and who may use which.
//!
//! Over HTTP/1 a connection carries one request at a time: it is taken out, and put back when its answer has ended. Over
//! HTTP/2 it stays here and is shared, by as many requests as the receiver allows at once.
//!
//! How many connections may be opened at once depends on what the host speaks. Over HTTP/1 each request that finds none
//! opens its own. Over HTTP/2 one request opens a connection and the others wait for it: so a hundred requests
//! that lost their connection make one handshake, not a hundred. The first contact of an https host is treated likewise,
//! because nobody knows yet.

use std::{sync::Arc, time::Duration};

use hyper::client::conn::{http1, http2};
use tokio::{sync::Notify, time::Instant};

use super::{Body, open::StreamsMax};
use crate::{connect::Usage, limits::HTTP2_CONNECTIONS_MAX};

/// Which connections will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Any that is open.
    Any,
    /// One that was opened after the connection of this number, and that others may share.
    Newer(u64),
    /// A new one that nobody shares.
    Own,
}

/// What a host was found to speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Speaks {
    /// Nobody has asked.
    #[default]
    Unknown,
    /// The last connection could not be opened.
    Nothing,
    Http1,
    Http2,
}

/// A connection over HTTP/1 that nobody uses.
pub(super) struct Idle {
    pub(super) sender: http1::SendRequest<Body>,
    pub(super) usage: Arc<Usage>,
    /// From here on it is not used any more.
    pub(super) until: Instant,
}

/// A connection over HTTP/2.
pub(super) struct Shared {
    pub(super) sender: http2::SendRequest<Body>,
    /// Connections are numbered as they are opened.
    pub(super) number: u64,
    pub(super) streams_max: StreamsMax,
    pub(super) streams: usize,
    /// An answer has come over it.
    pub(super) proven: bool,
    pub(super) until: Instant,
}

/// The connections to one host.
#[derive(Default)]
pub(super) struct Host {
    pub(super) idle: Vec<Idle>,
    pub(super) shared: Vec<Shared>,
    /// What the last connection spoke.
    pub(super) speaks: Speaks,
    /// Connections that are being opened for others too.
    pub(super) opening: usize,
    /// Requests that wait for a connection.
    pub(super) waiting: usize,
    pub(super) changed: Arc<Notify>,
}

/// A connection that was taken.
pub(super) enum Taken {
    Http1(Idle),
    Http2 {
        sender: http2::SendRequest<Body>,
        number: u64,
        proven: bool,
    },
}

impl Host {
    /// A connection that will do, if there is one.
    pub(super) fn take(&mut self, need: Need, now: Instant) -> Option<Taken> {
        let after = match need {
            Need::Any => 0,
            Need::Newer(number) => number,
            Need::Own => return None,
        };
        self.shared.retain(|one| !one.sender.is_closed());
        let newest_first = self.shared.iter_mut().rev();
        for one in newest_first {
            if one.number > after
                && one.streams_max.allows(one.streams)
                && (one.streams > 0 || one.until > now)
            {
                one.streams += 1;
                return Some(Taken::Http2 {
                    sender: one.sender.clone(),
                    number: one.number,
                    proven: one.proven,
                });
            }
        }
        if need != Need::Any {
            return None;
        }
        self.idle
            .retain(|one| one.sender.is_ready() && one.until > now);
        // The last one that was used is the likeliest to live.
        self.idle.pop().map(Taken::Http1)
    }

    /// Whether a connection is to be opened now for who needs one, rather than waited for.
    pub(super) fn may_open(&self, need: Need, https: bool) -> bool {
        match (need, self.speaks) {
            // One that failed tells nothing of the next, and each would fail as slowly as it: they fail side by side.
            (Need::Own, _) | (_, Speaks::Http1 | Speaks::Nothing) => true,
            (_, Speaks::Unknown) => !https || self.opening == 0,
            (_, Speaks::Http2) => {
                self.opening == 0
                    && self.shared.len() < HTTP2_CONNECTIONS_MAX
                    && self.shared.iter().all(|one| one.streams_max.is_known())
            }
        }
    }

    /// Puts a connection back, and closes the oldest one where there are too many.
    pub(super) fn put(&mut self, idle: Idle, most: usize) {
        if self.idle.len() >= most.max(1) {
            self.idle.remove(0);
        }
        if most > 0 {
            self.idle.push(idle);
        }
    }

    /// A request over this connection has ended.
    pub(super) fn end_stream(&mut self, number: u64, answered: bool, until: Instant) {
        if let Some(one) = self.shared.iter_mut().find(|one| one.number == number) {
            one.streams = one.streams.saturating_sub(1);
            one.proven |= answered;
            one.until = until;
        }
    }

    /// The receiver takes no more requests over this connection. Those under way go on.
    pub(super) fn retire(&mut self, number: u64) {
        self.shared.retain(|one| one.number != number);
    }

    /// Wakes one of those that wait. It wakes the next one if there is something left.
    pub(super) fn wake(&self) {
        if self.waiting > 0 {
            self.changed.notify_one();
        }
    }

    /// Closes what is no longer used. Whether nothing is left to remember.
    pub(super) fn sweep(&mut self, now: Instant) -> bool {
        self.idle
            .retain(|one| !one.sender.is_closed() && one.until > now);
        self.shared
            .retain(|one| !one.sender.is_closed() && (one.streams > 0 || one.until > now));
        self.is_unused()
    }

    /// Whether nothing is left to remember.
    pub(super) fn is_unused(&self) -> bool {
        self.idle.is_empty() && self.shared.is_empty() && self.opening == 0 && self.waiting == 0
    }
}

/// How long a connection may be kept whose receiver says `keep-alive: timeout=…`: not quite as long as it keeps it, so that
/// no request is on its way while it closes.
pub(super) fn kept_for(keep_alive: Option<&http::HeaderValue>, most: Duration) -> Duration {
    let seconds = keep_alive
        .and_then(|value| value.to_str().ok())
        .into_iter()
        .flat_map(|value| value.split(','))
        .find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let value = value.trim().trim_matches('"');
            let is_it = name.trim().eq_ignore_ascii_case("timeout");
            is_it.then(|| value.parse::<u32>().ok()).flatten()
        });
    match seconds {
        None => most,
        Some(seconds) => most.min(Duration::from_secs(seconds.saturating_sub(1).into())),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_connection_is_not_used_in_its_last_second() {
        let most = Duration::from_secs(4);
        for (heard, seconds) in [
            ("timeout=5", 4),
            ("timeout=2", 1),
            ("timeout=2, max=100", 1),
            ("max=100, Timeout = \"3\"", 2),
            ("timeout=1", 0),
            ("timeout=0", 0),
            ("timeout=75", 4),
            ("timeout=soon", 4),
            ("timeout", 4),
            ("max=5", 4),
        ] {
            let value = HeaderValue::from_static(heard);
            let kept = kept_for(Some(&value), most);
            assert_eq!(kept, Duration::from_secs(seconds), "{heard}");
        }
        assert_eq!(kept_for(None, most), most);
    }

    #[test]
    fn who_opens_and_who_waits() {
        let mut host = Host::default();
        // Nobody knows what an https host speaks: one finds out.
        assert!(host.may_open(Need::Any, true));
        host.opening = 1;
        assert!(!host.may_open(Need::Any, true));
        assert!(host.may_open(Need::Any, false));
        assert!(host.may_open(Need::Own, true));
        // Connections of HTTP/1 are opened side by side.
        host.speaks = Speaks::Http1;
        assert!(host.may_open(Need::Any, true));
        assert!(host.may_open(Need::Newer(3), true));
        // Those of HTTP/2 are not.
        host.speaks = Speaks::Http2;
        assert!(!host.may_open(Need::Newer(3), true));
        host.opening = 0;
        assert!(host.may_open(Need::Newer(3), true));
        // Where one fails nobody waits for the next.
        (host.speaks, host.opening) = (Speaks::Nothing, 1);
        assert!(host.may_open(Need::Any, true));
    }
}
