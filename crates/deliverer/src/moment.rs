//! Waiting in memory for the exact moment of an attempt.
//!
//! nats-server fires schedules that lie close together in steps of 250 ms: a dozen at once for a limit of 50 a second,
//! and a retry up to 250 ms late. So what is to be on time is scheduled [`SCHEDULED_EARLIER`] than it is due, and waits
//! here for the rest. It waits before its record is looked up: meanwhile it may have been retried by hand, or have
//! become a dead letter with its webhook, and whoever did that could not take back a schedule that had fired.
//!
//! What waits is put together by moment, whichever chunk of messages it came in: one look at the database for all of
//! the same 10 ms. When the database is slow, the next look is for all whose moments have come meanwhile, and the
//! recorder keeps its connections ([`LOOKS_AT_ONCE_MAX`]).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use futures::future::BoxFuture;
use posthorn_bus::{Cause, DueDelivery, HandOver};
use posthorn_domain::Timestamp;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, sleep_until},
};
use tracing::warn;

use crate::{
    claim::Share,
    intake::{Intake, Taken},
    spans,
};

/// So much earlier the schedule of what is to be on time fires.
pub(crate) const SCHEDULED_EARLIER: TimeDelta = TimeDelta::milliseconds(300);
/// A moment that is further away is not waited for in memory.
pub(crate) const HELD_MAX: Duration = Duration::from_millis(500);
/// What comes so much before its moment was fired by a clock that is ahead of the database's, or that one was set back.
const FAR_TOO_EARLY: TimeDelta = TimeDelta::seconds(2);
/// It is scheduled again after this, so that a clock which cannot be relied on is asked once a second at most.
const SCHEDULED_ANEW_AFTER: Duration = Duration::from_secs(1);
/// Whose moments lie so close together are taken on together.
const TOGETHER_MS: u64 = 10;
/// Groups of one stage that are taken on at the same time.
const LOOKS_AT_ONCE_MAX: usize = 2;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The moment of the attempt.
    Attempt,
    /// The moment that was reserved under the webhook's rate limit.
    RateSlot,
}

/// Deliveries that wait for their moments, of all chunks.
#[derive(Clone)]
pub(crate) struct Moments {
    attempt: Arc<Waiting>,
    rate_slot: Arc<Waiting>,
}

struct Waiting {
    wheel: Mutex<Wheel<Taken<DueDelivery>>>,
    looks: Semaphore,
}

impl Default for Moments {
    fn default() -> Self {
        let waiting = || {
            Arc::new(Waiting {
                wheel: Mutex::new(Wheel::new(Instant::now())),
                looks: Semaphore::new(LOOKS_AT_ONCE_MAX),
            })
        };
        Self {
            attempt: waiting(),
            rate_slot: waiting(),
        }
    }
}

impl Moments {
    fn of(&self, stage: Stage) -> &Arc<Waiting> {
        match stage {
            Stage::Attempt => &self.attempt,
            Stage::RateSlot => &self.rate_slot,
        }
    }
}

impl Waiting {
    fn wheel(&self) -> MutexGuard<'_, Wheel<Taken<DueDelivery>>> {
        self.wheel.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// From `now` to the moment of an attempt. No longer than its schedule is early: clocks of replicas may differ.
pub(crate) fn time_to(moment: Option<Timestamp>, now: Timestamp) -> Duration {
    moment
        .map(|moment| (moment - now).min(SCHEDULED_EARLIER))
        .and_then(|wait| wait.to_std().ok())
        .unwrap_or_default()
}

/// Whether a message comes long before the moment of its attempt.
fn is_far_too_early(moment: Option<Timestamp>, now: Timestamp) -> bool {
    moment.is_some_and(|moment| moment - now > FAR_TOO_EARLY)
}

impl Intake {
    /// Takes out what comes long before its moment, and schedules it again. To make the attempts now would use up a retry
    /// policy of hours within seconds.
    pub(crate) fn put_back_early(
        &self,
        chunk: Vec<Taken<DueDelivery>>,
        now: Timestamp,
    ) -> Vec<Taken<DueDelivery>> {
        let (early, rest): (Vec<_>, Vec<_>) = chunk
            .into_iter()
            .partition(|due| is_far_too_early(due.message.not_before, now));
        if let Some(first) = early.first() {
            let by = first.message.not_before.unwrap_or(now) - now;
            warn!(
                "{} retries came up to {} s before their time: NATS's clock is ahead of PostgreSQL's, or was set; they are scheduled again",
                early.len(),
                by.num_seconds()
            );
            let intake = self.clone();
            self.dispatcher.requests.spawn(async move {
                sleep(SCHEDULED_ANEW_AFTER).await;
                let now = intake.dispatcher.clock.now();
                let waiting = early.into_iter().map(|due| anew(due, now)).collect();
                intake.settler.settle_waiting(waiting);
            });
        }
        rest
    }

