use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Keys that are looked up in the database in a second, whoever presents them.
const LOOKUPS_PER_SECOND: u32 = 200;
/// Of these, those that one client's address presents.
const LOOKUPS_PER_CLIENT_PER_SECOND: u32 = 50;
const SECOND: Duration = Duration::from_secs(1);

/// Bounds how often the database is asked for keys that are not known here. Each client has a part, so that nobody's
/// guesses use up the look-ups of all.
#[derive(Debug)]
pub(super) struct Lookups(Mutex<Window>);

/// What was looked up since it began. No longer than the look-ups of a second.
#[derive(Debug)]
struct Window {
    began: Instant,
    all: u32,
    by_client: HashMap<IpAddr, u32>,
}

impl Lookups {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Window {
            began: Instant::now(),
            all: 0,
            by_client: HashMap::new(),
        }))
    }

    /// Whether one more is allowed.
    pub(super) fn take(&self, client: IpAddr) -> bool {
        let now = Instant::now();
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(window.began) >= SECOND {
            window.began = now;
            window.all = 0;
            window.by_client.clear();
        }
        if window.all >= LOOKUPS_PER_SECOND {
            return false;
        }
        let of_client = window.by_client.entry(network(client)).or_default();
        if *of_client >= LOOKUPS_PER_CLIENT_PER_SECOND {
            return false;
        }
        *of_client += 1;
        window.all += 1;
        true
    }
}

/// What one client has: an address of IPv4, or a network of 64 bits of IPv6.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(lookups: &Lookups, client: &str) -> u32 {
        let client = client.parse().unwrap();
        let mut allowed = 0;
        while lookups.take(client) {
            allowed += 1;
        }
        allowed
    }

    #[tokio::test(start_paused = true)]
    async fn one_client_leaves_some_for_the_others() {
        let lookups = Lookups::new();
        for clients in [
            ["192.0.2.1", "::ffff:192.0.2.1"],
            ["2001:db8::1", "2001:db8::2"],
        ] {
            assert_eq!(allowed(&lookups, clients[0]), LOOKUPS_PER_CLIENT_PER_SECOND);
            assert_eq!(allowed(&lookups, clients[1]), 0, "{clients:?}");
        }
        assert_eq!(allowed(&lookups, "192.0.2.2"), 50);
        assert_eq!(allowed(&lookups, "2001:db8:0:1::1"), 50);
        assert_eq!(allowed(&lookups, "192.0.2.3"), 0, "all are used up");
        tokio::time::advance(SECOND).await;
        assert_eq!(allowed(&lookups, "192.0.2.1"), 50);
    }
}
