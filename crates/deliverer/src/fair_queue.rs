use std::collections::{HashMap, VecDeque, hash_map::Entry};

use posthorn_domain::TenantId;

use crate::gate::share;

/// Work of many tenants, one piece of each in turn: who has much waits for itself.
#[derive(Debug)]
pub(crate) struct FairQueue<T> {
    by_tenant: HashMap<TenantId, VecDeque<T>>,
    /// Tenants with work, in the order of their turns.
    turns: VecDeque<TenantId>,
    len: usize,
    len_max: usize,
}

impl<T> FairQueue<T> {
    /// An empty one for about `len_max` pieces.
    pub(crate) fn new(len_max: usize) -> Self {
        Self {
            by_tenant: HashMap::new(),
            turns: VecDeque::new(),
            len: 0,
            len_max,
        }
    }

    /// Adds a piece, or returns it if the tenant has its share of the queue already.
    pub(crate) fn push(&mut self, tenant: &TenantId, piece: T) -> Result<(), T> {
        let held = self.by_tenant.get(tenant).map_or(0, VecDeque::len);
        let tenants = self.by_tenant.len() + usize::from(held == 0);
        let [total, free, tenants, held] = [
            self.len_max,
            self.len_max.saturating_sub(self.len),
            tenants,
            held,
        ]
        .map(|count| u64::try_from(count).unwrap_or(u64::MAX));
        if share(total, free, tenants).is_some_and(|most| held >= most) {
            return Err(piece);
        }
        self.push_over(tenant, piece);
        Ok(())
    }

    /// Adds a piece for which there is no other place.
    pub(crate) fn push_over(&mut self, tenant: &TenantId, piece: T) {
        self.len += 1;
        if let Some(queue) = self.by_tenant.get_mut(tenant) {
            queue.push_back(piece);
            return;
        }
        self.turns.push_back(tenant.clone());
        self.by_tenant
            .insert(tenant.clone(), VecDeque::from([piece]));
    }

    /// The next piece of the tenant whose turn it is.
    pub(crate) fn pop(&mut self) -> Option<T> {
        let tenant = self.turns.pop_front()?;
        let Entry::Occupied(mut queue) = self.by_tenant.entry(tenant.clone()) else {
            return None;
        };
        let piece = queue.get_mut().pop_front();
        if queue.get().is_empty() {
            queue.remove();
        } else {
            self.turns.push_back(tenant);
        }
        self.len -= 1;
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(name: &str) -> TenantId {
        name.parse().unwrap()
    }

    #[test]
    fn tenants_take_turns_however_much_one_has() {
        let mut queue = FairQueue::new(100);
        let (a, b) = (tenant("a"), tenant("b"));
        for number in 0..10 {
            queue.push(&a, ("a", number)).unwrap();
        }
        for number in 0..2 {
            queue.push(&b, ("b", number)).unwrap();
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).take(5).collect();
        let expected = [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2)];
        assert_eq!(order, expected);
    }

    #[test]
    fn one_tenant_leaves_room_for_others_and_the_queue_has_a_bound() {
        let mut queue = FairQueue::new(100);
        let mut pushed = |name: &str| {
            let tenant = tenant(name);
            (0..1_000)
                .filter(|n| queue.push(&tenant, *n).is_ok())
                .count()
        };
        assert_eq!(pushed("greedy"), 51);
        let others: Vec<_> = ["b", "c", "d"].into_iter().map(&mut pushed).collect();
        assert!(others.iter().all(|count| *count > 3), "{others:?}");
        assert!(51 + others.iter().sum::<usize>() <= 100);
        let popped = std::iter::from_fn(|| queue.pop()).count();
        assert_eq!(popped, 51 + others.iter().sum::<usize>());
        assert!(queue.by_tenant.is_empty() && queue.turns.is_empty() && queue.len == 0);
    }
}
