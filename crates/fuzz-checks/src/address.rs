//! The guard's judgement of addresses: what it lets through is an ordinary address, however it was spelled.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use posthorn_domain::{EndpointUrl, UrlPolicy};
use posthorn_egress::{AddressPolicy, IpNet};

/// Panics where something that must hold does not.
pub fn check(data: &[u8]) {
    if let Some((bytes, rest)) = data.split_first_chunk::<16>() {
        judge(IpAddr::V6(Ipv6Addr::from(*bytes)), rest);
    }
    if let Some((bytes, rest)) = data.split_first_chunk::<4>() {
        let v4 = Ipv4Addr::from(*bytes);
        judge(IpAddr::V4(v4), rest);
        let policy = AddressPolicy::default();
        let plain = policy.check(IpAddr::V4(v4));
        // Each way of carrying it in IPv6 gets the same verdict.
        let [a, b, c, d] = v4.octets();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        for carried in [
            v4.to_ipv6_mapped(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
        ] {
            assert_eq!(policy.check(IpAddr::V6(carried)), plain, "{carried}");
        }
    }
    if let Ok(text) = std::str::from_utf8(data) {
        url(text);
    }
}

fn judge(address: IpAddr, rest: &[u8]) {
    let allowed = AddressPolicy::default().check(address).is_ok();
    if allowed {
        assert!(
            !is_special(address.to_canonical()),
            "let through: {address}"
        );
    }
    // An operator's exception opens what it covers and nothing else.
    if let Some(&prefix) = rest.first()
        && let Ok(net) = IpNet::new(address, prefix % 129)
    {
        let policy = AddressPolicy::new(vec![net]);
        if net.contains(&address.to_canonical()) {
            assert!(policy.check(address).is_ok(), "{address} in {net}");
        }
        if let Some((other, _)) = rest[1..].split_first_chunk::<16>() {
            let other = Ipv6Addr::from(*other);
            let opened = policy.check(IpAddr::V6(other)).is_ok();
            let open_anyway = AddressPolicy::default().check(IpAddr::V6(other)).is_ok();
            let covered = [Some(other.to_canonical()), carried(other).map(IpAddr::V4)];
            if opened && !open_anyway {
                assert!(
                    covered.iter().flatten().any(|one| net.contains(one)),
                    "{net} opened {other}"
                );
            }
        }
    }
}

/// The standard library's own words, which were written apart from the guard's table.
fn is_special(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_unspecified()
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || carried(v6).is_some_and(|v4| is_special(IpAddr::V4(v4)))
        }
    }
}

fn carried(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = v6.segments();
    let joined = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(joined(high, low)),
        [0x2002, high, low, ..] => Some(joined(high, low)),
        _ => None,
    }
}

/// What is connected to is what the URL's text says after it was read once: reading it again changes nothing.
fn url(text: &str) {
    let Ok(url) = EndpointUrl::parse(text, UrlPolicy::HttpAllowed) else {
        return;
    };
    let host = url.uri().host().unwrap_or_default();
    assert!(!host.is_empty(), "{text:?}");
    assert!(
        !url.uri()
            .authority()
            .is_some_and(|one| one.as_str().contains('@')),
        "{text:?}"
    );
    if let Ok(again) = EndpointUrl::parse(url.as_str(), UrlPolicy::HttpAllowed) {
        assert_eq!(again.uri(), url.uri(), "{text:?}");
    } else {
        // Writing it in its normal form may make it too long, and nothing else.
        assert!(
            url.as_str().len() > posthorn_domain::limits::URL_BYTES_MAX,
            "{text:?}"
        );
    }
    let shown = format!("{url:?}");
    assert!(!shown.contains('?'), "the query is in {shown}");
}
