//! Which messages may have been given out before, although the server calls it their first time.
//!
//! The count of deliveries is the server's memory of its consumer, and it can lose it: somebody deletes the consumer, a
//! stream is restored without it, somebody resets it, or a server that was killed had not written down what it gave out
//! last. Then messages come again as if for the first time. In each of these cases the connection or a pull ends, or the
//! consumer's own count begins again. So whatever was stored before the present connection began to pull may have been seen, and whoever takes
//! it looks it up. What is stored later has a count that can be trusted.

/// Where messages begin that nobody can have seen.
#[derive(Debug)]
pub(crate) struct Horizon {
    /// The last message that may have been seen.
    up_to: u64,
    /// Whether the stream's end has to be asked for before more is pulled.
    stale: bool,
    /// The consumer's number of the last message that it is known to have given out. It only grows while the consumer lives.
    last_given: u64,
}

impl Horizon {
    /// Nothing is known: every message may have been seen.
    pub(crate) fn unknown() -> Self {
        Self {
            up_to: u64::MAX,
            stale: true,
            last_given: 0,
        }
    }

    /// What was known may be wrong: until it is renewed, every message may have been seen.
    pub(crate) fn lose(&mut self) {
        self.up_to = u64::MAX;
        self.stale = true;
    }

    pub(crate) fn is_stale(&self) -> bool {
        self.stale
    }

    /// The stream ends at `last_sequence`, the consumer has counted to `consumer_sequence`, and nothing was pulled since
    /// that was asked.
    pub(crate) fn renew(&mut self, last_sequence: u64, consumer_sequence: u64) {
        self.up_to = last_sequence;
        self.last_given = consumer_sequence;
        self.stale = false;
    }

    /// Whether this message may have been given out before. `consumer_sequence` is the consumer's number of this delivery.
    pub(crate) fn may_have_been_seen(&mut self, sequence: u64, consumer_sequence: u64) -> bool {
        if consumer_sequence <= self.last_given {
            // Another consumer of the same name, one that was reset, or one that lost a part of its memory.
            self.lose();
        }
        self.last_given = consumer_sequence;
        sequence <= self.up_to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_before_the_connection_may_have_been_seen() {
        let mut horizon = Horizon::unknown();
        assert!(horizon.is_stale());
        horizon.renew(10, 7);
        assert!(horizon.may_have_been_seen(10, 8));
        assert!(!horizon.may_have_been_seen(11, 9));
        assert!(horizon.may_have_been_seen(3, 10), "given out once more");
        assert!(!horizon.is_stale());
    }

    #[test]
    fn a_consumer_that_counts_anew_is_another_one() {
        let mut horizon = Horizon::unknown();
        horizon.renew(99, 99);
        // It need not be the first message that this process gets.
        assert!(horizon.may_have_been_seen(100, 4));
        assert!(horizon.is_stale());
        horizon.renew(150, 4);
        assert!(horizon.may_have_been_seen(101, 5));
        assert!(!horizon.may_have_been_seen(151, 6));
    }
}
