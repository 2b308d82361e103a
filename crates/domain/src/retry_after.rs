use std::time::Duration;

use chrono::DateTime;

use crate::{clock::Timestamp, limits::RETRY_AFTER_MAX};

/// Reads `Retry-After` (RFC 9110, section 10.2.3): whole seconds or an HTTP date, capped at 24 hours.
///
/// What cannot be read, is negative or lies in the past asks for nothing.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let asked = if value.bytes().all(|b| b.is_ascii_digit()) && !value.is_empty() {
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        let date = httpdate::parse_http_date(value).ok()?;
        (DateTime::from(date) - now).to_std().ok()?
    };
    (!asked.is_zero()).then(|| asked.min(RETRY_AFTER_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds_and_dates_and_ignores_the_rest() {
        let now = "1994-11-06T08:49:37Z".parse().unwrap();
        let read = |value| retry_after(value, now).map(|d| d.as_secs());
        assert_eq!(read("120"), Some(120));
        assert_eq!(read(" 5 "), Some(5));
        assert_eq!(read("99999999"), Some(86_400));
        assert_eq!(read("99999999999999999999999999"), Some(86_400));
        assert_eq!(read("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(read("Sunday, 06-Nov-94 08:50:37 GMT"), Some(60));
        assert_eq!(read("Fri, 31 Dec 1999 23:59:59 GMT"), Some(86_400));
        for nothing in [
            "0",
            "-1",
            "",
            "soon",
            "1.5",
            "Sun, 06 Nov 1994 08:49:07 GMT",
            "Sun, 99 Nov 1994",
        ] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }
}
