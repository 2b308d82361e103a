//! The guard between Posthorn and the network it stands in.

use std::net::IpAddr;

use posthorn_domain::UrlPolicy;
use posthorn_egress::IpNet;

use super::{finding::Findings, settings::Settings};

const PART: &str = "egress";

/// Addresses that no webhook of anybody's should reach, and why.
const DANGEROUS: [(&str, &str); 3] = [
    (
        "169.254.169.254",
        "the cloud's metadata service, which gives out the machine's credentials",
    ),
    (
        "fd00:ec2::254",
        "the cloud's metadata service, which gives out the machine's credentials",
    ),
    ("100.100.100.200", "the cloud's metadata service"),
];

pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    if settings.url_policy == UrlPolicy::HttpAllowed {
        findings.warning(
            PART,
            "webhooks may have http:// URLs: payloads and credentials travel in the clear",
            "unset POSTHORN_ALLOW_HTTP, except for development",
        );
    }
    let mut good = true;
    for network in &settings.egress_allow {
        if let Some((what, advice)) = danger(network) {
            good = false;
            findings.problem(PART, what, advice);
        } else if is_loopback(network) {
            good = false;
            findings.warning(
                PART,
                format!("webhooks may reach this machine itself ({network})"),
                "take it out of POSTHORN_EGRESS_ALLOW, except for development: NATS, PostgreSQL and the deliverer's port may listen there",
            );
        }
    }
    if !good {
        return;
    }
    let through = if settings.has_egress_proxy {
        ", through a proxy"
    } else {
        ""
    };
    if settings.egress_allow.is_empty() {
        let what = format!("webhooks reach public addresses alone{through}");
        findings.ok(PART, what);
    } else {
        let networks: Vec<String> = settings.egress_allow.iter().map(IpNet::to_string).collect();
        let networks = networks.join(", ");
        let what = format!("webhooks reach public addresses and {networks}{through}");
        findings.ok(PART, what);
    }
}

fn danger(network: &IpNet) -> Option<(String, &'static str)> {
    if network.prefix_len() == 0 {
        return Some((
            format!("POSTHORN_EGRESS_ALLOW holds {network}: there is no guard at all"),
            "name the few networks that receivers are in",
        ));
    }
    DANGEROUS.iter().find_map(|(address, why)| {
        let address: IpAddr = address.parse().ok()?;
        network.contains(&address).then(|| {
            (
                format!("POSTHORN_EGRESS_ALLOW holds {network}, and with it {address}: {why}"),
                "name the few networks that receivers are in, without that address",
            )
        })
    })
}

fn is_loopback(network: &IpNet) -> bool {
    network.addr().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dangerous_is_seen() {
        for (network, dangerous) in [
            ("0.0.0.0/0", true),
            ("::/0", true),
            ("169.254.0.0/16", true),
            ("fd00::/8", true),
            ("10.0.0.0/8", false),
            ("127.0.0.0/8", false),
        ] {
            let network = network.parse().unwrap();
            assert_eq!(danger(&network).is_some(), dangerous, "{network}");
        }
        assert!(is_loopback(&"127.0.0.0/8".parse().unwrap()));
    }
}
