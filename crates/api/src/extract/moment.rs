use std::{borrow::Cow, fmt};

use chrono::{DateTime, Datelike, Utc};
use posthorn_domain::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A time in a request: RFC 3339, in a year from 0001 to 9999.
///
/// Chrono reads years beyond that too. RFC 3339 cannot print them, and PostgreSQL cannot keep the farthest of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(Timestamp);

/// `2025-01-26T12:00:00`, and `01:00` behind the sign.
const DATE_AND_TIME_CHARS: usize = 19;
const OFFSET_CHARS: usize = 5;

/// What a time has to be.
const EXPECTED: &str =
    "must be an RFC 3339 timestamp such as 2025-01-26T12:00:00Z, in a year from 0001 to 9999";

impl Moment {
    /// Reads a time. In a query a `+` that nobody encoded is a space (`12:00:00 00:00`): no other time is written like that.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plus = text.rsplit_once(' ').filter(|(time, offset)| {
            time.len() >= DATE_AND_TIME_CHARS && offset.len() == OFFSET_CHARS
        });
        let text = plus.map_or(Cow::Borrowed(text), |(time, offset)| {
            Cow::Owned(format!("{time}+{offset}"))
        });
        let text = &*text;
        let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
        // An offset can carry it out of the years that can be written.
        (1..=9_999).contains(&time.year()).then_some(Self(time))
    }
}

impl From<Moment> for DateTime<Utc> {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 timestamp")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
                Moment::parse(text).ok_or_else(|| E::custom(EXPECTED))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

/// The time in an optional member.
pub(crate) fn time(moment: Option<Moment>) -> Option<Timestamp> {
    moment.map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_years_that_can_be_written_and_kept_are_times() {
        for fine in [
            "2025-01-26T12:00:00Z",
            "2025-01-26T13:00:00.5+01:00",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999Z",
            "2026-01-26T12:00:00 00:00",
            "2026-01-26T12:00:00.5 01:00",
            "2026-01-26 12:00:00 01:00",
        ] {
            assert!(Moment::parse(fine).is_some(), "{fine}");
        }
        for far in [
            "-10000-01-01T00:00:00Z",
            "+200000-01-01T00:00:00Z",
            "0000-12-31T23:59:59Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "yesterday",
            "2026-01-26T12:00:00 ",
            "2026-01-26T12:00:00 00",
            "2026-01-26T12:00:00  00:00",
            "2026-01-26 12:00",
            "",
        ] {
            assert_eq!(Moment::parse(far), None, "{far}");
        }
    }
}
