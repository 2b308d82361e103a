use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use tokio::{sync::watch, time::Instant};

/// A request as a [`Receiver`](crate::Receiver) got it.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    /// `POST`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Its headers; names are lower case.
    pub headers: HeaderMap,
    /// Its body, byte for byte.
    pub body: Bytes,
    /// When its last byte came.
    pub arrived_at: Instant,
    /// The number of the connection it came on, from 0.
    pub connection: usize,
}

impl ReceivedRequest {
    /// A header as text; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// What a [`Receiver`](crate::Receiver) does with a request.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) after: Duration,
    pub(super) gate: Option<Gate>,
    pub(super) act: Act,
}

#[derive(Debug, Clone)]
pub(super) enum Act {
    Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: Bytes,
        then_close: bool,
    },
    Raw(Bytes),
    Drip {
        status: u16,
        every: Duration,
    },
    Endless {
        status: u16,
    },
    Hang,
    ResetAfter(Bytes),
}

impl Answer {
    /// A status with an empty body.
    pub fn status(status: u16) -> Self {
        Self::act(Act::Reply {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            then_close: false,
        })
    }

    /// These bytes, whatever they are, then the end of the connection.
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        Self::act(Act::Raw(bytes.into()))
    }

    /// A body of one byte every so often, for ever.
    pub fn drip(status: u16, every: Duration) -> Self {
        Self::act(Act::Drip { status, every })
    }

    /// A body as fast as it is taken, for ever.
    pub fn endless(status: u16) -> Self {
        Self::act(Act::Endless { status })
    }

    /// Nothing, for ever.
    pub fn hang() -> Self {
        Self::act(Act::Hang)
    }

    /// The connection is closed without a word.
    pub fn close() -> Self {
        Self::raw(Bytes::new())
    }

    /// The connection is reset without a word.
    pub fn reset() -> Self {
        Self::reset_after(Bytes::new())
    }

    /// The connection is reset after these bytes.
    pub fn reset_after(bytes: impl Into<Bytes>) -> Self {
        Self::act(Act::ResetAfter(bytes.into()))
    }

    /// With a header, if the answer is a plain one.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Act::Reply { headers, .. } = &mut self.act {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// With a body, if the answer is a plain one.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        if let Act::Reply { body, .. } = &mut self.act {
            *body = bytes.into();
        }
        self
    }

    /// And closes the connection afterwards without having said that it would.
    #[must_use]
    pub fn then_close(mut self) -> Self {
        if let Act::Reply { then_close, .. } = &mut self.act {
            *then_close = true;
        }
        self
    }

    /// Not before this long after the request.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.after = delay;
        self
    }

    /// Not before the gate is open.
    #[must_use]
    pub fn behind(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    fn act(act: Act) -> Self {
        Self {
            after: Duration::ZERO,
            gate: None,
            act,
        }
    }
}

/// Holds answers back until the test lets them go.
#[derive(Debug, Clone)]
pub struct Gate(watch::Sender<bool>);

impl Gate {
    /// Shut.
    pub fn shut() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Lets everything through, now and later.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    pub(super) async fn passed(&self) {
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}
