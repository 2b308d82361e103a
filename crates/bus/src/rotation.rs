use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use async_nats::{Server, ServerAddr};

/// Which server a client goes to when it has to leave one: each in turn, so that it comes back to the one that it
/// left only after all others. Left to itself, the client draws one by lot, and may be sent back at once.
///
/// Every client has an order of its own: those that leave a server together spread over the others.
#[derive(Debug, Default)]
pub(crate) struct Rotation {
    order: RandomState,
    /// Where the client was sent last.
    last: Mutex<Option<ServerAddr>>,
}

impl Rotation {
    /// The next of the servers that the client knows; none before its first connection, for which it tries them all.
    pub(crate) fn next(&self, known: &[Server]) -> Option<ServerAddr> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let first = || known.iter().find(|server| server.did_connect);
        let left = last.clone().or_else(|| Some(first()?.addr.clone()))?;
        let known = known.iter().map(|server| &server.addr);
        let next = following(&left, known, &self.order);
        *last = Some(next.clone());
        Some(next)
    }
}

/// Whoever comes after `left` in this order, which is closed to a ring.
fn following<'a>(
    left: &ServerAddr,
    known: impl Iterator<Item = &'a ServerAddr>,
    order: &impl BuildHasher,
) -> ServerAddr {
    let place = |addr: &ServerAddr| order.hash_one(addr.as_url_str());
    let from = place(left).wrapping_add(1);
    known
        .min_by_key(|addr| place(addr).wrapping_sub(from))
        .unwrap_or(left)
        .clone()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn servers(count: usize) -> Vec<ServerAddr> {
        (0..count)
            .map(|n| format!("nats://node-{n}:4222").parse().unwrap())
            .collect()
    }

    #[test]
    fn each_is_tried_before_one_comes_again() {
        for count in 1..8 {
            let known = servers(count);
            let order = RandomState::new();
            let mut at = known[0].clone();
            let mut seen = HashSet::new();
            for _ in 0..count {
                at = following(&at, known.iter(), &order);
                assert!(seen.insert(at.clone()), "{at:?} of {count} came twice");
            }
            assert_eq!(at, known[0], "a round ends where it began");
        }
    }

    #[test]
    fn clients_that_leave_a_server_together_spread() {
        let known = servers(3);
        let next: HashSet<_> = (0..64)
            .map(|_| following(&known[0], known.iter(), &RandomState::new()))
            .collect();
        assert_eq!(next, HashSet::from([known[1].clone(), known[2].clone()]));
    }

    #[test]
    fn a_server_that_is_not_known_any_more_is_left_too() {
        let known = servers(2);
        let gone = "nats://gone:4222".parse().unwrap();
        let next = following(&gone, known.iter(), &RandomState::new());
        assert!(known.contains(&next));
    }
}
