//! What the time was divided into.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// One after the other, without gaps.
#[derive(Debug)]
pub(super) struct Phases(Vec<(String, u64)>);

impl Phases {
    pub(super) fn begin(now_us: u64) -> Self {
        Self(vec![("begin".to_owned(), now_us)])
    }

    pub(super) fn next(&mut self, name: String, now_us: u64) {
        self.0.push((name, now_us));
    }

    /// The number of the phase that a moment lies in.
    pub(super) fn of(&self, at_us: u64) -> usize {
        let later = self.0.partition_point(|(_, from_us)| *from_us <= at_us);
        later.saturating_sub(1)
    }

    /// Their names, and when each began.
    pub(super) fn each(&self) -> &[(String, u64)] {
        &self.0
    }
}

/// What a panic elsewhere left is as good.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_belongs_to_the_phase_that_had_begun() {
        let mut phases = Phases::begin(0);
        phases.next("one".to_owned(), 10);
        phases.next("two".to_owned(), 20);
        let of: Vec<_> = [0, 9, 10, 19, 20, 999].map(|us| phases.of(us)).into();
        assert_eq!(of, [0, 0, 1, 1, 2, 2]);
    }
}
