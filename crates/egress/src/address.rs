//! Which addresses a request may go to.
//!
//! Everything that is not an ordinary address of the public internet is refused: the IANA special-purpose registries
//! (RFC 6890 and what followed it), multicast, and all IPv6 space outside of global unicast. An IPv6 address that carries an
//! IPv4 address for a translator is judged by the address it carries.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Decides whether an address may be connected to.
#[derive(Debug, Clone, Default)]
pub struct AddressPolicy {
    allow: Vec<IpNet>,
}

/// An address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} ({range})")]
pub struct NotAllowed {
    /// What the range is for, such as `private network`.
    pub what: &'static str,
    /// The refused range that the address is in. The address itself is left out: it would tell the owner of a webhook
    /// what the names of a private network lead to.
    pub range: IpNet,
}

impl AddressPolicy {
    /// A policy that lets through, beside the public internet, what one of `allow` covers.
    pub fn new(allow: Vec<IpNet>) -> Self {
        Self { allow }
    }

    /// Judges one address.
    pub fn check(&self, address: IpAddr) -> Result<(), NotAllowed> {
        // `::ffff:a.b.c.d` is the IPv4 address to the operating system, so it is to the allow list.
        let address = address.to_canonical();
        if self.allow.iter().any(|net| net.contains(&address)) {
            return Ok(());
        }
        match address {
            IpAddr::V4(address) => check_v4(address),
            IpAddr::V6(address) => self.check_v6(address),
        }
    }

    fn check_v6(&self, address: Ipv6Addr) -> Result<(), NotAllowed> {
        if let Some((net, what)) = REFUSED_V6.iter().find(|(net, _)| net.contains(&address)) {
            return Err(NotAllowed {
                what,
                range: IpNet::V6(*net),
            });
        }
        if let Some(embedded) = embedded_v4(address) {
            return self.check(IpAddr::V4(embedded));
        }
        if GLOBAL_UNICAST.contains(&address) {
            Ok(())
        } else {
            Err(NotAllowed {
                what: "outside of the public IPv6 internet",
                range: IpNet::V6(EVERY_V6),
            })
        }
    }
}

fn check_v4(address: Ipv4Addr) -> Result<(), NotAllowed> {
    match REFUSED_V4.iter().find(|(net, _)| net.contains(&address)) {
        Some((net, what)) => Err(NotAllowed {
            what,
            range: IpNet::V4(*net),
        }),
        None => Ok(()),
    }
}

/// The IPv4 address that a translator or a tunnel would go on to.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bytes = address.octets();
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = bytes;
        Some(Ipv4Addr::new(a, b, c, d))
    } else if SIX_TO_FOUR.contains(&address) {
        let [_, _, a, b, c, d, ..] = bytes;
        Some(Ipv4Addr::new(a, b, c, d))
    } else {
        None
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

const EVERY_V6: Ipv6Net = v6(0, 0, 0, 0);
const GLOBAL_UNICAST: Ipv6Net = v6(0x2000, 0, 0, 3);
/// RFC 6052: how an IPv6-only network reaches all of IPv4, so it is judged by what it carries.
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 0, 16);

const REFUSED_V4: &[(Ipv4Net, &str)] = &[
    (v4(0, 0, 0, 0, 8), "this host"),
    (v4(10, 0, 0, 0, 8), "private network"),
    (v4(100, 64, 0, 0, 10), "carrier-grade NAT"),
    (v4(127, 0, 0, 0, 8), "loopback"),
    // The platform service of Azure: a public address that every machine there reaches.
    (v4(168, 63, 129, 16, 32), "cloud metadata"),
    (v4(169, 254, 0, 0, 16), "link-local, cloud metadata"),
    (v4(172, 16, 0, 0, 12), "private network"),
    (v4(192, 0, 0, 0, 24), "protocol assignments"),
    (v4(192, 0, 2, 0, 24), "documentation"),
    (v4(192, 31, 196, 0, 24), "AS112"),
    (v4(192, 52, 193, 0, 24), "automatic multicast tunnelling"),
    (v4(192, 88, 99, 0, 24), "6to4 relay"),
    (v4(192, 168, 0, 0, 16), "private network"),
    (v4(192, 175, 48, 0, 24), "AS112"),
    (v4(198, 18, 0, 0, 15), "benchmarking"),
    (v4(198, 51, 100, 0, 24), "documentation"),
    (v4(203, 0, 113, 0, 24), "documentation"),
    (v4(224, 0, 0, 0, 4), "multicast"),
    (v4(240, 0, 0, 0, 4), "reserved, broadcast"),
];

const REFUSED_V6: &[(Ipv6Net, &str)] = &[
    // With `::` and `::1`; the rest is the obsolete IPv4-compatible form.
    (v6(0, 0, 0, 96), "loopback, unspecified"),
    (v6(0x64, 0xff9b, 1, 48), "local NAT64"),
    (v6(0x100, 0, 0, 64), "discard"),
    (v6(0x2001, 0, 0, 32), "Teredo"),
    (v6(0x2001, 0, 0, 23), "protocol assignments"),
    (v6(0x2001, 0xdb8, 0, 32), "documentation"),
    (v6(0x2620, 0x4f, 0x8000, 48), "AS112"),
    (v6(0x3fff, 0, 0, 20), "documentation"),
    (v6(0x5f00, 0, 0, 16), "segment routing"),
    (v6(0xfc00, 0, 0, 7), "private network"),
    (v6(0xfe80, 0, 0, 10), "link-local"),
    (v6(0xfec0, 0, 0, 10), "site-local"),
    (v6(0xff00, 0, 0, 8), "multicast"),
];

#[cfg(test)]
mod tests;
