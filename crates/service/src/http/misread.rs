//! Answers to requests whose head cannot be read.
//!
//! Such a request reaches no router: hyper answers it by itself, with a status (400, 414, 431) and nothing else, and closes
//! the connection. A service that owes every client a body and headers of its own gives them here. hyper has no hook for
//! that, so it is done where its answer is written: a head that no request was answered with is hyper's own, and another
//! one goes out in its place.
//!
//! What is not promised: where such a head leaves together with the end of an earlier answer, because the client has sent
//! several requests at once, it stays as hyper wrote it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use axum::http::{Response, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a client is told whose request cannot be read, by the status that hyper gives it.
pub type Misread = Arc<dyn Fn(StatusCode) -> Response<Vec<u8>> + Send + Sync>;

/// Answers that a service gave on one connection, and whose head is not written yet.
#[derive(Clone, Default)]
pub(crate) struct Owed(Arc<AtomicUsize>);

impl Owed {
    /// A request is handed to the service, which will answer.
    pub(crate) fn begin(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a head is one of the service's; then it is owed no more.
    fn settle(&self) -> bool {
        // One task writes to a connection: nobody counts in between.
        let owed = self.0.load(Ordering::Relaxed);
        self.0.store(owed.saturating_sub(1), Ordering::Relaxed);
        owed > 0
    }
}

/// A connection on which hyper's own answers are replaced.
pub(crate) struct Replacing<S> {
    stream: S,
    owed: Owed,
    misread: Option<Misread>,
    /// What goes out before anything else.
    instead: Vec<u8>,
    written: usize,
}

impl<S: AsyncWrite + Unpin> Replacing<S> {
    pub(crate) fn new(stream: S, owed: Owed, misread: Option<Misread>) -> Self {
        Self {
            stream,
            owed,
            misread,
            instead: Vec::new(),
            written: 0,
        }
    }

    /// Whether these bytes are an answer of hyper's own; then another one stands ready.
    fn replaces(&mut self, bytes: &[u8]) -> bool {
        let Some(misread) = &self.misread else {
            return false;
        };
        let is_final_head = bytes.starts_with(b"HTTP/1.") && bytes.get(9) != Some(&b'1');
        if !is_final_head || self.owed.settle() {
            return false;
        }
        let is_empty = bytes.ends_with(b"\r\n\r\n");
        let Some(status) = status(bytes).filter(|status| is_empty && status.is_client_error())
        else {
            return false;
        };
        self.instead = head_and_body(misread(status));
        self.written = 0;
        true
    }

    /// Writes what stands ready.
    fn poll_instead(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.instead.len() {
            let rest = self.instead.get(self.written..).unwrap_or_default();
            let count = ready!(Pin::new(&mut self.stream).poll_write(cx, rest))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        Poll::Ready(Ok(()))
    }
}

/// The status of a head.
fn status(head: &[u8]) -> Option<StatusCode> {
    StatusCode::from_bytes(head.get(9..12)?).ok()
}

fn head_and_body(answer: Response<Vec<u8>>) -> Vec<u8> {
    let (head, body) = answer.into_parts();
    let reason = head.status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", head.status.as_str()).into_bytes();
    for (name, value) in &head.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    let last = format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    bytes.extend_from_slice(last.as_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

impl<S: AsyncRead + Unpin> AsyncRead for Replacing<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Replacing<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_instead(cx))?;
        if self.replaces(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_instead(cx))?;
        let first = slices.first().map_or(&[][..], |slice| slice);
        if self.replaces(first) {
            return Poll::Ready(Ok(first.len()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_instead(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_instead(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
