use std::time::Duration;

use chrono::DateTime;

use crate::{
    clock::Timestamp,
    limits::{RETRY_AFTER_CREDIBLE_MAX, RETRY_AFTER_MAX},
};

/// What a receiver asks for by `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// To wait this long: at least a moment, at most [`RETRY_AFTER_MAX`].
    After(Duration),
    /// Nothing: it cannot be read, is negative or lies in the past.
    Nothing,
    /// So much that it cannot be meant, such as a Unix time where seconds belong. To be ignored.
    Incredible,
}

/// Reads `Retry-After` (RFC 9110, section 10.2.3): whole seconds or an HTTP date, capped at 24 hours.
pub fn retry_after(value: &str, now: Timestamp) -> RetryAfter {
    let value = value.trim();
    let asked = if value.bytes().all(|b| b.is_ascii_digit()) && !value.is_empty() {
        Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)))
    } else {
        httpdate::parse_http_date(value)
            .ok()
            .and_then(|date| (DateTime::from(date) - now).to_std().ok())
    };
    match asked {
        Some(asked) if asked > RETRY_AFTER_CREDIBLE_MAX => RetryAfter::Incredible,
        Some(asked) if !asked.is_zero() => RetryAfter::After(asked.min(RETRY_AFTER_MAX)),
        Some(_) | None => RetryAfter::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds_and_dates_and_ignores_the_rest() {
        let now = "1994-11-06T08:49:37Z".parse().unwrap();
        for (value, seconds) in [
            ("120", 120),
            (" 5 ", 5),
            ("86401", 86_400),
            ("2592000", 86_400),
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
            ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
            ("Tue, 08 Nov 1994 08:49:37 GMT", 86_400),
        ] {
            let asked = RetryAfter::After(Duration::from_secs(seconds));
            assert_eq!(retry_after(value, now), asked, "{value}");
        }
        for nothing in [
            "0",
            "-1",
            "",
            "soon",
            "1.5",
            "Sun, 06 Nov 1994 08:49:07 GMT",
            "Sun, 99 Nov 1994",
        ] {
            assert_eq!(retry_after(nothing, now), RetryAfter::Nothing, "{nothing}");
        }
    }

    /// Of a receiver that writes when it will be back, in seconds or milliseconds since 1970, a day of silence is not
    /// what it asked for.
    #[test]
    fn a_time_that_cannot_be_meant_is_told_apart() {
        let now = "2026-01-26T12:00:00Z".parse().unwrap();
        for value in [
            "1769428860",
            "1769428860000",
            "99999999999999999999999999",
            "2678401",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            assert_eq!(retry_after(value, now), RetryAfter::Incredible, "{value}");
        }
    }
}
