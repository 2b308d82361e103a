//! When a receiver is left alone because it is down.
//!
//! A breaker is *closed* while its receiver answers. It *opens* when so many attempts in a row failed that the next
//! one would, or when hardly any of the last minute's succeeded. Either must have gone on for a while: however many
//! requests fail in one moment, it may have been a bad moment, and their retries are there for that. While it is open
//! nothing is sent until a moment that lies further away each time. From that moment it is *half open*: one attempt, the probe, finds out how the receiver is.
//! An answer closes the breaker, another failure opens it again.
//!
//! Only what says "it is down" counts ([`Sign::of`]). A receiver that refuses what it is sent is alive.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use rand::{Rng, RngExt};

use crate::{
    failure::{Failure, FailureKind},
    limits::{
        BREAKER_ATTEMPTS_MIN, BREAKER_FAILING_MIN, BREAKER_OPEN_FIRST, BREAKER_OPEN_MAX,
        BREAKER_SUCCESS_PERCENT_MIN,
    },
    verdict::AttemptOutcome,
};

/// The window over which successes are counted: so many buckets of this length.
const BUCKETS: usize = 6;
const BUCKET: Duration = BREAKER_FAILING_MIN;
/// Each opening is longer or shorter by up to this share, so that breakers that opened together do not probe together.
const JITTER: f64 = 0.1;

/// What an attempt says about whether its receiver is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It answers, whatever it says.
    Alive,
    /// It does not, or says that it cannot.
    Down,
    /// The receiver had no part in it.
    Nothing,
}

impl Sign {
    /// Reads an outcome. 5xx and 408 are the words of a server that cannot; every other answer is one.
    pub fn of(outcome: AttemptOutcome) -> Self {
        match outcome.map_err(Failure::kind) {
            Ok(answer) if answer.status == 408 || answer.status >= 500 => Self::Down,
            Ok(_) => Self::Alive,
            Err(
                FailureKind::Dns
                | FailureKind::Connect
                | FailureKind::Tls
                | FailureKind::Timeout
                | FailureKind::Protocol,
            ) => Self::Down,
            // Refused by the guard, not to be rendered, no token from somebody else's server, nothing left to send with.
            Err(
                FailureKind::AddressNotAllowed
                | FailureKind::Unrenderable
                | FailureKind::Token
                | FailureKind::Local,
            ) => Self::Nothing,
        }
    }
}

/// Why a breaker opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerReason {
    /// Too many attempts in a row failed.
    ConsecutiveFailures,
    /// Hardly any attempt of the last minute succeeded.
    SuccessRate,
}

impl BreakerReason {
    /// The name in the API and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsecutiveFailures => "consecutive_failures",
            Self::SuccessRate => "success_rate",
        }
    }

    /// The reason of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::ConsecutiveFailures, Self::SuccessRate]
            .into_iter()
            .find(|reason| reason.as_str() == name)
    }
}

/// An open breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Nothing is sent before this moment; from then on, probes.
    pub until: Instant,
    /// How often it has opened since the receiver answered last, from 1.
    pub count: u32,
    /// Why it opened first.
    pub reason: BreakerReason,
    /// A probe is under way and given up at this moment.
    pub probe_until: Option<Instant>,
}

/// What a breaker lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// Everything.
    Free,
    /// Nothing before this moment.
    Shut(Instant),
    /// One attempt, to see how the receiver is; see [`Breaker::begin_probe`].
    Probe,
    /// Nothing while that attempt is under way. It is given up at this moment.
    Probing(Instant),
}

/// Whether attempts at one receiver are worth making. Time is a parameter; moments never run backwards.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    opening: Option<Opening>,
    consecutive_failures: u32,
    /// When the first of them was sent.
    failing_since: Option<Instant>,
    window: Option<Window>,
}

impl Breaker {
    /// What goes at this moment.
    pub fn passage(&self, now: Instant) -> Passage {
        match self.opening {
            None => Passage::Free,
            Some(opening) if now < opening.until => Passage::Shut(opening.until),
            Some(opening) => match opening.probe_until {
                Some(until) if now < until => Passage::Probing(until),
                _ => Passage::Probe,
            },
        }
    }

    /// The present opening, if the breaker is not closed.
    pub fn opening(&self) -> Option<Opening> {
        self.opening
    }

    /// Whether a new breaker would do as well, apart from successes that this one has seen.
    pub fn is_pristine(&self, now: Instant) -> bool {
        self.opening.is_none()
            && self.consecutive_failures == 0
            && self
                .window
                .as_ref()
                .is_none_or(|window| !window.has_failures(now))
    }

    /// A probe goes out, and is given up `at_most` after `now`.
    pub fn begin_probe(&mut self, now: Instant, at_most: Duration) {
        if let Some(opening) = &mut self.opening {
            opening.probe_until = Some(now + at_most);
        }
    }

