//! Which connections there are, from whom, and which of them has to go when there are too many.
//!
//! A connection is *idle* while it waits for the headers of a request. When a bound is reached, those that have been idle
//! longest are closed, and of them first those that never sent a request: so whoever opens connections without using
//! them pushes out its own. A connection with a request under way is never closed for another. Where all have one, a
//! further connection gets a place *for health*: there health and metrics are answered, and everything else is told to
//! come again.
//!
//! Not guaranteed: a client that uses ever more addresses pushes out the idle connections of others, who have to connect
//! again; and with requests under way on every connection nobody else is served until some of them end.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use posthorn_domain::limits::{
    CONNECTIONS_FOR_HEALTH_MAX, CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX,
    FIRST_HEADERS_TIMEOUT, NEXT_HEADERS_TIMEOUT, WRITE_IDLE_TIMEOUT,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::reminder::Reminder;

/// Bounds on what clients may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at the same time, without those for health.
    pub connections_max: usize,
    /// Those of them from one address; of IPv6, from one network of 64 bits.
    pub connections_per_address_max: usize,
    /// Connections beyond these for health and metrics.
    pub connections_for_health_max: usize,
    /// How long a client may take to send the headers of the first request on a connection.
    pub first_headers_timeout: Duration,
    /// How long it may take for those of each further one, with the pause before it.
    pub next_headers_timeout: Duration,
    /// How long it may take none of an answer.
    pub write_idle_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: CONNECTIONS_MAX,
            connections_per_address_max: CONNECTIONS_PER_ADDRESS_MAX,
            connections_for_health_max: CONNECTIONS_FOR_HEALTH_MAX,
            first_headers_timeout: FIRST_HEADERS_TIMEOUT,
            next_headers_timeout: NEXT_HEADERS_TIMEOUT,
            write_idle_timeout: WRITE_IDLE_TIMEOUT,
        }
    }
}

/// When a bound is reached, this part of the connections that are allowed is closed if idle: one at a time would mean to
/// look at all of them for each new one.
const CLOSED_TOGETHER: usize = 16;

/// What a connection may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Ordinary,
    /// Health and metrics.
    ForHealth,
}

/// All connections of a server. Clones share them.
#[derive(Clone)]
pub(super) struct Connections(Arc<Inner>);

struct Inner {
    limits: Limits,
    began: Instant,
    open: Mutex<Open>,
    told: Reminder,
}

#[derive(Default)]
struct Open {
    next_id: u64,
    by_id: HashMap<u64, Entry>,
    /// Ordinary ones.
    by_address: HashMap<IpAddr, usize>,
    ordinary: usize,
    for_health: usize,
}

struct Entry {
    address: IpAddr,
    place: Place,
    activity: Arc<Activity>,
}

/// What a connection is doing.
pub(super) struct Activity {
    /// Since when it has been idle, in milliseconds since the server began.
    idle_since_ms: AtomicU64,
    under_way: AtomicBool,
    /// Whether the client does not take what is written to it.
    is_stuck: AtomicBool,
    /// Whether a request was ever read.
    was_used: AtomicBool,
    closed: CancellationToken,
    began: Instant,
}

/// A place among the connections, until it is dropped.
pub(super) struct Connection {
    connections: Connections,
    id: u64,
    pub(super) place: Place,
    pub(super) activity: Arc<Activity>,
}

/// A request that is under way, until its answer was written.
pub(super) struct UnderWay(Arc<Activity>);

