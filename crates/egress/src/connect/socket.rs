//! A TCP connection that lets its last words be heard.
//!
//! A receiver may answer and close before it has read the whole request: 413 to a large body, the alert of a TLS handshake,
//! GOAWAY over HTTP/2. The operating system then refuses what is still written, while the answer lies in the socket
//! unread. Who writes first and gives up at the first error never sees it. So a write that is refused is no error
//! here: what follows is dropped, and the reader comes to what the receiver said. Where that was nothing, the error is told
//! in the place of the end.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::heard::Heard;

/// What has gone over a connection, as far as the pool asks.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    /// Bytes of answers, without TLS's own.
    read_bytes: AtomicUsize,
    /// Something written waits for the receiver to read.
    write_waits: AtomicBool,
    /// Something of an answer came while it did.
    early: AtomicBool,
    /// What the receiver said last, where that is HTTP/1.
    heard: Heard,
}

impl Usage {
    /// Bytes of answers that have come so far.
    pub(crate) fn read_bytes(&self) -> usize {
        self.read_bytes.load(Ordering::Acquire)
    }

    /// Whether the receiver answered before it had been sent all of a request. Nobody knows what it makes of the rest.
    pub(crate) fn answered_early(&self) -> bool {
        self.early.load(Ordering::Acquire) || self.write_waits.load(Ordering::Acquire)
    }

    /// What the receiver said last over HTTP/1; nothing over HTTP/2.
    pub(crate) fn heard(&self) -> &Heard {
        &self.heard
    }

    pub(super) fn read(&self, bytes: usize) {
        self.read_bytes.fetch_add(bytes, Ordering::AcqRel);
        if self.write_waits.load(Ordering::Acquire) {
            self.early.store(true, Ordering::Release);
        }
    }
}

/// A TCP connection, and what became of what was written to it.
pub(crate) struct Socket {
    tcp: TcpStream,
    usage: Arc<Usage>,
    /// Why the last write was refused, until a reader is told.
    refused: Option<io::Error>,
    /// A write was refused: nothing more is written.
    closed: bool,
}

impl Socket {
    pub(super) fn new(tcp: TcpStream, usage: Arc<Usage>) -> Self {
        Self {
            tcp,
            usage,
            refused: None,
            closed: false,
        }
    }

    /// What comes of a write of `length` bytes that ended like this.
    fn written(&mut self, length: usize, done: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        self.usage
            .write_waits
            .store(done.is_pending(), Ordering::Release);
        match done {
            Poll::Ready(Err(error)) if hung_up(&error) => {
                self.refused = Some(error);
                self.closed = true;
                Poll::Ready(Ok(length))
            }
            done => done,
        }
    }
}

/// Whether the receiver, and nothing else, has ended the connection.
fn hung_up(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
    )
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        match Pin::new(&mut this.tcp).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) if buffer.filled().len() == before => {
                Poll::Ready(this.refused.take().map_or(Ok(()), Err))
            }
            read => read,
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.closed {
            return Poll::Ready(Ok(bytes.len()));
        }
        let done = Pin::new(&mut this.tcp).poll_write(cx, bytes);
        this.written(bytes.len(), done)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let length = || slices.iter().map(|slice| slice.len()).sum();
        if this.closed {
            return Poll::Ready(Ok(length()));
        }
        let done = Pin::new(&mut this.tcp).poll_write_vectored(cx, slices);
        this.written(length(), done)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    async fn pair() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let ours = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (theirs, _) = listener.accept().await.unwrap();
        (Socket::new(ours, Arc::default()), theirs)
    }

    /// Writes until the receiver's end refuses it.
    async fn write_until_refused(socket: &mut Socket) {
        let much = vec![0; 1 << 16];
        while !socket.closed {
            socket.write_all(&much).await.unwrap();
        }
    }

    #[tokio::test]
    async fn what_was_said_before_the_end_is_heard() {
        let (mut socket, mut theirs) = pair().await;
        // Something unread makes the close a reset.
        socket.write_all(b"unread").await.unwrap();
        theirs.readable().await.unwrap();
        theirs.write_all(b"last words").await.unwrap();
        theirs.set_zero_linger().unwrap();
        drop(theirs);
        write_until_refused(&mut socket).await;
        let mut heard = [0; 10];
        socket.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"last words");
    }

    #[tokio::test]
    async fn silence_is_the_error_of_the_write() {
        let (mut socket, theirs) = pair().await;
        theirs.set_zero_linger().unwrap();
        drop(theirs);
        write_until_refused(&mut socket).await;
        let error = socket.read(&mut [0; 10]).await.unwrap_err();
        assert!(hung_up(&error), "{error}");
    }
}
