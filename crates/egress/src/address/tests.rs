use proptest::prelude::*;

use super::*;

fn policy(allow: &[&str]) -> AddressPolicy {
    AddressPolicy::new(allow.iter().map(|net| net.parse().unwrap()).collect())
}

fn allowed(policy: &AddressPolicy, address: &str) -> bool {
    policy.check(address.parse().unwrap()).is_ok()
}

#[test]
fn refuses_everything_that_is_not_the_public_internet() {
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.175.48.6",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "64:ff9b:1:ffff::808:808",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2620:4f:8000::6",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:c0a8:101::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!allowed(&policy(&[]), address), "{address}");
    }
}

#[test]
fn lets_the_public_internet_through() {
    for address in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.31.195.255",
        "192.52.194.0",
        "192.175.49.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "2001:4860:4860::8888",
        "2606:4700:4700::1111",
        "2620:4f:8001::1",
        "2a00:1450:4001:830::200e",
    ] {
        assert!(allowed(&policy(&[]), address), "{address}");
    }
}

#[test]
fn the_allow_list_opens_what_it_covers_and_nothing_beside_it() {
    let narrow = policy(&["10.1.0.0/16", "127.0.0.1/32", "fd12::/16"]);
    for (address, open) in [
        ("10.1.2.3", true),
        ("::ffff:10.1.2.3", true),
        ("10.2.0.1", false),
        ("127.0.0.1", true),
        ("127.0.0.2", false),
        ("::1", false),
        ("fd12::1", true),
        ("fd13::1", false),
        ("64:ff9b::a01:203", true),
        ("64:ff9b::a02:1", false),
        ("169.254.169.254", false),
        ("8.8.8.8", true),
    ] {
        assert_eq!(allowed(&narrow, address), open, "{address}");
    }
}

#[test]
fn the_refusal_names_the_range_and_not_the_address() {
    let refused = policy(&[])
        .check("10.20.30.40".parse().unwrap())
        .unwrap_err();
    assert_eq!(refused.to_string(), "private network (10.0.0.0/8)");
}

proptest! {
    /// Every way to write an IPv4 address into an IPv6 one is judged like the address itself.
    #[test]
    fn an_embedded_address_is_judged_by_what_it_carries(bits: u32, low: u64) {
        let carried = Ipv4Addr::from(bits);
        let open = policy(&[]).check(carried.into()).is_ok();
        let mapped = carried.to_ipv6_mapped();
        let nat64 = Ipv6Addr::from((0x0064_ff9b_u128 << 96) | u128::from(bits));
        let six_to_four = Ipv6Addr::from((0x2002_u128 << 112) | (u128::from(bits) << 80) | u128::from(low));
        for address in [mapped, nat64, six_to_four] {
            prop_assert_eq!(policy(&[]).check(address.into()).is_ok(), open, "{}", address);
        }
    }

    /// The standard library knows some of the ranges by itself; nothing of them slips through.
    #[test]
    fn agrees_with_the_standard_library(bits: u32) {
        let address = Ipv4Addr::from(bits);
        let special = address.is_private()
            || address.is_loopback()
            || address.is_link_local()
            || address.is_multicast()
            || address.is_broadcast()
            || address.is_documentation()
            || address.is_unspecified();
        if special {
            prop_assert!(policy(&[]).check(address.into()).is_err());
        }
    }

    /// Whatever the list of everything covers is open, and only global unicast is open without it.
    #[test]
    fn ipv6_outside_of_global_unicast_is_closed(bits: u128) {
        let address = Ipv6Addr::from(bits);
        prop_assert!(policy(&["::/0", "0.0.0.0/0"]).check(address.into()).is_ok());
        if bits >> 125 != 1 && address.to_ipv4_mapped().is_none() && !NAT64.contains(&address) {
            prop_assert!(policy(&[]).check(address.into()).is_err());
        }
    }
}
