//! From a new connection to one that carries requests.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::oneshot;

use super::{Body, failed::SendFailed};
use crate::{
    connect::{Stream, Usage},
    limits::{
        HTTP1_BUFFER_BYTES_MAX, HTTP2_HEADER_LIST_BYTES_MAX, HTTP2_PING_INTERVAL,
        HTTP2_PING_TIMEOUT,
    },
};

/// Over HTTP/2: how many requests are sent before the receiver has said how many it takes at once. It says so at once; and
/// to be refused costs more than to wait for it.
const STREAMS_BEFORE_SETTINGS: usize = 1;

/// A new connection.
pub(super) enum Opened {
    Http1 {
        sender: http1::SendRequest<Body>,
        usage: Arc<Usage>,
    },
    Http2 {
        sender: http2::SendRequest<Body>,
        number: u64,
    },
}

/// What makes a connection work.
pub(super) struct Task(Pin<Box<dyn Future<Output = Result<(), hyper::Error>> + Send>>);

impl Task {
    /// Lets the connection work until it ends. Tells what it ended with.
    pub(super) fn run(self) -> oneshot::Receiver<hyper::Error> {
        let (ended, end) = oneshot::channel();
        tokio::spawn(async move {
            if let Err(error) = self.0.await {
                tracing::debug!(%error, "A connection to a receiver ended with an error");
                // Mostly nobody waits for it.
                let _ = ended.send(error);
            }
        });
        end
    }
}

/// How connections speak, whatever the host.
pub(super) struct Handshakes {
    http1: http1::Builder,
}

impl Handshakes {
    pub(super) fn new() -> Self {
        let mut http1 = http1::Builder::new();
        http1
            .max_buf_size(HTTP1_BUFFER_BYTES_MAX)
            // A header that is no header is left out; the status beside it still counts.
            .ignore_invalid_headers_in_responses(true);
        // The parser's own bound on headers, `RESPONSE_HEADERS_MAX`, is not stated: to state it, even as it is, makes each
        // answer clear an array of that many.
        Self { http1 }
    }

    pub(super) async fn http1(
        &self,
        stream: Stream,
    ) -> Result<(http1::SendRequest<Body>, Task), SendFailed> {
        let (sender, connection) = self.http1.handshake(TokioIo::new(stream)).await?;
        Ok((sender, Task(Box::pin(connection))))
    }

    /// With how many requests the receiver takes at once. `settled` is called when it has said so for the first time.
    pub(super) async fn http2(
        &self,
        stream: Stream,
        settled: impl FnOnce() + Send + 'static,
    ) -> Result<(http2::SendRequest<Body>, StreamsMax, Task), SendFailed> {
        let (first_frame, came) = oneshot::channel();
        let executor = Watching {
            usage: stream.usage(),
            connection: Arc::new(Mutex::new(Some(first_frame))),
        };
        let mut builder = http2::Builder::new(executor);
        builder
            .timer(TokioTimer::new())
            .initial_max_send_streams(STREAMS_BEFORE_SETTINGS)
            .max_header_list_size(HTTP2_HEADER_LIST_BYTES_MAX)
            .keep_alive_interval(HTTP2_PING_INTERVAL)
            .keep_alive_timeout(HTTP2_PING_TIMEOUT);
        let (sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
        let streams_max = StreamsMax::default();
        let shown = streams_max.clone();
        let task = async move {
            let mut connection = pin!(connection);
            let mut waiting = Some((came, settled));
            poll_fn(|cx| {
                let came = waiting
                    .as_mut()
                    .is_some_and(|(came, _)| Pin::new(came).poll(cx).is_ready());
                let ended = connection.as_mut().poll(cx);
                if came || waiting.is_none() {
                    shown.set(connection.current_max_send_streams());
                }
                if let Some((_, settled)) = waiting.take_if(|_| came) {
                    settled();
                }
                ended
            })
            .await
        };
        Ok((sender, streams_max, Task(Box::pin(task))))
    }
}

/// How many requests a receiver takes at once over a connection, once it has said so.
#[derive(Debug, Clone, Default)]
pub(super) struct StreamsMax(Arc<AtomicUsize>);

impl StreamsMax {
    /// Stands for "not yet said"; a receiver that takes none is treated as one that has not said how many.
    const UNKNOWN: usize = 0;

    fn set(&self, max: usize) {
        self.0.store(max, Ordering::Release);
    }

    /// Whether the receiver has said it.
    pub(super) fn is_known(&self) -> bool {
        self.0.load(Ordering::Acquire) != Self::UNKNOWN
    }

    /// Whether one more may be sent while so many are under way.
    pub(super) fn allows(&self, streams: usize) -> bool {
        match self.0.load(Ordering::Acquire) {
            Self::UNKNOWN => streams < STREAMS_BEFORE_SETTINGS,
            max => streams < max,
        }
    }
}

/// Runs the parts of a connection over HTTP/2, and tells when the receiver's first frame has been read. That frame is its
/// settings (RFC 9113, section 3.4); the library does not tell of them.
#[derive(Clone)]
struct Watching {
    usage: Arc<Usage>,
    /// For the part that reads, which is the first one.
    connection: Arc<Mutex<Option<oneshot::Sender<()>>>>,
}

impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for Watching {
    fn execute(&self, part: F) {
        let first_frame = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(first_frame) = first_frame else {
            tokio::spawn(part);
            return;
        };
        let usage = Arc::clone(&self.usage);
        tokio::spawn(async move {
            let mut part = pin!(part);
            let mut first_frame = Some(first_frame);
            poll_fn(|cx| {
                let done = part.as_mut().poll(cx);
                if usage.read_bytes() > 0
                    && let Some(first_frame) = first_frame.take()
                {
                    // Nobody waits for it any more where the connection has ended.
                    let _ = first_frame.send(());
                }
                done
            })
            .await;
        });
    }
}
