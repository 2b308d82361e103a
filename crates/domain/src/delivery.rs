use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DeliveryStatus {
    /// No attempt has ended yet.
    Pending,
    /// The receiver has it.
    Success,
    /// An attempt failed and another is due.
    Retrying,
    /// No further attempt follows.
    Failed,
}

/// Not one of the four.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a status is one of pending, success, retrying, failed")]
pub struct UnknownStatus;

impl DeliveryStatus {
    const ALL: [Self; 4] = [Self::Pending, Self::Success, Self::Retrying, Self::Failed];

    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Retrying => "retrying",
            Self::Failed => "failed",
        }
    }

    /// Whether no automatic attempt follows.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Success | Self::Failed)
    }

    /// The number it is stored as; never reused for another meaning.
    pub const fn code(self) -> i16 {
        match self {
            Self::Pending => 0,
            Self::Success => 1,
            Self::Retrying => 2,
            Self::Failed => 3,
        }
    }

    /// Reads [`Self::code`] back.
    pub fn from_code(code: i16) -> Result<Self, UnknownStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.code() == code)
            .ok_or(UnknownStatus)
    }
}

impl FromStr for DeliveryStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(UnknownStatus)
    }
}

impl fmt::Display for DeliveryStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_read_back() {
        for status in DeliveryStatus::ALL {
            assert_eq!(status.as_str().parse::<DeliveryStatus>().unwrap(), status);
            assert_eq!(DeliveryStatus::from_code(status.code()).unwrap(), status);
        }
        assert!("done".parse::<DeliveryStatus>().is_err());
        assert!(DeliveryStatus::from_code(9).is_err());
    }
}
