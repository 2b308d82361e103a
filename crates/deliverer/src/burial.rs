use posthorn_domain::{AttemptOutcome, Failure, FailureKind};

/// Why something became a dead letter, for metrics: a closed set, where the letter itself has words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Burial {
    /// The attempts were used up.
    Exhausted,
    /// The receiver refused it, and its webhook says not to try again.
    Refused,
    /// The endpoint said that it is gone for good.
    Gone,
    /// The URL leads to an address that the guard refuses.
    AddressNotAllowed,
    /// The webhook's own settings make no request of the event.
    Unrenderable,
    /// Its webhook was disabled while it waited.
    Disabled,
    /// It would have to wait, and is larger than NATS takes.
    TooLarge,
    /// A message that is no event.
    Malformed,
    /// The delivery had failed before; that its letter was stored then is not certain.
    Repeated,
}

impl Burial {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::Exhausted,
        Self::Refused,
        Self::Gone,
        Self::AddressNotAllowed,
        Self::Unrenderable,
        Self::Disabled,
        Self::TooLarge,
        Self::Malformed,
        Self::Repeated,
    ];

    /// Of a delivery that was given up after this, though attempts were left.
    pub(crate) fn given_up_after(outcome: AttemptOutcome) -> Self {
        match outcome.map_err(Failure::kind) {
            Err(FailureKind::AddressNotAllowed) => Self::AddressNotAllowed,
            Err(FailureKind::Unrenderable) => Self::Unrenderable,
            Ok(_) | Err(_) => Self::Refused,
        }
    }

    /// Its name in metrics.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Exhausted => "exhausted",
            Self::Refused => "refused",
            Self::Gone => "gone",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::Unrenderable => "unrenderable",
            Self::Disabled => "webhook_disabled",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::Repeated => "repeated",
        }
    }
}
