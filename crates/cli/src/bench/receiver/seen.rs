//! Which numbers have been there: a bit for each, so that a million deliveries take 128 KiB.

/// A set of numbers that grows with the largest of them.
#[derive(Debug, Default)]
pub(super) struct Seen {
    words: Vec<u64>,
    count: u64,
}

/// Numbers beyond this are no benchmark's: 16 MiB of bits.
const NUMBER_MAX: u64 = 1 << 27;

impl Seen {
    /// Puts it in; false when it was there already, or is beyond all bounds.
    pub(super) fn insert(&mut self, n: u64) -> bool {
        let Some(index) = usize::try_from(n / 64).ok().filter(|_| n < NUMBER_MAX) else {
            return false;
        };
        if index >= self.words.len() {
            self.words.resize(index + 1, 0);
        }
        let bit = 1 << (n % 64);
        let is_new = self.words.get(index).is_some_and(|word| word & bit == 0);
        if is_new && let Some(word) = self.words.get_mut(index) {
            *word |= bit;
            self.count += 1;
        }
        is_new
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_counts_once() {
        let mut seen = Seen::default();
        for n in [0, 63, 64, 65, 1_000_000] {
            assert!(seen.insert(n), "{n}");
            assert!(!seen.insert(n), "{n} again");
        }
        assert_eq!(seen.count(), 5);
        assert!(!seen.insert(u64::MAX));
        assert_eq!(seen.count(), 5);
    }
}