    /// Returns those that need not wait; the others go on when their moments have come.
    pub(crate) fn hold_until(
        &self,
        stage: Stage,
        chunk: Vec<Taken<DueDelivery>>,
        wait: impl Fn(&DueDelivery) -> Duration,
    ) -> Vec<Taken<DueDelivery>> {
        let now = Instant::now();
        let mut on_time = Vec::with_capacity(chunk.len());
        for due in chunk {
            let wait = wait(&due.message);
            if wait.is_zero() {
                on_time.push(due);
                continue;
            }
            let moment = self.moments.of(stage).wheel().add(now + wait, due);
            if let Some(moment) = moment {
                let intake = self.clone();
                let later: BoxFuture<'static, ()> =
                    Box::pin(async move { intake.go_on_at(stage, moment).await });
                self.dispatcher.requests.spawn(later);
            }
        }
        on_time
    }

    async fn go_on_at(&self, stage: Stage, moment: Instant) {
        sleep_until(moment).await;
        let waiting = self.moments.of(stage).clone();
        // Never closed.
        let _look = waiting.looks.acquire().await;
        let come = waiting.wheel().take_until(Instant::now());
        if come.is_empty() {
            return;
        }
        match stage {
            Stage::Attempt => self.reserve_moments(come).await,
            Stage::RateSlot => self.bring_all_forward(come).await,
        }
    }
}

/// The same delivery, scheduled for the same moment once more.
fn anew(due: Taken<DueDelivery>, now: Timestamp) -> (Share, HandOver) {
    let Taken { message, share, .. } = due;
    let moment = message.not_before.unwrap_or(now);
    let hand_over = HandOver {
        webhook: message.webhook,
        attempt: message.attempt,
        hop: message.hop.saturating_add(1),
        run_start: message.run_start,
        rate_slot: message.rate_slot,
        due: Some((moment - SCHEDULED_EARLIER).max(now)),
        not_before: message.not_before,
        cause: if message.undecided {
            Cause::Undecided(share.stream_sequence())
        } else {
            Cause::Claim(share.stream_sequence())
        },
        trace: spans::to_hand_over(&share, message.attempt_before.as_ref()),
        event: Arc::new(message.event),
    };
    (share, hand_over)
}

/// What waits, by moments of [`TOGETHER_MS`]: none goes on before its own, or long after it.
#[derive(Debug)]
struct Wheel<T> {
    origin: Instant,
    by_moment: BTreeMap<u64, Vec<T>>,
}

impl<T> Wheel<T> {
    fn new(origin: Instant) -> Self {
        Self {
            origin,
            by_moment: BTreeMap::new(),
        }
    }

    /// Adds what waits until `at`; the moment at which it goes on, if somebody has to come for it then.
    fn add(&mut self, at: Instant, one: T) -> Option<Instant> {
        let micros = u64::try_from((at - self.origin).as_micros()).unwrap_or(u64::MAX);
        // The next whole moment, even for one that is not a whole number of microseconds away.
        let number = micros / (TOGETHER_MS * 1_000) + 1;
        let together = self.by_moment.entry(number).or_default();
        together.push(one);
        (together.len() == 1).then(|| self.origin + Duration::from_millis(TOGETHER_MS * number))
    }

    /// All whose moments have come.
    fn take_until(&mut self, now: Instant) -> Vec<T> {
        let millis = u64::try_from((now - self.origin).as_millis()).unwrap_or(u64::MAX);
        let still_waiting = self.by_moment.split_off(&(millis / TOGETHER_MS + 1));
        let come = std::mem::replace(&mut self.by_moment, still_waiting);
        come.into_values().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_before_its_moment_or_long_after_it_and_what_is_close_goes_together() {
        let ms = Duration::from_millis;
        let origin = Instant::now();
        let mut wheel = Wheel::new(origin);
        let mut come_for = Vec::new();
        for (at, one) in [(1, 'a'), (9, 'b'), (10, 'c'), (299, 'd'), (5, 'e')] {
            come_for.extend(wheel.add(origin + ms(at), one));
        }
        assert_eq!(
            come_for,
            [origin + ms(10), origin + ms(20), origin + ms(300)],
            "once for each moment"
        );
        assert!(wheel.take_until(origin + ms(9)).is_empty());
        assert_eq!(wheel.take_until(origin + ms(10)), ['a', 'b', 'e']);
        assert!(wheel.take_until(origin + ms(19)).is_empty());
        // Who comes late takes on all that have waited long enough.
        assert_eq!(wheel.take_until(origin + ms(300)), ['c', 'd']);
        assert!(wheel.by_moment.is_empty());
    }

    #[test]
    fn what_comes_long_before_its_moment_is_not_attempted_then() {
        let now = Timestamp::UNIX_EPOCH;
        let at = |ms: i64| Some(now + TimeDelta::milliseconds(ms));
        for (moment, early) in [
            (None, false),
            (at(-60_000), false),
            (at(300), false),
            (at(2_000), false),
            (at(2_001), true),
            (at(60_000), true),
        ] {
            assert_eq!(is_far_too_early(moment, now), early, "{moment:?}");
        }
    }

    #[test]
    fn a_clock_that_is_ahead_does_not_hold_up_for_longer_than_the_schedule_is_early() {
        let now = Timestamp::UNIX_EPOCH;
        let second = TimeDelta::seconds(1);
        assert_eq!(time_to(Some(now + second), now), Duration::from_millis(300));
        assert_eq!(time_to(Some(now - second), now), Duration::ZERO);
        assert_eq!(time_to(None, now), Duration::ZERO);
    }
}
