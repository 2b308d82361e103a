//! What all holders use together in one process, and no holder may have all of.
//!
//! Nobody waits for a share: whoever finds none is told to come again, so that what waits cannot become another thing
//! that runs out.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How much there is of something, and who has how much of it. Clones share it.
#[derive(Debug)]
pub(crate) struct Shares<K: Eq + Hash + Clone>(Arc<Inner<K>>);

#[derive(Debug)]
struct Inner<K> {
    /// What all may have together.
    all: usize,
    /// What one may have.
    part: usize,
    held: Mutex<HeldByAll<K>>,
}

#[derive(Debug)]
struct HeldByAll<K> {
    sum: usize,
    by_holder: HashMap<K, usize>,
}

/// Nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spent {
    /// Of the holder's own part.
    Part,
    /// Of all that there is, because of others.
    All,
}

/// What a holder has. It goes back when this is dropped.
#[derive(Debug)]
pub(crate) struct Share<K: Eq + Hash + Clone> {
    shares: Shares<K>,
    holder: K,
    amount: usize,
}

impl<K: Eq + Hash + Clone> Clone for Shares<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Eq + Hash + Clone> Shares<K> {
    /// `all` of something, of which one holder may have `part`.
    pub(crate) fn new(all: usize, part: usize) -> Self {
        let held = Mutex::new(HeldByAll {
            sum: 0,
            by_holder: HashMap::new(),
        });
        Self(Arc::new(Inner { all, part, held }))
    }

    /// A share of nothing, to be made larger.
    pub(crate) fn none(&self, holder: K) -> Share<K> {
        Share {
            shares: self.clone(),
            holder,
            amount: 0,
        }
    }

    /// A share of so much.
    pub(crate) fn take(&self, holder: K, amount: usize) -> Result<Share<K>, Spent> {
        let mut share = self.none(holder);
        share.take_more(amount)?;
        Ok(share)
    }

    /// What all have together now.
    pub(crate) fn held(&self) -> usize {
        self.lock().sum
    }

    fn lock(&self) -> MutexGuard<'_, HeldByAll<K>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash + Clone> Share<K> {
    /// Makes it larger, or leaves it as it is.
    pub(crate) fn take_more(&mut self, amount: usize) -> Result<(), Spent> {
        let mut held = self.shares.lock();
        let own = held.by_holder.get(&self.holder).copied().unwrap_or(0);
        if own.saturating_add(amount) > self.shares.0.part {
            return Err(Spent::Part);
        }
        if held.sum.saturating_add(amount) > self.shares.0.all {
            return Err(Spent::All);
        }
        held.sum += amount;
        held.by_holder.insert(self.holder.clone(), own + amount);
        self.amount += amount;
        Ok(())
    }
}

impl<K: Eq + Hash + Clone> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.shares.lock();
        held.sum -= self.amount;
        let left = held.by_holder.get(&self.holder).copied().unwrap_or(0) - self.amount;
        // Whoever has nothing is not remembered: of holders there is no end.
        if left == 0 {
            held.by_holder.remove(&self.holder);
        } else {
            held.by_holder.insert(self.holder.clone(), left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_its_part_and_all_have_no_more_than_there_is() {
        let shares = Shares::new(10, 6);
        let mut a = shares.take("a", 4).unwrap();
        let second = shares.take("a", 2).unwrap();
        assert_eq!(a.take_more(1), Err(Spent::Part));
        let b = shares.take("b", 4).unwrap();
        assert_eq!(shares.take("c", 1).unwrap_err(), Spent::All);
        drop(second);
        assert!(shares.take("c", 2).is_ok());
        assert_eq!(a.take_more(2), Ok(()));
        drop((a, b));
        assert_eq!(shares.lock().sum, 0);
        assert!(shares.lock().by_holder.is_empty());
    }

    #[test]
    fn a_share_of_nothing_leaves_no_trace() {
        let shares = Shares::new(1, 1);
        drop(shares.none("a"));
        assert!(shares.lock().by_holder.is_empty());
    }
}
