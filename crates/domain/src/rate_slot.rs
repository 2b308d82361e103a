use std::{fmt, num::NonZeroU32, str::FromStr};

use chrono::SecondsFormat;

use crate::clock::Timestamp;

/// The moment that was reserved for one request to a webhook with a rate limit.
///
/// Its text goes with a delivery while it waits: `2026-01-26T12:00:00.000000Z 50`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateSlot {
    /// Not before this, by the database's clock.
    pub at: Timestamp,
    /// The limit under which it was reserved. Under another it means nothing.
    pub per_second: NonZeroU32,
}

impl fmt::Display for RateSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Micros, true);
        write!(f, "{at} {}", self.per_second)
    }
}

/// Not the text of a slot.
#[derive(Debug, Clone, thiserror::Error)]
#[error("not a reserved moment and its rate limit")]
pub struct InvalidRateSlot;

impl FromStr for RateSlot {
    type Err = InvalidRateSlot;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, per_second) = text.split_once(' ').ok_or(InvalidRateSlot)?;
        Ok(Self {
            at: at.parse().map_err(|_| InvalidRateSlot)?,
            per_second: per_second.parse().map_err(|_| InvalidRateSlot)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_text_is_read_back() {
        let text = "2026-01-26T12:00:00.123456Z 50";
        assert_eq!(text.parse::<RateSlot>().unwrap().to_string(), text);
        for text in ["", "2026-01-26T12:00:00Z", "2026-01-26T12:00:00Z 0", "x 5"] {
            assert!(text.parse::<RateSlot>().is_err(), "{text}");
        }
    }
}
