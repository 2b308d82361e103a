//! What this machine has run out of: file descriptors, ports, memory.
//!
//! A request that could not be begun for want of them says nothing of its receiver. It is no attempt, and comes again when
//! there may be some.

use std::{
    io,
    net::{SocketAddr, UdpSocket},
};

use rustix::io::Errno;

/// Whether this machine, not the network and not the receiver, is what failed.
pub(crate) fn is_exhausted(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM | Errno::NOSPC)
    )
}

/// Whether a connection to `address` failed for want of a free port of ours.
///
/// The system says the same (`EADDRNOTAVAIL`) of an address to which none of ours could talk at all, as where IPv6 is
/// switched off. A datagram socket, which sends nothing by being connected, has ports of its own: it tells the two apart.
pub(crate) fn is_out_of_ports(error: &io::Error, address: SocketAddr) -> bool {
    if Errno::from_io_error(error) != Some(Errno::ADDRNOTAVAIL) {
        return false;
    }
    let any: SocketAddr = match address {
        SocketAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
        SocketAddr::V6(_) => ([0_u16; 8], 0).into(),
    };
    UdpSocket::bind(any).is_ok_and(|socket| socket.connect(address).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_this_machine_from_the_rest() {
        for ours in [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM] {
            assert!(is_exhausted(&ours.into()), "{ours}");
        }
        for theirs in [Errno::CONNREFUSED, Errno::NETUNREACH, Errno::TIMEDOUT] {
            assert!(!is_exhausted(&theirs.into()), "{theirs}");
        }
        assert!(!is_exhausted(&io::ErrorKind::UnexpectedEof.into()));
    }

    #[test]
    fn an_address_out_of_reach_is_no_want_of_ports() {
        let none = io::Error::from(Errno::ADDRNOTAVAIL);
        let reachable = "127.0.0.1:9".parse().unwrap();
        assert!(is_out_of_ports(&none, reachable));
        assert!(!is_out_of_ports(&Errno::CONNREFUSED.into(), reachable));
        // No system has an address of its own from which the documentation's link-local scope 0 could be reached.
        let unreachable = "[fe80::1]:9".parse().unwrap();
        assert!(!is_out_of_ports(&none, unreachable));
    }
}
