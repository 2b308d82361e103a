/// Why the bus cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The configuration is wrong, or the server will never do: waiting cures nothing.
    #[error("{0}")]
    Unusable(String),
    /// NATS does not answer now; again later.
    #[error("NATS does not answer: {0}")]
    Unavailable(String),
    /// NATS answered with a refusal.
    #[error("NATS refused to {action}: {reason}")]
    Refused {
        /// What was asked of it, as "update stream POSTHORN_EVENTS".
        action: String,
        /// Its words.
        reason: String,
    },
}

/// Some of many messages are stored, in their order; the rest is not known to be.
#[derive(Debug, thiserror::Error)]
#[error("{error}; {stored} messages before are stored")]
pub struct PartlyStored {
    /// How many: who tries again goes on behind them. The next one is what the error is about, if it is about a
    /// message.
    pub stored: usize,
    /// What ended it.
    #[source]
    pub error: PublishError,
}

/// Why a message is not known to be stored.
///
/// After [`PublishError::Unavailable`] the message may still have been stored: its acknowledgement can
/// be what was lost. Publishing again is right, and is dropped by the server when it had the message.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Not connected, no acknowledgement in time, or the stream is missing just now; again later.
    #[error("NATS did not acknowledge: {0}")]
    Unavailable(String),
    /// Larger than the server takes, with its headers. Publishing again will not help.
    #[error("the message is larger than the server takes")]
    TooLarge,
    /// The server answered with a refusal.
    #[error("NATS refused the message: {0}")]
    Refused(String),
}
