//! Latencies as a histogram, from which percentiles are read.
//!
//! The boundaries are fixed, so histograms of any time and webhook can be added up: the bucket n holds what is above
//! 2^((n-1)/4) and at most 2^(n/4) milliseconds, and the bucket 0 what is at most 1 ms. A latency that is read back
//! is off by 9 % at most (half a bucket), and not at all up to 6 ms, where each whole millisecond has its own.

/// Buckets for each doubling.
const BUCKETS_PER_DOUBLING: f64 = 4.0;

/// Where a latency belongs in a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LatencyBucket(u8);

impl LatencyBucket {
    /// The bucket of a latency in milliseconds. Whatever fits into 32 bits has one.
    pub fn of_ms(ms: u32) -> Self {
        let position = (f64::from(ms.max(1)).log2() * BUCKETS_PER_DOUBLING).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 4 × 32"
        )]
        Self(position as u8)
    }

    /// The latency that stands for the bucket, in milliseconds: its geometric middle.
    pub fn typical_ms(self) -> u32 {
        let exponent = (f64::from(self.0) - 0.5) / BUCKETS_PER_DOUBLING;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 1 and saturating"
        )]
        let ms = exponent.exp2().round() as u32;
        ms.max(1)
    }

    /// The number it is stored as; never reused for another meaning.
    pub fn code(self) -> i16 {
        self.0.into()
    }

    /// Reads [`Self::code`] back; what was never a code is the nearest that is.
    pub fn from_code(code: i16) -> Self {
        Self(u8::try_from(code.clamp(0, 128)).unwrap_or_default())
    }
}

/// How often each latency was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LatencyHistogram {
    /// In the order of the buckets.
    counts: std::collections::BTreeMap<LatencyBucket, u64>,
}

impl LatencyHistogram {
    /// Adds what a bucket holds.
    pub fn add(&mut self, bucket: LatencyBucket, count: u64) {
        *self.counts.entry(bucket).or_default() += count;
    }

    /// The latency that `percent` of all (1 to 100) do not exceed, in milliseconds, by nearest rank; `None` if
    /// there are none.
    pub fn percentile_ms(&self, percent: u8) -> Option<u32> {
        let all: u64 = self.counts.values().sum();
        let rank = (all * u64::from(percent)).div_ceil(100).max(1);
        let mut seen = 0;
        self.counts.iter().find_map(|(bucket, count)| {
            seen += count;
            (seen >= rank).then(|| bucket.typical_ms())
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_latency_is_read_back_within_nine_percent(ms in 1_u32..) {
            let bucket = LatencyBucket::of_ms(ms);
            let read = f64::from(bucket.typical_ms());
            // Half a millisecond is the rounding to whole ones.
            prop_assert!((read - f64::from(ms)).abs() <= f64::from(ms) * 0.0906 + 0.5, "{} as {}", ms, read);
            prop_assert_eq!(LatencyBucket::from_code(bucket.code()), bucket);
        }

        #[test]
        fn buckets_keep_the_order(a: u32, b: u32) {
            prop_assert!((a <= b) == (LatencyBucket::of_ms(a) <= LatencyBucket::of_ms(b))
                || LatencyBucket::of_ms(a) == LatencyBucket::of_ms(b));
        }
    }

    #[test]
    fn the_first_milliseconds_are_exact_and_nothing_is_out_of_range() {
        for ms in 1..=6 {
            assert_eq!(LatencyBucket::of_ms(ms).typical_ms(), ms);
        }
        assert_eq!(LatencyBucket::of_ms(0), LatencyBucket::of_ms(1));
        assert_eq!(LatencyBucket::of_ms(u32::MAX).code(), 128);
        assert_eq!(LatencyBucket::from_code(-1).code(), 0);
    }

    #[test]
    fn percentiles_go_by_rank() {
        let mut histogram = LatencyHistogram::default();
        assert_eq!(histogram.percentile_ms(50), None);
        for ms in [1, 1, 2, 3, 4, 4, 4, 5, 6, 100] {
            histogram.add(LatencyBucket::of_ms(ms), 1);
        }
        assert_eq!(histogram.percentile_ms(1), Some(1));
        assert_eq!(histogram.percentile_ms(50), Some(4));
        assert_eq!(histogram.percentile_ms(90), Some(6));
        assert_eq!(
            histogram.percentile_ms(95),
            Some(LatencyBucket::of_ms(100).typical_ms())
        );
    }
}
