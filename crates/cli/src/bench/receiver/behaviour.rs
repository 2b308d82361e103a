//! How a route treats its requests.

use std::time::Duration;

use super::body::BadBody;
use crate::bench::payload::Stamp;

/// What a route does with each request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::bench) enum Behaviour {
    /// 200 at once.
    Accept,
    /// This status, after this wait.
    Answer(u16, Duration),
    /// Never an answer.
    Hang,
    /// 200, and a body that no sender should read to its end.
    Body(BadBody),
    /// 500 for every event whose number this divides, each time that it comes; 200 for the others.
    RefuseEvery(u64),
    /// As the weather is: nearly always 200, sometimes one of the others.
    Weather,
}

/// What is done with one request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reply {
    Status(u16, Duration),
    Hang,
    Close,
    Body(BadBody),
}

impl Reply {
    /// Whether the sender may take the event for delivered.
    pub(super) fn is_acceptance(self) -> bool {
        matches!(self, Self::Status(200..=299, _) | Self::Body(_))
    }
}

/// Of this many requests, so many fare badly in bad weather.
const WEATHER_PARTS: u64 = 100_000;
const ERRORS: u64 = 1_000;
const CLOSED: u64 = 500;
const SLOW: u64 = 500;
const SLOW_BY: Duration = Duration::from_millis(100);
const HANGING: u64 = 20;
/// Makes the sender silent for a while, so it is the rarest.
const OVERLOADED: u64 = 1;

impl Behaviour {
    /// The reply to a route's request number `n` (from 1), which brought this event.
    pub(super) fn reply(self, n: u64, stamp: Option<Stamp>) -> Reply {
        match self {
            Self::Accept => Reply::Status(200, Duration::ZERO),
            Self::Answer(status, wait) => Reply::Status(status, wait),
            Self::Hang => Reply::Hang,
            Self::Body(body) => Reply::Body(body),
            Self::RefuseEvery(every) => match stamp {
                Some(stamp) if stamp.n.is_multiple_of(every) => Reply::Status(500, Duration::ZERO),
                _ => Reply::Status(200, Duration::ZERO),
            },
            Self::Weather => weather(scattered(n) % WEATHER_PARTS),
        }
    }
}

fn weather(part: u64) -> Reply {
    const CLOSED_END: u64 = ERRORS + CLOSED;
    const SLOW_END: u64 = CLOSED_END + SLOW;
    const HANGING_END: u64 = SLOW_END + HANGING;
    const OVERLOADED_END: u64 = HANGING_END + OVERLOADED;
    match part {
        ..ERRORS => Reply::Status(500, Duration::ZERO),
        ERRORS..CLOSED_END => Reply::Close,
        CLOSED_END..SLOW_END => Reply::Status(200, SLOW_BY),
        SLOW_END..HANGING_END => Reply::Hang,
        HANGING_END..OVERLOADED_END => Reply::Status(503, Duration::ZERO),
        _ => Reply::Status(200, Duration::ZERO),
    }
}

/// The finalizer of SplitMix64: numbers in a row become as good as random, and the same each time.
fn scattered(n: u64) -> u64 {
    let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_weather_is_as_bad_as_it_says() {
        let replies: Vec<_> = (1..=1_000_000)
            .map(|n| Behaviour::Weather.reply(n, None))
            .collect();
        let share = |wanted: fn(&Reply) -> bool| replies.iter().filter(|r| wanted(r)).count();
        let errors = share(|reply| *reply == Reply::Status(500, Duration::ZERO));
        assert!((9_500..=10_500).contains(&errors), "{errors}");
        let closed = share(|reply| *reply == Reply::Close);
        assert!((4_600..=5_400).contains(&closed), "{closed}");
        let accepted = share(|reply| reply.is_acceptance());
        assert!((983_000..=986_500).contains(&accepted), "{accepted}");
    }
}
