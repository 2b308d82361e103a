//! One TCP connection to whichever address takes it first.
//!
//! Addresses are tried in turn, the families alternating (RFC 8305, in short): the next begins when one has failed, or has
//! not answered for a moment, while the earlier ones go on. So a family that leads nowhere delays a connection
//! by that moment, and does not use up the time for all of it.

use std::{future::Future, io, net::SocketAddr, pin::Pin, task::Poll};

use tokio::{net::TcpStream, time::sleep};

use crate::{
    exhaustion::{is_exhausted, is_out_of_ports},
    limits::{ADDRESSES_TRIED_MAX, NEXT_ADDRESS_AFTER},
};

type Dialling = Pin<Box<dyn Future<Output = Result<TcpStream, NoConnection>> + Send>>;

/// Why no address took a connection.
#[derive(Debug)]
pub(crate) enum NoConnection {
    /// This machine could not try all of them.
    Exhausted(io::Error),
    /// None took it; the error is the last one's.
    Failed(io::Error),
}

async fn connect(address: SocketAddr) -> Result<TcpStream, NoConnection> {
    let connected = TcpStream::connect(address).await;
    connected.map_err(|error| {
        if is_exhausted(&error) || is_out_of_ports(&error, address) {
            NoConnection::Exhausted(error)
        } else {
            NoConnection::Failed(error)
        }
    })
}

/// Connects to one of `addresses`.
pub(super) async fn dial(addresses: Vec<SocketAddr>) -> Result<TcpStream, NoConnection> {
    let mut waiting = alternating(addresses).into_iter().take(ADDRESSES_TRIED_MAX);
    let mut dialling: Vec<Dialling> = Vec::new();
    let mut last_error = NoConnection::Failed(io::ErrorKind::AddrNotAvailable.into());
    loop {
        if let Some(address) = waiting.next() {
            dialling.push(Box::pin(connect(address)));
        } else if dialling.is_empty() {
            return Err(last_error);
        }
        let others_wait = waiting.len() > 0;
        tokio::select! {
            biased;
            result = first(&mut dialling) => match result {
                Ok(stream) => {
                    // A request is written at once and its answer awaited: there is nothing to gather.
                    stream.set_nodelay(true).map_err(NoConnection::Failed)?;
                    return Ok(stream);
                }
                // Whether the receiver is there is not known then, whatever the other addresses do.
                Err(_) if matches!(last_error, NoConnection::Exhausted(_)) => {}
                Err(error) => last_error = error,
            },
            () = sleep(NEXT_ADDRESS_AFTER), if others_wait => {}
        }
    }
}

/// Waits for the first to end, and takes it out.
async fn first(dialling: &mut Vec<Dialling>) -> Result<TcpStream, NoConnection> {
    std::future::poll_fn(|cx| {
        for at in 0..dialling.len() {
            if let Some(Poll::Ready(result)) = dialling.get_mut(at).map(|one| one.as_mut().poll(cx))
            {
                drop(dialling.swap_remove(at));
                return Poll::Ready(result);
            }
        }
        Poll::Pending
    })
    .await
}

/// The families in turns, each in its own order, beginning with that of the first address.
fn alternating(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let begins_with_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (mut one, mut other): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv6() == begins_with_v6);
    let mut mixed = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.drain(..), other.drain(..));
    loop {
        let pair = (one.next(), other.next());
        if pair == (None, None) {
            return mixed;
        }
        mixed.extend(pair.0);
        mixed.extend(pair.1);
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn families_take_turns() {
        let mixed = alternating(addresses(&[
            "1.1.1.1:1",
            "1.1.1.2:1",
            "1.1.1.3:1",
            "[2::1]:1",
        ]));
        let expected = addresses(&["1.1.1.1:1", "[2::1]:1", "1.1.1.2:1", "1.1.1.3:1"]);
        assert_eq!(mixed, expected);
        assert_eq!(alternating(Vec::new()), []);
    }

    /// An address that refuses, and one whose listener takes no more connections and so never answers, stand before the
    /// one that works.
    #[tokio::test]
    async fn goes_on_to_the_next_address() {
        let refuses = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let refusing = refuses.local_addr().unwrap();
        drop(refuses);
        let silent = tokio::net::TcpSocket::new_v4().unwrap();
        silent.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let silent = silent.listen(1).unwrap();
        let silent_at = silent.local_addr().unwrap();
        let mut held = Vec::new();
        // A full backlog drops what else arrives.
        for _ in 0..4 {
            let filling = std::net::TcpStream::connect_timeout(
                &silent_at,
                std::time::Duration::from_millis(100),
            );
            held.extend(filling.ok());
        }
        let works = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let working = works.local_addr().unwrap();

        let stream = dial(vec![refusing, silent_at, working]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), working);
        assert!(stream.nodelay().unwrap());
        let refused = dial(vec![refusing]).await.unwrap_err();
        let NoConnection::Failed(refused) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    }
}