    /// The probe did not go out, or found nothing out.
    pub fn end_probe(&mut self) {
        if let Some(opening) = &mut self.opening {
            opening.probe_until = None;
        }
    }

    /// Takes notice of an attempt that was sent at `sent` and ended `now`; whether it opened or closed the breaker.
    ///
    /// `failures_max` in a row open it. While it is open only the probe says anything new: other attempts that end
    /// now were sent before.
    pub fn note(
        &mut self,
        sign: Sign,
        probe: bool,
        failures_max: NonZeroU32,
        (sent, now): (Instant, Instant),
        rng: &mut impl Rng,
    ) -> bool {
        match (self.opening, sign) {
            (Some(_), Sign::Nothing) if probe => {
                self.end_probe();
                false
            }
            (Some(_), Sign::Alive) if probe => {
                *self = Self::default();
                true
            }
            (Some(opening), Sign::Down) if probe => {
                self.open(opening.count.saturating_add(1), opening.reason, now, rng);
                true
            }
            (Some(_), _) | (None, Sign::Nothing) => false,
            (None, Sign::Alive) => {
                self.consecutive_failures = 0;
                self.failing_since = None;
                self.window(now).count(true);
                false
            }
            (None, Sign::Down) => {
                self.consecutive_failures = self.consecutive_failures.saturating_add(1);
                let since = *self.failing_since.get_or_insert(sent);
                let window = self.window(now);
                window.count(false);
                let reason = if window.is_hopeless() {
                    BreakerReason::SuccessRate
                } else if self.consecutive_failures >= failures_max.get()
                    && now.duration_since(since) >= BREAKER_FAILING_MIN
                {
                    BreakerReason::ConsecutiveFailures
                } else {
                    return false;
                };
                self.open(1, reason, now, rng);
                true
            }
        }
    }

    /// Takes over what another process found out; `None` closes the breaker.
    pub fn adopt(&mut self, opening: Option<Opening>) {
        match (self.opening, opening) {
            (None, None) => {}
            (_, None) => *self = Self::default(),
            (_, Some(opening)) => self.opening = Some(opening),
        }
    }

    fn open(&mut self, count: u32, reason: BreakerReason, now: Instant, rng: &mut impl Rng) {
        let jitter = rng.random_range(1.0 - JITTER..=1.0 + JITTER);
        *self = Self {
            opening: Some(Opening {
                until: now + open_time(count).mul_f64(jitter),
                count,
                reason,
                probe_until: None,
            }),
            ..Self::default()
        };
    }

    fn window(&mut self, now: Instant) -> &mut Window {
        let window = self.window.get_or_insert_with(|| Window::new(now));
        window.advance(now);
        window
    }
}

/// How long the opening of this number lasts, before jitter.
fn open_time(count: u32) -> Duration {
    let doublings = count.saturating_sub(1).min(16);
    (BREAKER_OPEN_FIRST * 2_u32.pow(doublings)).min(BREAKER_OPEN_MAX)
}

#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    attempts: u32,
    alive: u32,
}

/// The attempts of the last minute; the newest bucket is the first.
#[derive(Debug, Clone)]
struct Window {
    buckets: [Bucket; BUCKETS],
    newest_since: Instant,
}

impl Window {
    fn new(now: Instant) -> Self {
        Self {
            buckets: [Bucket::default(); BUCKETS],
            newest_since: now,
        }
    }

    fn advance(&mut self, now: Instant) {
        let mut passed = 0;
        while now.duration_since(self.newest_since) >= BUCKET {
            if passed == BUCKETS {
                *self = Self::new(now);
                return;
            }
            passed += 1;
            self.newest_since += BUCKET;
            self.buckets.rotate_right(1);
            self.buckets[0] = Bucket::default();
        }
    }

    fn count(&mut self, alive: bool) {
        let newest = &mut self.buckets[0];
        newest.attempts = newest.attempts.saturating_add(1);
        newest.alive = newest.alive.saturating_add(u32::from(alive));
    }

    fn sum(&self) -> (u64, u64) {
        self.buckets.iter().fold((0, 0), |(attempts, alive), b| {
            (attempts + u64::from(b.attempts), alive + u64::from(b.alive))
        })
    }

    fn is_hopeless(&self) -> bool {
        let (attempts, alive) = self.sum();
        // Failures that are two buckets apart are a bucket's length apart at least.
        let goes_on = self.buckets[2..].iter().any(|b| b.attempts > b.alive);
        goes_on
            && attempts >= BREAKER_ATTEMPTS_MIN
            && alive * 100 < attempts * BREAKER_SUCCESS_PERCENT_MIN
    }

    fn has_failures(&self, now: Instant) -> bool {
        let (attempts, alive) = self.sum();
        attempts > alive && now.duration_since(self.newest_since) < BUCKET * 6
    }
}

#[cfg(test)]
mod tests;
