use chrono::{DateTime, SubsecRound, Utc};

/// A moment in UTC.
pub type Timestamp = DateTime<Utc>;

/// Where the present comes from. Production passes [`SystemClock`]; tests pass one they can turn.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock, cut to microseconds: what PostgreSQL keeps, so that a value read back equals
/// the one written.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the present is read"
    )]
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6)
    }
}

/// Milliseconds since the Unix epoch, never negative (ids hold 48 unsigned bits of it).
pub fn unix_ms(moment: Timestamp) -> u64 {
    u64::try_from(moment.timestamp_millis()).unwrap_or(0)
}

/// The moment `ms` milliseconds after the Unix epoch; the far end of the calendar when it lies beyond.
pub fn from_unix_ms(ms: u64) -> Timestamp {
    i64::try_from(ms)
        .ok()
        .and_then(DateTime::from_timestamp_millis)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
