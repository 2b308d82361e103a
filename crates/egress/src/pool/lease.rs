//! The right to send one request over a connection.

use std::sync::Arc;

use http::{
    HeaderMap, HeaderName, HeaderValue, Uri,
    header::HOST,
    uri::{PathAndQuery, Scheme},
};
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use tokio::{sync::oneshot, time::Instant};

use super::{
    Body, Key, Message, Pool,
    again::Circumstances,
    failed::SendFailed,
    host::{Idle, Taken, kept_for},
    open::{Opened, Task},
};
use crate::connect::Usage;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");

/// The right to send one request over a connection. Dropped before the answer has ended, it gives up the connection
/// over HTTP/1, and the stream over HTTP/2.
pub(crate) struct Lease {
    pool: Pool,
    key: Key,
    way: Way,
    /// What makes the connection work, until the first request has been handed to it.
    task: Option<Task>,
    /// Whether an answer has come over the connection.
    proven: bool,
    /// How long the receiver keeps it, as far as it says.
    keep_alive: Option<HeaderValue>,
}

enum Way {
    Http1 {
        sender: http1::SendRequest<Body>,
        usage: Arc<Usage>,
    },
    Http2 {
        sender: http2::SendRequest<Body>,
        stream: StreamPermit,
    },
}

/// One of the streams of a connection.
struct StreamPermit {
    pool: Pool,
    key: Key,
    number: u64,
    answered: bool,
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let until = Instant::now() + self.pool.idle_connection();
        self.pool.with_host(&self.key, |host| {
            host.end_stream(self.number, self.answered, until);
            host.wake();
        });
    }
}

impl Lease {
    pub(super) fn taken(pool: &Pool, key: &Key, taken: Taken) -> Self {
        let (way, proven) = match taken {
            Taken::Http1(Idle { sender, usage, .. }) => (Way::Http1 { sender, usage }, true),
            Taken::Http2 {
                sender,
                number,
                proven,
            } => {
                let stream = StreamPermit::new(pool, key, number);
                (Way::Http2 { sender, stream }, proven)
            }
        };
        Self {
            pool: pool.clone(),
            key: key.clone(),
            way,
            task: None,
            proven,
            keep_alive: None,
        }
    }

    pub(super) fn opened(pool: &Pool, key: &Key, opened: Opened, task: Task) -> Self {
        let way = match opened {
            Opened::Http1 { sender, usage } => Way::Http1 { sender, usage },
            Opened::Http2 { sender, number } => Way::Http2 {
                sender,
                stream: StreamPermit::new(pool, key, number),
            },
        };
        Self {
            pool: pool.clone(),
            key: key.clone(),
            way,
            task: Some(task),
            proven: false,
            keep_alive: None,
        }
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send(
        &mut self,
        message: Message,
    ) -> Result<http::Response<Incoming>, (SendFailed, Circumstances)> {
        let task = self.task.take();
        let mut at = Circumstances {
            http2: false,
            proven: self.proven,
            answer_began: false,
            unsent: false,
        };
        // The request is handed over before a new connection begins to work: what it ends with is told to the request.
        let (sent, ended) = match &mut self.way {
            Way::Http1 { sender, usage } => {
                let read_before = usage.read_bytes();
                let sending = sender.try_send_request(for_http1(message));
                let ended = task.map(Task::run);
                let sent = sending.await;
                at.answer_began = usage.read_bytes() != read_before;
                (sent, ended)
            }
            Way::Http2 { sender, .. } => {
                at.http2 = true;
                let sending = sender.try_send_request(message);
                let ended = task.map(Task::run);
                (sending.await, ended)
            }
        };
        match sent {
            Ok(answer) => {
                self.heard(answer.headers());
                Ok(answer)
            }
            Err(mut error) => {
                at.unsent = error.take_message().is_some();
                if let Way::Http2 { stream, .. } = &self.way {
                    stream.retire();
                }
                let error = true_cause(error.into_error(), ended).await;
                if let Way::Http1 { usage, .. } = &self.way
                    && error.is_parse()
                    && let Some(response) = usage.heard().answer()
                {
                    return Err((SendFailed::Misread(Box::new(response)), at));
                }
                Err((error.into(), at))
            }
        }
    }

    fn heard(&mut self, headers: &HeaderMap) {
        match &mut self.way {
            Way::Http1 { .. } => self.keep_alive = headers.get(KEEP_ALIVE).cloned(),
            Way::Http2 { stream, .. } => stream.answered = true,
        }
    }

    /// The answer has ended: the connection is for others.
    pub(crate) fn end(self) {
        let Self {
            pool,
            key,
            way: Way::Http1 { sender, usage },
            keep_alive,
            ..
        } = self
        else {
            return;
        };
        if sender.is_closed() || usage.answered_early() {
            return;
        }
        let kept_for = kept_for(keep_alive.as_ref(), pool.idle_connection());
        if kept_for.is_zero() {
            return;
        }
        let put = move |pool: Pool, sender| {
            let until = Instant::now() + kept_for;
            pool.put(
                &key,
                Idle {
                    sender,
                    usage,
                    until,
                },
            );
        };
        if sender.is_ready() {
            return put(pool, sender);
        }
        // The connection has not come to see that the answer has ended, or drops what nobody read of it.
        tokio::spawn(async move {
            let mut sender = sender;
            if sender.ready().await.is_ok() {
                put(pool, sender);
            }
        });
    }
}

impl StreamPermit {
    fn new(pool: &Pool, key: &Key, number: u64) -> Self {
        Self {
            pool: pool.clone(),
            key: key.clone(),
            number,
            answered: false,
        }
    }

    fn retire(&self) {
        self.pool
            .with_host(&self.key, |host| host.retire(self.number));
    }
}

/// A request that was not begun says nothing of why; the connection that it was for may.
async fn true_cause(
    error: hyper::Error,
    ended: Option<oneshot::Receiver<hyper::Error>>,
) -> hyper::Error {
    match ended {
        Some(ended) if error.is_canceled() || error.is_user() => ended.await.unwrap_or(error),
        Some(_) | None => error,
    }
}

/// The form that a request has over HTTP/1: the host is a header, and not in its first line.
fn for_http1(mut message: Message) -> Message {
    let uri = message.uri();
    let path = uri
        .path_and_query()
        .cloned()
        .unwrap_or_else(|| PathAndQuery::from_static("/"));
    let host = host_header(uri);
    if let Some(host) = host {
        message.headers_mut().entry(HOST).or_insert(host);
    }
    *message.uri_mut() = Uri::from(path);
    message
}

/// The host, with its port unless that is the scheme's own.
fn host_header(uri: &Uri) -> Option<HeaderValue> {
    let host = uri.host()?;
    let own_port = if uri.scheme() == Some(&Scheme::HTTPS) {
        443
    } else {
        80
    };
    match uri.port_u16() {
        Some(port) if port != own_port => HeaderValue::try_from(format!("{host}:{port}")).ok(),
        Some(_) | None => HeaderValue::from_str(host).ok(),
    }
}
