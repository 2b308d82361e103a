//! What came of an attempt.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, header::RETRY_AFTER};
use posthorn_domain::{
    Answer, AttemptOutcome, Failure, Integration, Phases, PlainFormat, RenderFailed, RetryAfter,
    Timestamp, retry_after,
};

use super::headers::recorded;
use crate::{
    exchange::{BodyEnd, Exchange},
    pool::SentAgain,
    readable::readable,
};

/// What one attempt brought, ready to be judged and recorded.
#[derive(Debug)]
pub struct Attempted {
    /// When it began; what was signed says the same.
    pub started_at: Timestamp,
    /// From the request to the end of its answer.
    pub elapsed: Duration,
    /// What the time of the request went to; of the last one, where an access token took two.
    pub phases: Phases,
    /// How often the request went once more within this attempt, because the receiver had not processed it.
    pub sent_again: SentAgain,
    /// The answer, or why there is none.
    pub outcome: AttemptOutcome,
    /// Plain words for an operator, when it failed or its body did not end as it should.
    pub error_message: Option<String>,
    /// The headers that were sent, as `name: value` lines without credentials.
    pub request_headers: Bytes,
    /// The body that was sent, kept only where it cannot be made again from the event: its first
    /// [`REQUEST_BODY_KEPT_BYTES_MAX`](posthorn_domain::limits::REQUEST_BODY_KEPT_BYTES_MAX) bytes. Where that is not
    /// all of it, the headers tell its length.
    pub request_body: Option<Bytes>,
    /// The shape of the body, from which it can be made again, where it is not kept. `None` as well where nothing was made.
    pub request_format: Option<PlainFormat>,
    /// The answer's headers, as `name: value` lines without credentials.
    pub response_headers: Bytes,
    /// The first bytes of the answer's body, as text in UTF-8 where they are text.
    pub response_body: Bytes,
}

impl Attempted {
    /// What an exchange brought that began at `started_at` and ended at `now`. The request's parts are empty.
    pub(super) fn of_exchange(
        exchange: Exchange,
        integration: &Integration,
        started_at: Timestamp,
        now: Timestamp,
    ) -> Self {
        let blank = Self {
            elapsed: exchange.elapsed,
            phases: exchange.phases,
            sent_again: exchange.sent_again,
            ..Self::failed(started_at, Failure::ConnectionReset, String::new())
        };
        match exchange.outcome {
            Ok(response) => {
                let body = readable(&response.headers, response.body);
                let asked = asked_delay(&response.headers, now);
                let asked_by_header = match asked {
                    RetryAfter::After(delay) => Some(delay),
                    RetryAfter::Nothing | RetryAfter::Incredible => None,
                };
                Self {
                    outcome: Ok(Answer {
                        status: response.status,
                        retry_after: integration
                            .asked_delay(response.status, &body)
                            .or(asked_by_header),
                    }),
                    error_message: words(response.status, response.body_end, asked),
                    response_headers: recorded(&response.headers),
                    response_body: body,
                    ..blank
                }
            }
            Err(failed) => Self {
                outcome: Err(failed.failure),
                error_message: Some(failed.message),
                ..blank
            },
        }
    }

    /// An attempt of which nothing was sent, because the webhook's own settings make no body of the event.
    pub(super) fn unrenderable(started_at: Timestamp, error: &RenderFailed) -> Self {
        Self::failed(started_at, Failure::TemplateFailed, error.to_string())
    }

    fn failed(started_at: Timestamp, failure: Failure, message: String) -> Self {
        Self {
            started_at,
            elapsed: Duration::ZERO,
            phases: Phases::default(),
            sent_again: SentAgain::default(),
            outcome: Err(failure),
            error_message: Some(message),
            request_headers: Bytes::new(),
            request_body: None,
            request_format: None,
            response_headers: Bytes::new(),
            response_body: Bytes::new(),
        }
    }
}

fn asked_delay(headers: &HeaderMap, now: Timestamp) -> RetryAfter {
    headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .map_or(RetryAfter::Nothing, |value| retry_after(value, now))
}

/// What an operator should know of an answer: that it is no success, and that its body kept the request waiting, which
/// changes nothing of what the status decided. A body that is merely long is nobody's concern.
fn words(status: u16, body_end: BodyEnd, asked: RetryAfter) -> Option<String> {
    let body = match body_end {
        BodyEnd::Complete | BodyEnd::TooLarge | BodyEnd::Unframed => None,
        BodyEnd::TimedOut => Some("its body had not ended by the timeout"),
        BodyEnd::Broken => Some("its body broke off"),
    };
    let success = (200..300).contains(&status);
    if success && body.is_none() {
        return None;
    }
    let mut words = format!("the endpoint answered {status}");
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|code| code.canonical_reason());
    if let Some(reason) = reason {
        words.push(' ');
        words.push_str(reason);
    }
    if let Some(body) = body {
        words.push_str(", but ");
        words.push_str(body);
    }
    if !success && asked == RetryAfter::Incredible {
        words.push_str("; its Retry-After is no time to wait for, and was ignored");
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_an_operator_should_know() {
        for (status, body_end, expected) in [
            (200, BodyEnd::Complete, None),
            (200, BodyEnd::TooLarge, None),
            (202, BodyEnd::Unframed, None),
            (
                200,
                BodyEnd::TimedOut,
                Some("the endpoint answered 200 OK, but its body had not ended by the timeout"),
            ),
            (
                503,
                BodyEnd::TooLarge,
                Some("the endpoint answered 503 Service Unavailable"),
            ),
            (
                599,
                BodyEnd::Broken,
                Some("the endpoint answered 599, but its body broke off"),
            ),
        ] {
            let said = words(status, body_end, RetryAfter::Nothing);
            assert_eq!(said.as_deref(), expected);
        }
        let busy = "the endpoint answered 503 Service Unavailable";
        let said = words(
            503,
            BodyEnd::Complete,
            RetryAfter::After(Duration::from_secs(1)),
        );
        assert_eq!(said.as_deref(), Some(busy));
        let said = words(503, BodyEnd::Complete, RetryAfter::Incredible).unwrap();
        assert!(
            said.starts_with(busy) && said.contains("was ignored"),
            "{said}"
        );
        assert_eq!(words(200, BodyEnd::Complete, RetryAfter::Incredible), None);
    }
}
