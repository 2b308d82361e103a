use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::DateTime;
use posthorn_domain::Timestamp;

use super::bucket::Bucket;

/// A use is noted at most so often, in seconds: nobody wants to know it more precisely, and most requests only read.
const NOTED_EVERY_SECONDS: i64 = 60;

/// What one key uses up, and when it was last used. It outlives what is known of the key otherwise.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(super) bucket: Bucket,
    /// Unix seconds of the last use that was noted; 0 before the first.
    used_at: AtomicI64,
    /// Which of them the database has.
    written: AtomicI64,
}

impl Usage {
    pub(super) fn new(per_second: NonZeroU32) -> Self {
        Self {
            bucket: Bucket::new(per_second),
            used_at: AtomicI64::new(0),
            written: AtomicI64::new(0),
        }
    }

    /// Notes that the key was used.
    pub(super) fn note(&self, now: Timestamp) {
        let now = now.timestamp();
        if now.saturating_sub(self.used_at.load(Ordering::Relaxed)) >= NOTED_EVERY_SECONDS {
            self.used_at.store(now, Ordering::Relaxed);
        }
    }

    /// The last use, if the database does not have it yet.
    pub(super) fn unwritten(&self) -> Option<Timestamp> {
        let used_at = self.used_at.load(Ordering::Relaxed);
        (used_at != self.written.load(Ordering::Relaxed))
            .then(|| DateTime::from_timestamp(used_at, 0))
            .flatten()
    }

    /// Notes that the database has this use.
    pub(super) fn wrote(&self, used_at: Timestamp) {
        self.written.store(used_at.timestamp(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_written_once_a_minute() {
        let usage = Usage::new(NonZeroU32::MIN);
        let at = |seconds: i64| DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap();
        assert_eq!(usage.unwritten(), None);
        usage.note(at(0));
        assert_eq!(usage.unwritten(), Some(at(0)));
        usage.wrote(at(0));
        for seconds in [1, 30, 59] {
            usage.note(at(seconds));
            assert_eq!(usage.unwritten(), None);
        }
        usage.note(at(60));
        assert_eq!(usage.unwritten(), Some(at(60)));
    }
}
