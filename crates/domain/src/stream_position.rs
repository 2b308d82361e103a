use crate::clock::Timestamp;

/// A place in the stream of events, by its own count and by the clock that stamps its messages.
///
/// Neither alone says for certain what came before: a stream that was restored from a backup counts the same numbers
/// twice, and the clocks of two servers that lead it one after the other may differ. So what is to be taken for earlier
/// has to be so by both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamPosition {
    /// The sequence of the last message; 0 before the first.
    pub sequence: u64,
    /// The time by the server that leads the stream.
    pub at: Timestamp,
}

impl StreamPosition {
    /// Whether a message was certainly stored before this.
    pub fn is_behind(&self, sequence: u64, stored_at: Timestamp) -> bool {
        sequence <= self.sequence && stored_at <= self.at
    }
}
