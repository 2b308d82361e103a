use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

use super::*;
use crate::verdict::Answer;

const SECOND: Duration = Duration::from_secs(1);
const FAILURES_MAX: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// A breaker, and the time it is.
struct Trial {
    breaker: Breaker,
    now: Instant,
    rng: StdRng,
}

#[expect(
    clippy::disallowed_methods,
    reason = "any moment will do as the first; the rest is counted from it"
)]
fn trial() -> Trial {
    Trial {
        breaker: Breaker::default(),
        now: Instant::now(),
        rng: StdRng::seed_from_u64(1),
    }
}

impl Trial {
    fn note(&mut self, sign: Sign) -> bool {
        self.note_one_that_took(Duration::ZERO, sign)
    }

    fn note_one_that_took(&mut self, time: Duration, sign: Sign) -> bool {
        let span = (self.now - time, self.now);
        self.breaker
            .note(sign, false, FAILURES_MAX, span, &mut self.rng)
    }

    fn probe(&mut self, sign: Sign) -> bool {
        assert_eq!(self.breaker.passage(self.now), Passage::Probe);
        self.breaker.begin_probe(self.now, Duration::from_secs(30));
        assert!(matches!(
            self.breaker.passage(self.now),
            Passage::Probing(_)
        ));
        let span = (self.now, self.now);
        self.breaker
            .note(sign, true, FAILURES_MAX, span, &mut self.rng)
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
    }

    /// Waits until probes may go, and says how long that was.
    fn wait_for_the_end(&mut self) -> Duration {
        let Passage::Shut(until) = self.breaker.passage(self.now) else {
            panic!("not open: {:?}", self.breaker)
        };
        let open = until - self.now;
        self.now = until;
        open
    }

    fn opened(mut self) -> Self {
        while !self.note(Sign::Down) {
            self.wait(SECOND);
        }
        self
    }
}

#[test]
fn twenty_failures_in_a_row_open_it_and_an_answer_begins_the_count_anew() {
    let mut it = trial();
    for _ in 0..19 {
        assert!(!it.note(Sign::Down));
    }
    assert!(!it.note(Sign::Alive));
    for _ in 0..19 {
        it.wait(SECOND);
        assert!(!it.note(Sign::Down));
        assert_eq!(it.breaker.passage(it.now), Passage::Free);
    }
    assert!(it.note(Sign::Down));
    let opening = it.breaker.opening().unwrap();
    assert_eq!(
        (opening.count, opening.reason),
        (1, BreakerReason::ConsecutiveFailures)
    );
    assert!(matches!(it.breaker.passage(it.now), Passage::Shut(_)));
}

#[test]
fn a_thousand_failures_in_one_moment_do_not_open_it_and_receivers_that_hang_do() {
    let mut it = trial();
    for _ in 0..1_000 {
        assert!(!it.note(Sign::Down));
    }
    it.wait(10 * SECOND);
    assert!(it.note(Sign::Down), "it has gone on for ten seconds");

    let mut it = trial();
    let opened = (0..20).any(|_| it.note_one_that_took(10 * SECOND, Sign::Down));
    assert!(opened);
}

#[test]
fn a_delivery_that_uses_up_its_retries_alone_never_opens_it() {
    let mut it = trial();
    for _ in 0..=crate::limits::RETRIES_MAX {
        it.wait(60 * SECOND);
        assert!(!it.note(Sign::Down));
    }
}

#[test]
fn a_receiver_that_hardly_ever_answers_is_down_too() {
    let mut it = trial();
    let mut attempts = 0;
    // One answer in twelve: never twenty failures in a row.
    let opened = (0..1_000).any(|n| {
        attempts += 1;
        it.wait(Duration::from_millis(500));
        it.note(if n % 12 == 0 { Sign::Alive } else { Sign::Down })
    });
    assert!(opened);
    // Of 50 a tenth had succeeded.
    assert_eq!(attempts, 51);
    assert_eq!(
        it.breaker.opening().unwrap().reason,
        BreakerReason::SuccessRate
    );
}

#[test]
fn failures_of_more_than_a_minute_ago_are_forgotten() {
    let mut it = trial();
    // Five in a minute of which none succeeds are too few to judge by, however long it goes on.
    for n in 0..500 {
        assert!(!it.note(if n % 15 == 14 {
            Sign::Alive
        } else {
            Sign::Down
        }));
        it.wait(Duration::from_secs(12));
    }
    assert!(!it.breaker.is_pristine(it.now));
    it.note(Sign::Alive);
    it.wait(Duration::from_secs(61));
    assert!(it.breaker.is_pristine(it.now));
}

