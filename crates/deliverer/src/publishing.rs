//! Publishing what must be stored before a message may be acknowledged.
//!
//! While NATS is away nothing can be pulled either, so the message is held until NATS is back. NATS that is connected and
//! takes nothing (the disk or the account is full, a stream has no leader or is set up wrongly) is another matter: what
//! is held for it would fill the process, and nothing would be delivered to anybody any more. So a message is held for
//! [`HELD_FOR_MAX`], and then given back for [`GIVEN_BACK_FOR`]. When it comes again its record tells what is left to do.

use std::time::Duration;

use posthorn_bus::{PartlyStored, PublishError};
use tokio::time::Instant;

use crate::patience::Patience;

/// A message is held for so long while NATS, though connected, takes nothing.
const HELD_FOR_MAX: Duration = Duration::from_secs(60);
/// So long is a message not given out that was given back for want of room.
pub(crate) const GIVEN_BACK_FOR: Duration = Duration::from_secs(60);

/// Why something was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotStored {
    /// It never will be: it is larger than NATS takes.
    TooLarge,
    /// It was held for long enough: its message is to be given back.
    Later,
}

/// Publishes until it is stored, or says what is to be done instead. The id of what is published makes a repetition
/// harmless. `what` is named in the log, as "a dead letter".
pub(crate) async fn until_stored<T, F: Future<Output = Result<T, PublishError>>>(
    is_connected: impl Fn() -> bool,
    patience: &mut Patience<'_>,
    what: &str,
    publish: impl Fn() -> F,
) -> Result<T, NotStored> {
    let mut refused_since: Option<Instant> = None;
    loop {
        match publish().await {
            Ok(stored) => return Ok(stored),
            Err(PublishError::TooLarge) => return Err(NotStored::TooLarge),
            Err(error @ (PublishError::Unavailable(_) | PublishError::Refused(_))) => {
                if !is_connected() {
                    refused_since = None;
                } else if is_over(*refused_since.get_or_insert_with(Instant::now)) {
                    let why = format!(
                        "Gave messages back for a while, because NATS does not take {what}: {error}"
                    );
                    patience.say(&why);
                    return Err(NotStored::Later);
                }
                let why = format!("Holding messages until NATS takes {what}: {error}");
                patience.wait_out(&why).await;
            }
        }
    }
}

/// How many of `all` are stored. Some of them are progress, whatever stopped the rest: the rest is tried again.
pub(crate) fn progress(
    published: Result<(), PartlyStored>,
    all: usize,
) -> Result<usize, PublishError> {
    match published {
        Ok(()) => Ok(all),
        Err(PartlyStored { stored: 0, error }) => Err(error),
        Err(PartlyStored { stored, .. }) => Ok(stored),
    }
}

fn is_over(since: Instant) -> bool {
    since.elapsed() >= HELD_FOR_MAX
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use posthorn_service::randomness::SharedRng;

    use super::*;

    #[test]
    fn what_was_stored_before_an_error_is_not_published_again() {
        for error in [unavailable, || PublishError::TooLarge] {
            let partly = |stored| {
                let error = error();
                progress(Err(PartlyStored { stored, error }), 10)
            };
            assert_eq!(partly(4).unwrap(), 4);
            // It is about the first of those that are left.
            assert_eq!(partly(0).unwrap_err().to_string(), error().to_string());
        }
        assert_eq!(progress(Ok(()), 10).unwrap(), 10);
    }

    fn unavailable() -> PublishError {
        PublishError::Unavailable("resource limits exceeded for account".to_owned())
    }

    async fn stored(
        is_connected: impl Fn() -> bool,
        publish: impl Fn() -> Result<(), PublishError>,
    ) -> (Result<(), NotStored>, Duration) {
        let rng = SharedRng::from_system();
        let begun = Instant::now();
        let publish = || std::future::ready(publish());
        let result = until_stored(is_connected, &mut Patience::new(&rng), "this", publish).await;
        (result, begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_connected_server_does_not_take_is_given_back_after_a_minute() {
        for refuse in [unavailable, || PublishError::Refused("sealed".to_owned())] {
            let (result, took) = stored(|| true, || Err(refuse())).await;
            assert_eq!(result, Err(NotStored::Later));
            assert!(took >= HELD_FOR_MAX && took < HELD_FOR_MAX * 2, "{took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_taken_within_the_minute_is_stored() {
        let tries = Cell::new(0);
        let (result, _) = stored(
            || true,
            || {
                tries.set(tries.get() + 1);
                if tries.get() < 20 {
                    Err(unavailable())
                } else {
                    Ok(())
                }
            },
        )
        .await;
        assert_eq!(result, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_given_back_while_there_is_no_server() {
        let begun = Instant::now();
        let away = Duration::from_secs(3_600);
        let connected = || begun.elapsed() >= away;
        let (result, took) = stored(connected, || Err(unavailable())).await;
        assert_eq!(result, Err(NotStored::Later));
        assert!(took >= away + HELD_FOR_MAX, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_too_large_is_known_at_once() {
        let (result, took) = stored(|| true, || Err(PublishError::TooLarge)).await;
        assert_eq!((result, took), (Err(NotStored::TooLarge), Duration::ZERO));
    }
}
