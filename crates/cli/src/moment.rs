//! Moments as people type them: RFC 3339, or how long ago.

use chrono::TimeDelta;
use posthorn_domain::{Clock, SystemClock, Timestamp};

const WRONG: &str = "write it like 2026-01-26T12:00:00Z, or how long ago: 90s, 15m, 2h, 3d or now";

/// Reads a moment, for a parser of command lines.
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    before(text, SystemClock.now())
}

fn before(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    if text == "now" {
        return Ok(now);
    }
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let seconds_per_unit = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        _ => return Err(WRONG.to_owned()),
    };
    let number = text
        .get(..text.len() - 1)
        .and_then(|n| n.parse::<u32>().ok());
    number
        .and_then(|number| TimeDelta::try_seconds(i64::from(number) * seconds_per_unit))
        .and_then(|ago| now.checked_sub_signed(ago))
        .ok_or_else(|| WRONG.to_owned())
}

/// As the API reads it.
pub(crate) fn rfc3339(moment: &Timestamp) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_moment_or_how_long_ago() {
        let now: Timestamp = "2026-01-26T12:00:00Z".parse().unwrap();
        for (text, moment) in [
            ("now", "2026-01-26T12:00:00Z"),
            ("90s", "2026-01-26T11:58:30Z"),
            ("15m", "2026-01-26T11:45:00Z"),
            ("2h", "2026-01-26T10:00:00Z"),
            ("3d", "2026-01-23T12:00:00Z"),
            ("2025-01-26T13:00:00+01:00", "2025-01-26T12:00:00Z"),
        ] {
            assert_eq!(
                before(text, now).map(|m| rfc3339(&m)),
                Ok(moment.to_owned())
            );
        }
        for text in [
            "",
            "h",
            "-1h",
            "1w",
            "yesterday",
            "1.5h",
            "9999999999d",
            "€",
        ] {
            assert!(before(text, now).is_err(), "{text}");
        }
    }
}