#[test]
fn each_failed_probe_doubles_the_open_time_up_to_five_minutes() {
    let mut it = trial().opened();
    let mut times = Vec::new();
    for _ in 0..8 {
        times.push(it.wait_for_the_end().as_secs_f64());
        assert!(it.probe(Sign::Down));
    }
    for (time, nominal) in times
        .iter()
        .zip([10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0])
    {
        assert!((time / nominal - 1.0).abs() <= JITTER, "{times:?}");
    }
    it.wait_for_the_end();
    assert!(it.probe(Sign::Alive));
    assert_eq!(it.breaker.passage(it.now), Passage::Free);
    assert!(it.breaker.is_pristine(it.now));
    let mut again = it.opened();
    assert!(again.wait_for_the_end() <= Duration::from_secs(11));
}

#[test]
fn only_the_probe_says_anything_while_it_is_open() {
    let mut it = trial().opened();
    let opening = it.breaker.opening();
    for sign in [Sign::Alive, Sign::Down, Sign::Nothing] {
        assert!(!it.note(sign));
        assert_eq!(it.breaker.opening(), opening);
    }
    it.wait_for_the_end();
    assert!(!it.probe(Sign::Nothing));
    assert_eq!(it.breaker.passage(it.now), Passage::Probe, "the next one");
}

#[test]
fn a_probe_of_which_nothing_is_heard_is_given_up() {
    let mut it = trial().opened();
    it.wait_for_the_end();
    it.breaker.begin_probe(it.now, Duration::from_secs(30));
    it.wait(Duration::from_secs(29));
    assert!(matches!(it.breaker.passage(it.now), Passage::Probing(_)));
    it.wait(Duration::from_secs(1));
    assert_eq!(it.breaker.passage(it.now), Passage::Probe);
}

#[test]
fn what_another_process_found_out_is_taken_over() {
    let (found, mut it) = (trial().opened(), trial());
    it.note(Sign::Down);
    it.breaker.adopt(found.breaker.opening());
    assert!(matches!(it.breaker.passage(it.now), Passage::Shut(_)));
    it.breaker.adopt(None);
    assert!(it.breaker.is_pristine(it.now));
}

#[test]
fn only_what_says_that_the_receiver_is_down_counts() {
    let answered = |status| {
        Sign::of(Ok(Answer {
            status,
            retry_after: None,
        }))
    };
    for status in [200, 204, 301, 400, 401, 404, 410, 425, 429, 499] {
        assert_eq!(answered(status), Sign::Alive, "{status}");
    }
    for status in [408, 500, 501, 502, 503, 504, 599] {
        assert_eq!(answered(status), Sign::Down, "{status}");
    }
    assert_eq!(Sign::of(Err(Failure::Timeout)), Sign::Down);
    assert_eq!(Sign::of(Err(Failure::AddressNotAllowed)), Sign::Nothing);
}

proptest! {
    /// Whatever happens: it opens only after failures, never for longer than it may, and lets one probe out at a time.
    #[test]
    fn keeps_its_bounds(steps in prop::collection::vec((0_u8..5, 0_u64..30_000), 1..400)) {
        let mut it = trial();
        let mut probes = 0;
        for (act, ms) in steps {
            it.wait(Duration::from_millis(ms));
            let sign = if act % 2 == 0 { Sign::Down } else { Sign::Alive };
            match it.breaker.passage(it.now) {
                Passage::Free => { it.note(sign); }
                Passage::Probe if act < 3 => {
                    it.breaker.begin_probe(it.now, Duration::from_secs(10));
                    probes = 1;
                }
                Passage::Probing(_) if act == 4 => {
                    prop_assert_eq!(probes, 1);
                    it.breaker.note(sign, true, FAILURES_MAX, (it.now, it.now), &mut it.rng);
                    probes = 0;
                }
                _ => { it.note(sign); }
            }
            if let Passage::Shut(until) = it.breaker.passage(it.now) {
                prop_assert!(until - it.now <= BREAKER_OPEN_MAX.mul_f64(1.0 + JITTER));
            }
        }
    }
}
