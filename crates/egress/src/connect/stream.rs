//! A connection with or without TLS.
//!
//! A receiver that closes without TLS's farewell (`close_notify`) has closed all the same. Whether what it sent is whole, its
//! framing tells, and where that tells nothing, nothing of ours depends on it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::client::TlsStream;

use super::socket::{Socket, Usage};
use crate::tls::HTTP_2;

/// What requests are written to.
pub(crate) struct Stream {
    layers: Layers,
    usage: Arc<Usage>,
}

enum Layers {
    Plain(Socket),
    /// In a box: its buffers are a kilobyte that a plain connection need not carry.
    Tls(Box<TlsStream<Socket>>),
}

impl Stream {
    pub(super) fn plain(socket: Socket, usage: Arc<Usage>) -> Self {
        let layers = Layers::Plain(socket);
        Self { layers, usage }
    }

    pub(super) fn tls(stream: TlsStream<Socket>, usage: Arc<Usage>) -> Self {
        let layers = Layers::Tls(Box::new(stream));
        Self { layers, usage }
    }

    /// What came of writing.
    fn wrote(&self, done: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(done, Poll::Ready(Ok(_))) && !self.is_http2() {
            self.usage.heard().wrote();
        }
        done
    }

    /// Whether both sides agreed on HTTP/2.
    pub(crate) fn is_http2(&self) -> bool {
        match &self.layers {
            Layers::Plain(_) => false,
            Layers::Tls(stream) => stream.get_ref().1.alpn_protocol() == Some(HTTP_2),
        }
    }

    /// What goes over it, for who has given it away.
    pub(crate) fn usage(&self) -> Arc<Usage> {
        Arc::clone(&self.usage)
    }
}

/// Calls the same on the stream inside.
macro_rules! inside {
    ($self:ident, $stream:ident => $call:expr) => {
        match &mut $self.get_mut().layers {
            Layers::Plain(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            Layers::Tls(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let this = self.as_mut();
        match ready!(inside!(this, stream => stream.poll_read(cx, buffer))) {
            // The TLS library's word for an end without a farewell; a socket has no such error.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
            Err(error) => return Poll::Ready(Err(error)),
            Ok(()) => {}
        }
        let read = buffer.filled().get(before..).unwrap_or_default();
        if !read.is_empty() {
            self.usage.read(read.len());
            if !self.is_http2() {
                self.usage.heard().read(read);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.as_mut();
        let done = inside!(this, stream => stream.poll_write(cx, bytes));
        self.wrote(done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.as_mut();
        let done = inside!(this, stream => stream.poll_write_vectored(cx, slices));
        self.wrote(done)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.layers {
            Layers::Plain(stream) => stream.is_write_vectored(),
            Layers::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        inside!(self, stream => stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        inside!(self, stream => stream.poll_shutdown(cx))
    }
}
