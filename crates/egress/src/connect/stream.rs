//! A connection with or without TLS.
//!
//! Three things that receivers do are evened out here, below HTTP:
//!
//! - A receiver that refuses a request before it has read all of it (an early answer, a TLS alert for want of a client
//!   certificate) closes the connection, and the rest of the request runs into a reset. What it said before lies in our
//!   buffers. So a reset while writing is kept to ourselves until everything is read that came before it.
//! - One that closes without TLS's farewell (`close_notify`) has closed all the same. Whether what it sent is whole, its
//!   framing tells, and where that tells nothing, nothing of ours depends on it.
//! - Answers whose framing is not valid are [`Heard`], so that their status counts.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

use crate::{heard::Heard, tls::HTTP_2};

/// What requests are written to.
pub(crate) struct Stream {
    inside: Inside,
    /// What the receiver said last, where that is HTTP/1.
    heard: Option<Heard>,
    /// The receiver takes no more, for this reason.
    reset: Option<io::ErrorKind>,
}

enum Inside {
    Plain(TcpStream),
    /// In a box: its buffers are a kilobyte that a plain connection need not carry.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    pub(super) fn plain(stream: TcpStream) -> Self {
        Self::new(Inside::Plain(stream), false)
    }

    pub(super) fn tls(stream: TlsStream<TcpStream>) -> Self {
        let is_http_2 = stream.get_ref().1.alpn_protocol() == Some(HTTP_2);
        Self::new(Inside::Tls(Box::new(stream)), is_http_2)
    }

    fn new(inside: Inside, is_http_2: bool) -> Self {
        Self {
            inside,
            heard: (!is_http_2).then(Heard::default),
            reset: None,
        }
    }

    /// What came of writing: a reset is kept for when everything before it is read.
    fn written(&mut self, result: io::Result<usize>, offered: usize) -> io::Result<usize> {
        match result {
            Err(error) if is_reset(&error) => {
                self.reset = Some(error.kind());
                Ok(offered)
            }
            Ok(written) => {
                if let Some(heard) = &self.heard {
                    heard.wrote();
                }
                Ok(written)
            }
            Err(error) => Err(error),
        }
    }
}

fn is_reset(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionAborted
    )
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match &self.heard {
            Some(heard) => Connected::new().extra(heard.clone()),
            None => Connected::new().negotiated_h2(),
        }
    }
}

/// Calls the same on the stream inside.
macro_rules! inside {
    ($self:ident, $stream:ident => $call:expr) => {
        match &mut $self.inside {
            Inside::Plain(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
            Inside::Tls(stream) => {
                let $stream = Pin::new(stream);
                $call
            }
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        match ready!(inside!(this, stream => stream.poll_read(cx, buffer))) {
            // The TLS library's word for an end without a farewell; a socket has no such error.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
            Err(error) => return Poll::Ready(Err(error)),
            Ok(()) => {}
        }
        let read = buffer.filled().get(before..).unwrap_or_default();
        if read.is_empty() && buffer.remaining() > 0 {
            if let Some(reset) = this.reset {
                return Poll::Ready(Err(reset.into()));
            }
        } else if let Some(heard) = &this.heard {
            heard.read(read);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.reset.is_some() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let result = ready!(inside!(this, stream => stream.poll_write(cx, bytes)));
        Poll::Ready(this.written(result, bytes.len()))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let offered = slices.iter().map(|slice| slice.len()).sum();
        if this.reset.is_some() {
            return Poll::Ready(Ok(offered));
        }
        let result = ready!(inside!(this, stream => stream.poll_write_vectored(cx, slices)));
        Poll::Ready(this.written(result, offered))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.inside {
            Inside::Plain(stream) => stream.is_write_vectored(),
            Inside::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.reset.is_some() {
            return Poll::Ready(Ok(()));
        }
        match ready!(inside!(this, stream => stream.poll_flush(cx))) {
            Err(error) if is_reset(&error) => {
                this.reset = Some(error.kind());
                Poll::Ready(Ok(()))
            }
            flushed => Poll::Ready(flushed),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        inside!(this, stream => stream.poll_shutdown(cx))
    }
}
