use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// A port on loopback that stays the test's own while nobody listens on it, such as between a kill and a restart.
///
/// It is held by a socket that is bound and does not listen. Connections to it are refused, a server that sets
/// `SO_REUSEADDR` can listen on it, and the system gives it neither to an outgoing connection nor to whoever asks for
/// any free port.
#[derive(Debug)]
pub(crate) struct LoopbackPort {
    address: SocketAddr,
    _held: TcpSocket,
}

impl LoopbackPort {
    /// Takes a free one.
    pub(crate) fn take() -> Self {
        let held = TcpSocket::new_v4().unwrap();
        held.set_reuseaddr(true).unwrap();
        held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = held.local_addr().unwrap();
        Self {
            address,
            _held: held,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn number(&self) -> u16 {
        self.address.port()
    }
}
