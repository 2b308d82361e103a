//! Where a delivery that cannot go now stands in its webhook's line.

use std::time::Duration;

use tokio::time::Instant;

/// A deferral is at least this long, so that a hand-over is worth its messages; twice as long with each hop, so that
/// one that was put off often does not come back for nothing all the time.
const DEFERRAL_MIN: Duration = Duration::from_millis(50);
const MIN_DOUBLINGS_MAX: u32 = 6;
/// A delivery that is put off for the first time comes back after this at the latest, to see whether its receiver has
/// become faster: what it took so far says little about an hour from now. With each hop the line may be twice as
/// long, up to an hour, so that a backlog costs few schedules for each delivery however long it is.
const LINE_MAX: Duration = Duration::from_secs(60);
const LINE_DOUBLINGS_MAX: u32 = 6;
const LINE_MAX_EVER: Duration = Duration::from_secs(3_600);
/// Steps through `0..2^32` that are spread evenly wherever one stops: the golden ratio's share of it.
const EVEN_STEP: u32 = 2_654_435_769;

/// How long a delivery is put off at most that was put off `hop` times before, beyond what its receiver asked for.
pub(crate) fn put_off_max(hop: u32) -> Duration {
    (LINE_MAX * 2_u32.pow(hop.min(LINE_DOUBLINGS_MAX))).min(LINE_MAX_EVER)
}

/// The places of deliveries that were put off. Each is behind the one before, by what the receiver takes for one.
#[derive(Debug)]
pub(super) struct Line {
    next: Instant,
    beyond: u32,
}

impl Line {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            next: now,
            beyond: 0,
        }
    }

    /// Whether nobody can still be waiting for a place that was given.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.next <= now
    }

    /// Nobody need wait longer than until `from` any more: what comes next stands behind that. Those who have their
    /// places come back to them, among the others.
    pub(super) fn shorten(&mut self, from: Instant) {
        self.next = self.next.min(from);
    }

    /// How long a delivery waits that was put off `hop` times before: not before `from`, and `spacing` apart from
    /// others.
    pub(super) fn place(
        &mut self,
        now: Instant,
        from: Instant,
        hop: u32,
        spacing: Duration,
    ) -> Duration {
        let least = DEFERRAL_MIN * 2_u32.pow(hop.min(MIN_DOUBLINGS_MAX));
        let longest = put_off_max(hop);
        let from = from.max(now + DEFERRAL_MIN);
        let place = self.next.max(from);
        let place = if place <= from + longest {
            self.next = place + spacing;
            place
        } else {
            // Beyond the end of the line: somewhere in its second half, so that not all come at its end.
            self.beyond = self.beyond.wrapping_add(EVEN_STEP);
            from + longest - (longest / 2).mul_f64(f64::from(self.beyond) / f64::from(u32::MAX))
        };
        (place - now).max(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn each_place_is_behind_the_one_before() {
        let now = Instant::now();
        let mut line = Line::new(now);
        let places: Vec<_> = (0..5).map(|_| line.place(now, now, 0, SECOND)).collect();
        let expected: Vec<_> = (0..5).map(|n| DEFERRAL_MIN + SECOND * n).collect();
        assert_eq!(places, expected);
        let later = now + SECOND * 100;
        assert!(line.place(now, later, 0, SECOND) == SECOND * 100);
        assert!(line.is_over(later + SECOND * 2) && !line.is_over(later));
    }

    #[tokio::test(start_paused = true)]
    async fn the_line_has_an_end_that_grows_with_each_hop() {
        let now = Instant::now();
        for (hop, longest) in [(0, 60), (1, 120), (3, 480), (6, 3_600), (50, 3_600)] {
            let mut line = Line::new(now);
            let places: Vec<_> = (0..10_000)
                .map(|_| line.place(now, now, hop, SECOND))
                .collect();
            let longest = SECOND * longest + DEFERRAL_MIN;
            assert!(places.iter().all(|place| *place <= longest));
            // Those beyond it are spread: no second of its second half gets much more than another.
            let mut seconds = vec![0_u32; 3_601];
            for place in places.iter().filter(|place| **place > longest / 2) {
                seconds[usize::try_from(place.as_secs()).unwrap()] += 1;
            }
            let most = seconds.iter().max().unwrap();
            let fair = 20_000 / (longest.as_secs().max(1));
            assert!(u64::from(*most) <= fair + fair / 4 + 4, "{most} of {fair}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_behind_a_day_of_silence_begins_anew_when_the_silence_is_lifted() {
        let now = Instant::now();
        let mut line = Line::new(now);
        line.place(now, now + SECOND * 86_400, 0, SECOND);
        line.shorten(now);
        assert_eq!(line.place(now, now, 0, SECOND), DEFERRAL_MIN);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_put_off_often_waits_longer_and_keeps_nobody_else() {
        let now = Instant::now();
        let mut line = Line::new(now);
        assert_eq!(
            line.place(now, now, 5, Duration::ZERO),
            Duration::from_millis(1_600)
        );
        assert_eq!(line.place(now, now, 0, Duration::ZERO), DEFERRAL_MIN);
    }
}