impl Connections {
    pub(super) fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner {
            limits,
            began: Instant::now(),
            open: Mutex::default(),
            told: Reminder::default(),
        }))
    }

    /// A place for a connection from `address`; `None` if there is not even one for health.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Connection> {
        let address = network(address);
        let limits = self.0.limits;
        let mut open = self.lock();
        let of_address = |open: &Open| open.by_address.get(&address).copied().unwrap_or(0);
        if of_address(&open) >= limits.connections_per_address_max {
            let count = limits.connections_per_address_max.div_ceil(CLOSED_TOGETHER);
            self.close_idle(&mut open, count, |entry| {
                entry.place == Place::Ordinary && entry.address == address
            });
        } else if open.ordinary >= limits.connections_max {
            let count = limits.connections_max.div_ceil(CLOSED_TOGETHER);
            self.close_idle(&mut open, count, |entry| entry.place == Place::Ordinary);
        }
        let has_room = of_address(&open) < limits.connections_per_address_max
            && open.ordinary < limits.connections_max;
        let place = if has_room {
            Place::Ordinary
        } else {
            if open.for_health >= limits.connections_for_health_max {
                self.close_idle(&mut open, 1, |entry| entry.place == Place::ForHealth);
            }
            if open.for_health >= limits.connections_for_health_max {
                return None;
            }
            Place::ForHealth
        };
        Some(self.enter(&mut open, address, place))
    }

    /// Closes some idle connections, because the process can have no more.
    pub(super) fn make_room(&self) {
        let mut open = self.lock();
        let count = open.by_id.len().div_ceil(CLOSED_TOGETHER);
        self.close_idle(&mut open, count, |_| true);
    }

    fn enter(&self, open: &mut Open, address: IpAddr, place: Place) -> Connection {
        let id = open.next_id;
        open.next_id += 1;
        let activity = Arc::new(Activity {
            idle_since_ms: AtomicU64::default(),
            under_way: AtomicBool::new(false),
            is_stuck: AtomicBool::new(false),
            was_used: AtomicBool::new(false),
            closed: CancellationToken::new(),
            began: self.0.began,
        });
        activity.rest();
        match place {
            Place::Ordinary => {
                open.ordinary += 1;
                *open.by_address.entry(address).or_default() += 1;
            }
            Place::ForHealth => open.for_health += 1,
        }
        let entry = Entry {
            address,
            place,
            activity: activity.clone(),
        };
        open.by_id.insert(id, entry);
        Connection {
            connections: self.clone(),
            id,
            place,
            activity,
        }
    }

    /// Closes at most `count` of the idle ones that `wanted` picks.
    fn close_idle(&self, open: &mut Open, count: usize, wanted: impl Fn(&Entry) -> bool) {
        let mut idle: Vec<(bool, u64, u64)> = open
            .by_id
            .iter()
            .filter(|(_, entry)| wanted(entry) && entry.activity.is_idle())
            .map(|(id, entry)| {
                let activity = &entry.activity;
                let used = activity.was_used.load(Ordering::Relaxed);
                (used, activity.idle_since_ms.load(Ordering::Relaxed), *id)
            })
            .collect();
        if idle.len() > count {
            idle.select_nth_unstable(count);
            idle.truncate(count);
        }
        if !idle.is_empty() && self.0.told.is_due() {
            let closed = idle.len();
            warn!(
                closed,
                "Too many connections: closed {closed} that were idle"
            );
        }
        for (_, _, id) in idle {
            if let Some(entry) = open.remove(id) {
                entry.activity.closed.cancel();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.by_id.remove(&id)?;
        match entry.place {
            Place::ForHealth => self.for_health -= 1,
            Place::Ordinary => {
                self.ordinary -= 1;
                if let Some(count) = self.by_address.get_mut(&entry.address) {
                    *count -= 1;
                    if *count == 0 {
                        self.by_address.remove(&entry.address);
                    }
                }
            }
        }
        Some(entry)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // It may have been closed for another.
        self.connections.lock().remove(self.id);
    }
}

impl Activity {
    /// A request begins.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        self.was_used.store(true, Ordering::Relaxed);
        self.under_way.store(true, Ordering::Relaxed);
        UnderWay(self.clone())
    }

    /// Whether a request was ever read on it.
    pub(super) fn was_used(&self) -> bool {
        self.was_used.load(Ordering::Relaxed)
    }

    /// Notes whether the client takes what is written to it.
    pub(super) fn note_stuck(&self, is_stuck: bool) {
        self.is_stuck.store(is_stuck, Ordering::Relaxed);
    }

    /// Ends when it is closed for another.
    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    fn is_idle(&self) -> bool {
        !self.under_way.load(Ordering::Relaxed) && !self.is_stuck.load(Ordering::Relaxed)
    }

    fn rest(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.idle_since_ms.store(now, Ordering::Relaxed);
        self.under_way.store(false, Ordering::Relaxed);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.rest();
    }
}

/// What counts as one address. Whoever has one address of IPv6 has a network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(all: usize, of_address: usize, for_health: usize) -> Connections {
        Connections::new(Limits {
            connections_max: all,
            connections_per_address_max: of_address,
            connections_for_health_max: for_health,
            ..Limits::default()
        })
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    fn is_closed(connection: &Connection) -> bool {
        connection.activity.closed.is_cancelled()
    }

    #[tokio::test(start_paused = true)]
    async fn silent_connections_are_closed_first_and_those_of_the_address_that_has_too_many() {
        let all = connections(100, 3, 1);
        let others = all.admit(address(2)).unwrap();
        let used = all.admit(address(1)).unwrap();
        drop(used.activity.begin());
        tokio::time::advance(Duration::from_secs(1)).await;
        let silent = all.admit(address(1)).unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        let later = all.admit(address(1)).unwrap();
        let fourth = all.admit(address(1)).unwrap();
        assert_eq!(fourth.place, Place::Ordinary);
        assert!(is_closed(&silent), "idle longest of those never used");
        for kept in [&others, &used, &later, &fourth] {
            assert!(!is_closed(kept));
        }
        drop((others, used, silent, later, fourth));
        let open = all.lock();
        assert!(open.by_id.is_empty() && open.by_address.is_empty());
        assert_eq!((open.ordinary, open.for_health), (0, 0));
    }

    #[tokio::test]
    async fn with_requests_under_way_everywhere_health_has_a_place() {
        let all = connections(2, 10, 1);
        let first = all.admit(address(1)).unwrap();
        let second = all.admit(address(2)).unwrap();
        let _under_way = (first.activity.begin(), second.activity.begin());
        let reserved = all.admit(address(3)).unwrap();
        assert_eq!(reserved.place, Place::ForHealth);
        let next = all.admit(address(4)).unwrap();
        assert!(is_closed(&reserved), "it was idle");
        let _answering = next.activity.begin();
        assert!(all.admit(address(5)).is_none());
        assert!(!is_closed(&first) && !is_closed(&second));
    }

    #[test]
    fn a_network_of_64_bits_is_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::2:0:0:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
